using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>The engine of one process: what its activations, references and calls share.</summary>
internal sealed partial class Silo : IDisposable
{
    private readonly ILogger _logger;
    private readonly GrainCollectionOptions _collection;
    private readonly OutstandingCalls _outstanding;
    private readonly Lazy<IReadOnlyList<IIncomingGrainCallFilter>> _filters;
    private readonly Lazy<ITransport> _transport;
    private ITimer? _collector;
    private volatile bool _stopped;

    public Silo(
        IServiceProvider services,
        TimeProvider time,
        IActivationDirectory directory,
        ITurnScheduler turnScheduler,
        IOptions<SiloMessagingOptions> messaging,
        IOptions<GrainCollectionOptions> collection,
        IOptions<GrainTypeOptions> types,
        ILogger<Silo> logger)
    {
        Services = services;
        Time = time;
        TurnScheduler = turnScheduler;
        _collection = collection.Value;
        _logger = logger;
        _outstanding = new OutstandingCalls(time, messaging.Value.ResponseTimeout);
        _filters = new(() => [.. services.GetServices<IIncomingGrainCallFilter>()]);
        if (_collection.CollectionAge != Timeout.InfiniteTimeSpan && _collection.CollectionAge <= _collection.CollectionQuantum)
            throw new OrleansConfigurationException($"GrainCollectionOptions: CollectionAge ({_collection.CollectionAge}) must be longer than CollectionQuantum ({_collection.CollectionQuantum}).");
        Classes = new GrainClassMap(types.Value.Classes);
        References = new ReferenceFactory(this);
        GrainFactory = new GrainFactory(this);
        Catalog = new Catalog(this, directory);
        _transport = new(() => services.GetService<ITransport>() ?? new LocalTransport(Catalog));
    }

    public IServiceProvider Services { get; }

    public TimeProvider Time { get; }

    public ITurnScheduler TurnScheduler { get; }

    public GrainClassMap Classes { get; }

    public ReferenceFactory References { get; }

    public GrainFactory GrainFactory { get; }

    public Catalog Catalog { get; }

    /// <summary>Who carries calls. Looked up at the first call, since a transport may itself need what it delivers to.</summary>
    public ITransport Transport => _transport.Value;

    /// <summary>What runs around every incoming call. Looked up at the first call, since filters may themselves need the grain factory.</summary>
    public IReadOnlyList<IIncomingGrainCallFilter> Filters => _filters.Value;

    public TimeSpan CollectionAge => _collection.CollectionAge;

    public TimeSpan ActivationTimeout => _collection.ActivationTimeout;

    public TimeSpan DeactivationTimeout => _collection.DeactivationTimeout;

    /// <summary>Begins to look after idle activations.</summary>
    public void Start() =>
        _collector = Time.CreateTimer(static silo => ((Silo)silo!).Collect(null), this, _collection.CollectionQuantum, _collection.CollectionQuantum);

    /// <summary>Sends a call and notes that its caller waits.</summary>
    public void Send(Call call)
    {
        if (_stopped)
        {
            call.Fail(new SiloUnavailableException($"The silo has stopped and does not take the call {call}."));
            return;
        }

        if (!call.IsOneWay)
        {
            _outstanding.Add(call);
            call.SubscribeToCancellation();
            if (call.IsAnswered)
                return;
        }

        Transport.Send(call);
    }

    /// <summary>Ends activations that are idle.</summary>
    /// <param name="age">For how long they must have been idle; null for their own limits.</param>
    public void Collect(TimeSpan? age)
    {
        foreach (var activation in Catalog.Activations)
            activation.Collect(age);
    }

    /// <summary>Ends all activations, then fails the calls that still have no answer.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _collector?.Dispose();
        try
        {
            await Catalog.StopAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            LogStopTooLong();
        }
        finally
        {
            _stopped = true;
            _outstanding.FailAll(call => new SiloUnavailableException($"The silo stopped before it answered the call {call}."));
            _outstanding.Dispose();
        }
    }

    public void Dispose()
    {
        _collector?.Dispose();
        _outstanding.Dispose();
    }

    [LoggerMessage(1, LogLevel.Error, "Grain {Grain} could not be activated.")]
    private partial void LogActivationFailure(Exception error, GrainId grain);

    [LoggerMessage(2, LogLevel.Warning, "Grain {Grain} failed while its activation ended.")]
    private partial void LogDeactivationFailure(Exception error, GrainId grain);

    [LoggerMessage(3, LogLevel.Warning, "A timer of grain {Grain} failed; it goes on.")]
    private partial void LogTimerFailure(Exception error, GrainId grain);

    [LoggerMessage(4, LogLevel.Warning, "The one-way call {Call} failed.")]
    private partial void LogOneWayFailure(Exception error, Call call);

    [LoggerMessage(5, LogLevel.Warning, "Not all activations ended in the time the host gave them.")]
    private partial void LogStopTooLong();

    public void LogActivationFailure(Activation activation, Exception error) => LogActivationFailure(error, activation.GrainId);

    public void LogDeactivationFailure(Activation activation, Exception error) => LogDeactivationFailure(error, activation.GrainId);

    public void LogTimerFailure(Activation activation, Exception error) => LogTimerFailure(error, activation.GrainId);

    public void LogOneWayFailure(Call call, Exception error) => LogOneWayFailure(error, call);
}
