using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansCluster.Families;
using OrleansCluster.Monitoring;
using OrleansCluster.Serving;
using OrleansCluster.Silo.Clustering;
using OrleansCluster.Silo.Joining;
using OrleansCluster.Silo.Storage;
using OrleansCluster.Training;

namespace OrleansCluster.Silo;

/// <summary>
/// A cluster of one silo in this process, on a home folder that it owns. Other processes of the same user can join it (<see cref="ClusterHome"/>).
/// </summary>
public sealed class ClusterHost : IAsyncDisposable
{
    private readonly RunningServices _running;
    private readonly HomeGateway _gateway;
    private readonly HomeLock _lock;

    private ClusterHost(RunningServices running, HomeGateway gateway, HomeLock homeLock) => (_running, _gateway, _lock) = (running, gateway, homeLock);

    /// <summary>Where grains are reached: make a client of it.</summary>
    public IGrainFactory Grains => Services.GetRequiredService<IGrainFactory>();

    public IServiceProvider Services => _running.Provider;

    /// <summary>How many processes have joined and are still connected.</summary>
    public int Guests => _gateway.Guests;

    /// <summary>Takes the home and starts.</summary>
    /// <exception cref="ClusteringException">The home cannot be used, or another process owns it.</exception>
    public static async Task<ClusterHost> StartAsync(ClusterHostOptions options, CancellationToken cancellation = default) =>
        await TryStartAsync(options, cancellation).ConfigureAwait(false)
            ?? throw ClusterHome.InUse(new HomeLayout(options.Home), ": wait until it ends, or use another home");

    /// <summary>Takes the home and starts; null when another process owns it.</summary>
    /// <exception cref="ClusteringException">The home cannot be used.</exception>
    internal static async Task<ClusterHost?> TryStartAsync(ClusterHostOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        var home = new HomeLayout(options.Home);
        home.Create();
        var note = OwnerNote.Mine(options.Stays);
        if (HomeLock.TryTake(home, note) is not { } homeLock)
            return null;
        try
        {
            GatewaySocket.Remove(home, homeLock.Before?.Gateway ?? "");
            home.RemoveLeftovers();
            var gateway = new HomeGateway(home, path => homeLock.Write(note with { Gateway = path }));
            return new ClusterHost(await RunningServices.StartAsync(CreateServices(options, home, note.Cluster, gateway), cancellation).ConfigureAwait(false),
                gateway, homeLock);
        }
        catch
        {
            homeLock.Dispose();
            throw;
        }
    }

    /// <summary>Compiles in the background what a training will need, while it is prepared.</summary>
    /// <param name="options">Of the training.</param>
    public void Rehearse(ITrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        RehearsalService.Begin(Services.GetRequiredService<FamilyRegistry>(), options);
    }

    /// <summary>Ends when no other process is connected any more; from then on none is let in.</summary>
    public Task WaitForGuestsAsync(CancellationToken cancellation = default) => _gateway.WaitForGuestsAsync(cancellation);

    /// <summary>
    /// Ends with the process, which must end next: what has to be written is, and the operating system does the rest. Nobody may have joined
    /// (<see cref="WaitForGuestsAsync"/>), and nothing may be asked any more.
    /// </summary>
    public async ValueTask LeaveAsync()
    {
        if (Services.GetRequiredService<TrainingServices>().HasDriven)
        {
            // A job that has told its end still has to put its things away.
            await DisposeAsync().ConfigureAwait(false);
            return;
        }

        // All but Orleans itself, which was added first: they may have something to tell.
        await _running.StopAsync(CancellationToken.None, keep: 1).ConfigureAwait(false);
        await _gateway.EndAsync().ConfigureAwait(false);
        _lock.Forget();
    }

    /// <summary>Stops: what is running ends, and running jobs can be resumed later.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _running.StopAsync(CancellationToken.None).ConfigureAwait(false);
            await _running.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            await _gateway.EndAsync().ConfigureAwait(false);
            _lock.Dispose();
        }
    }

    /// <summary>Ends like a killed process, as far as that can be done inside one: nobody is waited for.</summary>
    internal async Task KillAsync()
    {
        await _running.StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        await _running.DisposeAsync().ConfigureAwait(false);
        await _gateway.EndAsync().ConfigureAwait(false);
        _lock.Dispose();
    }

    private static ServiceCollection CreateServices(ClusterHostOptions options, HomeLayout home, string cluster, HomeGateway gateway)
    {
        var services = new ServiceCollection();
        services.AddOrleans(silo => silo.UseHome(home, cluster, gateway, reminds: options.AutoResume));
        if (TelemetryNames.AreTracesWanted)
            services.AddOrleans(silo => silo.AddActivityPropagation());
        services.AddSingleton(options.Families);
        if (options.Verbose)
            services.AddLogging(logging => logging.AddSiloLog([], onError: true));
        services.AddCluster(home, options.Threads, givesWay: options.AutoResume);
        services.Configure<TrainingOptions>(training => training.AutoResume = options.AutoResume);
        if (options.AutoResume)
            services.AddHostedService<ResumeService>();
        if (options.ModelBytes is { } most)
            services.Configure<ServingOptions>(serving => serving.ModelBytes = most);
        if (options.Observes is { } window)
            ObservingService.Add(services, window);
        options.Alerts?.AddTo(services);
        if (options.Training is not null)
            services.Configure(options.Training);
        options.Services?.Invoke(services);
        return services;
    }
}
