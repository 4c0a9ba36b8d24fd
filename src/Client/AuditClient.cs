using OrleansCluster.Tenancy;

namespace OrleansCluster.Client;

/// <inheritdoc/>
internal sealed class AuditClient(IGrainFactory grains, string tenant) : IAuditClient
{
    public Task<AuditPage> PageAsync(long page = -1, CancellationToken cancellation = default) =>
        Calls.Ask(() => grains.GetGrain<IAuditGrain>(GrainKeys.For(tenant, IAuditGrain.Name)).Read(page, cancellation), cancellation);
}
