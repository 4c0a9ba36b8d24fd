using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OrleansCluster.Client;
using OrleansCluster.Contracts.Api;
using OrleansCluster.Tenancy;
using OrleansCluster.Web.Hosting;

namespace OrleansCluster.Web.Tests.Access;

/// <summary>What a tenant used, over HTTP.</summary>
[Collection(nameof(GuardedService))]
public sealed class UsageEndpointTests(GuardedService service)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_admin_reads_what_its_tenant_used_with_what_it_costs()
    {
        string tenant = await service.TenantWithModelAsync();
        string admin = (await service.KeyAsync(tenant, Roles.Admin)).Text;
        (await service.SendAsync(HttpMethod.Post, "/api/v1/models/m/assign", admin, """{"rows": [[0, 0], [1, 1]]}""")).Succeeded();
        (await service.Services.GetRequiredService<UsageMeter>().FlushAsync(Stop)).ShouldBeNull();
        JsonElement usage = (await service.SendAsync(HttpMethod.Get, $"/api/v1/tenants/{tenant}/usage", admin)).Succeeded();
        JsonElement model = usage.GetProperty("models").EnumerateArray().Single(one => one.GetProperty("model").GetString() == "m");
        (model.GetProperty("requests").GetInt64(), model.GetProperty("rows").GetInt64()).ShouldBe((1, 2));
        model.GetProperty("training_seconds").GetDecimal().ShouldBeGreaterThan(0);
        (usage.GetProperty("currency").ValueKind, model.GetProperty("cost").ValueKind).ShouldBe((JsonValueKind.Null, JsonValueKind.Null));
        usage.GetProperty("days").EnumerateArray().Last().GetProperty("stored_bytes").GetInt64().ShouldBeGreaterThan(0);

        // The .NET client has the same, as the tenant of its key.
        using var client = new ClusteringClient(service.Address, admin);
        DateOnly today = UsageDays.Of(DateTimeOffset.UtcNow);
        UsageReport told = await client.Usage.ReadAsync(today, today, Stop);
        (told.Tenant, told.Days.Single().Models.Single(one => one.Model == "m").Rows).ShouldBe((tenant, 2));

        await using WebServer priced = await service.OpenAsync(options: new WebOptions
        {
            Port = 0,
            Prices = new PriceListDocument { Currency = "EUR", MillionRequests = 1_000_000 },
        });
        using var http = new HttpClient { BaseAddress = priced.Address };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/tenants/_/usage");
        request.Headers.Add("X-API-Key", admin);
        JsonElement cost = (await GuardedService.AnswerAsync(http, request)).Succeeded();
        (cost.GetProperty("currency").GetString(), cost.GetProperty("cost").GetDecimal()).ShouldBe(("EUR", 1));
    }

    [Fact]
    public async Task Others_usage_is_not_there_and_days_that_are_none_are_refused()
    {
        string tenant = await service.TenantAsync(), other = await service.TenantAsync();
        string admin = (await service.KeyAsync(tenant, Roles.Admin)).Text;
        (await service.SendAsync(HttpMethod.Get, $"/api/v1/tenants/{other}/usage", admin)).Refused(404);
        (await service.SendAsync(HttpMethod.Get, "/api/v1/tenants/_/usage?since=yesterday", admin)).Refused(400).ShouldContain("'yesterday'");
        (await service.SendAsync(HttpMethod.Get, "/api/v1/tenants/_/usage?since=2020-01-01", admin)).Refused(400).ShouldContain("366");
        (await service.SendAsync(HttpMethod.Get, "/api/v1/tenants/_/usage?until=2020-01-01&since=2020-01-02", admin)).Refused(400).ShouldContain("before");
        (await service.SendAsync(HttpMethod.Get, "/api/v1/tenants/_/usage?from=2020-01-01", admin)).Refused(400).ShouldContain("'from'");
    }
}
