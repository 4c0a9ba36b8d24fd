using OrleansCluster.Silos;

namespace OrleansCluster.Client;

/// <inheritdoc/>
internal sealed class SiloClient(IGrainFactory grains) : ISiloClient
{
    public Task<ClusterReport> LookAsync(CancellationToken cancellation = default) =>
        Calls.Ask(() => grains.GetGrain<ISilosGrain>(ISilosGrain.Key).Look(cancellation), cancellation);
}
