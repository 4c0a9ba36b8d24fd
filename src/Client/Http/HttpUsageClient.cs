using OrleansCluster.Tenancy;

namespace OrleansCluster.Client.Http;

/// <summary>What the tenant used, over HTTP.</summary>
internal sealed class HttpUsageClient(ServiceConnection service) : IUsageClient
{
    public Task<UsageReport> ReadAsync(DateOnly since, DateOnly until, CancellationToken cancellation = default) => service.AskAsync<UsageReport>(
        HttpMethod.Get, "tenants/_/usage" + Requests.Query(("since", UsageDays.Write(since)), ("until", UsageDays.Write(until))), cancellation);
}
