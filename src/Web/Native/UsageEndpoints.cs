using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansCluster.Contracts.Api;
using OrleansCluster.Json;
using OrleansCluster.Tenancy;
using OrleansCluster.Web.Access;
using OrleansCluster.Web.Exchange;
using OrleansCluster.Web.Hosting;
using OrleansCluster.Web.Problems;

namespace OrleansCluster.Web.Native;

/// <summary>What the tenant of who asks used, and what that costs.</summary>
internal sealed class UsageEndpoints(NativeApi api)
{
    private const string Since = "since", Until = "until", Own = "_";

    public void Map(IEndpointRouteBuilder routes) => routes.Map(
        "GET", NativeApi.Root + "/tenants/{tenant}/usage", "readUsage",
        "What a tenant used, by model and day, and what it costs; the tenant is that of who asks, and may be written as _", ReadAsync)
        .Under("access").Knows(Since, "The first day (UTC), as 2026-11-29 [default: the first of this month]")
        .Knows(Until, "The last day [default: today]").Gives<UsageDocument>().Wired(AskAsync);

    private async Task<UsageReport> AskAsync(HttpContext http)
    {
        Queries.Check(http.Request, Since, Until);
        string tenant = Queries.Path(http, "tenant");
        if (tenant != Own && tenant != Caller.Current.Tenant)
            throw ProblemException.Missing($"There is no tenant '{tenant}', or it is another than the key's: write _ for the key's own.");
        DateOnly until = Day(http.Request, Until) ?? UsageDays.Of(DateTimeOffset.UtcNow);
        DateOnly since = Day(http.Request, Since) ?? new DateOnly(until.Year, until.Month, 1);
        return await api.Client.Usage.ReadAsync(since, until, http.RequestAborted).ConfigureAwait(false);
    }

    private async Task ReadAsync(HttpContext http)
    {
        UsageReport usage = await AskAsync(http).ConfigureAwait(false);
        await Answers.WriteAsync(http, UsageDocuments.Of(usage, WebOptions.Of(http).Prices), ApiJson.Default.UsageDocument).ConfigureAwait(false);
    }

    private static DateOnly? Day(HttpRequest request, string name) => Queries.Text(request, name) is not { } text ? null
        : UsageDays.TryRead(text, out DateOnly day) ? day
        : throw ProblemException.Bad($"The parameter {name} is '{text}', and must be a day, as 2026-11-29.");
}
