using OrleansCluster.Tenancy;

namespace OrleansCluster.Client.Http;

/// <summary>The audit log, over HTTP.</summary>
internal sealed class HttpAuditClient(ServiceConnection service) : IAuditClient
{
    public Task<AuditPage> PageAsync(long page = -1, CancellationToken cancellation = default) =>
        service.AskAsync<AuditPage>(HttpMethod.Get, "audit" + Requests.Query(("page", page < 0 ? null : page)), cancellation);
}
