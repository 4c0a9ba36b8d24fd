using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>How an activation begins and ends: its object, services, records and timers.</summary>
internal sealed class ActivationLifecycle(Activation activation)
{
    private AsyncServiceScope? _scope;
    private List<IPersistentRecord>? _records;
    private List<IGrainTimer>? _timers;

    public object? Instance { get; private set; }

    /// <summary>The context of the call for which the grain is activated.</summary>
    public ImmutableDictionary<string, object>? FirstContext { get; set; }

    /// <summary>Why it ends.</summary>
    public DeactivationReason Reason { get; set; }

    /// <summary>Whether it was ready for calls when its end was asked for; only then does the grain hear of it.</summary>
    public bool WasValid { get; set; }

    /// <summary>Bounds the end from outside.</summary>
    public CancellationToken StopToken { get; set; }

    public IServiceProvider Services => (_scope ??= activation.Silo.Services.CreateAsyncScope()).ServiceProvider;

    public void Add(IPersistentRecord record) => (_records ??= []).Add(record);

    public void Add(IGrainTimer timer) => (_timers ??= []).Add(timer);

    public void Remove(IGrainTimer timer) => _timers?.Remove(timer);

    public async Task ActivateAsync()
    {
        RequestContext.Values = FirstContext;
        FirstContext = null;
        try
        {
            using var limit = new CancellationTokenSource(activation.Silo.ActivationTimeout, activation.Silo.Time);
            Instance = activation.Class.Activator.Create(activation);
            foreach (var record in _records ?? [])
                await Bound(record.ReadStateAsync(), limit.Token);
            if (Instance is IGrainBase grain)
                await Bound(grain.OnActivateAsync(limit.Token), limit.Token);
        }
        catch (Exception error)
        {
            activation.Silo.LogActivationFailure(activation, error);
            Reason = new DeactivationReason(DeactivationReasonCode.ActivationFailed, error, "The grain could not be activated.");
            await EndAsync(error);
            return;
        }

        if (!activation.TryOpen())
            await EndAsync(null);
    }

    public async Task DeactivateAsync()
    {
        if (WasValid && Instance is IGrainBase grain)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(StopToken);
            using var timeout = new CancellationTokenSource(activation.Silo.DeactivationTimeout, activation.Silo.Time);
            using var link = timeout.Token.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), limit);
            StopTimers();
            try
            {
                await Bound(grain.OnDeactivateAsync(Reason, limit.Token), limit.Token);
            }
            catch (Exception error)
            {
                activation.Silo.LogDeactivationFailure(activation, error);
            }
        }

        await EndAsync(null);
    }

    private async Task EndAsync(Exception? failure)
    {
        StopTimers();
        try
        {
            if (Instance is IAsyncDisposable asyncDisposable)
                await asyncDisposable.DisposeAsync();
            else
                (Instance as IDisposable)?.Dispose();
            if (_scope is { } scope)
                await scope.DisposeAsync();
        }
        catch (Exception error)
        {
            activation.Silo.LogDeactivationFailure(activation, error);
        }

        var left = activation.Close();
        if (failure is null)
        {
            activation.Silo.Catalog.Forward(left);
            return;
        }

        foreach (var call in left)
            activation.Silo.Catalog.Refuse(call, failure);
    }

    private void StopTimers()
    {
        foreach (var timer in _timers?.ToArray() ?? [])
            timer.Dispose();
    }

    /// <summary>Waits for what the grain does, no longer than the token allows. Most grains have nothing to do here.</summary>
    private static Task Bound(Task work, CancellationToken token) => work.IsCompletedSuccessfully ? work : work.WaitAsync(token);
}
