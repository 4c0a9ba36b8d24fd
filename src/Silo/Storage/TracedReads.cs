using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using OrleansCluster.Monitoring;

namespace OrleansCluster.Silo.Storage;

/// <summary>A storage of grain state whose reads are spans, <c>state.read</c>, as writes are.</summary>
/// <param name="storage">The storage; what it needs of the silo's life it gets.</param>
internal sealed class TracedReads(IGrainStorage storage) : IGrainStorage, ILifecycleParticipant<ISiloLifecycle>
{
    /// <summary>Puts it before the storage of grain state that is registered.</summary>
    public static void AddTo(IServiceCollection services)
    {
        ServiceDescriptor inner = services.Single(service => service.ServiceType == typeof(IGrainStorage) && Equals(service.ServiceKey, StorageNames.Grains));
        services.Remove(inner);
        services.AddKeyedSingleton<IGrainStorage>(
            StorageNames.Grains, (provider, key) => new TracedReads((IGrainStorage)inner.KeyedImplementationFactory!(provider, key)));
    }

    public void Participate(ISiloLifecycle observer) => (storage as ILifecycleParticipant<ISiloLifecycle>)?.Participate(observer);

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        ClusterTelemetry.Activities.HasListeners() ? Traced(stateName, grainId, grainState) : storage.ReadStateAsync(stateName, grainId, grainState);

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => storage.WriteStateAsync(stateName, grainId, grainState);

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => storage.ClearStateAsync(stateName, grainId, grainState);

    private async Task Traced<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        using Activity? activity = ClusterTelemetry.Activities.StartActivity("state.read")?.SetTag("state", typeof(T).Name);
        try
        {
            // Back on the scheduler of the grain, which a storage may be called on.
            await storage.ReadStateAsync(stateName, grainId, grainState).ConfigureAwait(true);
            activity?.SetTag("found", grainState.RecordExists);
        }
        catch (Exception e)
        {
            activity?.SetStatus(ActivityStatusCode.Error, e.GetType().Name);
            throw;
        }
    }
}
