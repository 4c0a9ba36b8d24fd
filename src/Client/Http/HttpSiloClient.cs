using OrleansCluster.Silos;

namespace OrleansCluster.Client.Http;

/// <summary>The silos of the cluster, over HTTP.</summary>
internal sealed class HttpSiloClient(ServiceConnection service) : ISiloClient
{
    public Task<ClusterReport> LookAsync(CancellationToken cancellation = default) => service.AskAsync<ClusterReport>(HttpMethod.Get, "cluster", cancellation);
}
