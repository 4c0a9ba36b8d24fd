using System.Text.Json;
using OrleansCluster.Client;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Web.Tests.Access;

/// <summary>The audit log at the door.</summary>
[Collection(nameof(GuardedService))]
public sealed class AuditTests(GuardedService service)
{
    [Fact]
    public async Task The_log_tells_which_key_did_what_and_nothing_secret()
    {
        string tenant = await service.TenantWithModelAsync();
        ApiKey admin = await service.KeyAsync(tenant, Roles.Admin), scorer = await service.KeyAsync(tenant, Roles.Scorer);
        (await service.SendAsync(HttpMethod.Put, "/api/v1/models/m/aliases/live", admin.Text, """{"version": 1}""")).Succeeded();
        (await service.SendAsync(HttpMethod.Get, "/api/v1/audit", scorer.Text)).Refused(403, "forbidden");
        Answer answer = await service.SendAsync(HttpMethod.Get, "/api/v1/audit", admin.Text);
        JsonElement log = answer.Succeeded();
        JsonElement alias = log.GetProperty("items").EnumerateArray().Single(entry => entry.GetProperty("what").GetString() == "model.set-alias");
        (alias.GetProperty("who").GetString(), alias.GetProperty("which").GetString(), alias.GetProperty("outcome").GetString())
            .ShouldBe(($"key {admin.Id}", "m", "done"));
        log.GetProperty("items").EnumerateArray().Count(entry => entry.GetProperty("what").GetString() == "key.add").ShouldBe(3);
        foreach (string secret in (string[])[admin.Text, admin.Hash, scorer.Text, scorer.Hash])
            answer.Text.ShouldNotContain(secret);
        log.GetProperty("entries").GetInt64().ShouldBe(log.GetProperty("items").GetArrayLength());
        (await service.SendAsync(HttpMethod.Get, "/api/v1/audit?page=3", admin.Text)).Refused(404).ShouldContain("There is no page 3");
        (await service.SendAsync(HttpMethod.Get, "/api/v1/audit?page=x", admin.Text)).Refused(400);

        using var client = new ClusteringClient(service.Address, admin.Text);
        (await client.Audit.VerifyAsync(cancellation: TestContext.Current.CancellationToken)).Broken.ShouldBe(0);
    }
}
