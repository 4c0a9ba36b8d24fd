using System.Net;
using System.Text.Json;
using OrleansCluster.Client;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Web.Tests.Access;

/// <summary>Keys that are given and taken over HTTP.</summary>
[Collection(nameof(GuardedService))]
public sealed class KeyEndpointTests(GuardedService service)
{
    private const string Keys = "/api/v1/keys", Models = "/api/v1/models";

    [Fact]
    public async Task An_admin_makes_lists_rotates_and_revokes_keys_of_its_tenant()
    {
        string tenant = await service.TenantWithModelAsync();
        string admin = (await service.KeyAsync(tenant, Roles.Admin)).Text;
        JsonElement made = (await service.SendAsync(HttpMethod.Post, Keys, admin, """{"role": "scorer", "models": ["m"], "label": "shop"}"""))
            .Succeeded(HttpStatusCode.Created);
        string key = made.GetProperty("key").GetString()!, id = made.GetProperty("id").GetString()!;
        (made.GetProperty("tenant").GetString(), made.GetProperty("label").GetString()).ShouldBe((tenant, "shop"));
        made.GetProperty("by").GetString().ShouldStartWith("key ");
        (await service.SendAsync(HttpMethod.Post, $"{Models}/m/assign", key, """{"rows": [[0, 0]]}""")).Succeeded();

        JsonElement rotated = (await service.SendAsync(HttpMethod.Post, $"{Keys}/{id}/rotate?grace_seconds=0", admin)).Succeeded(HttpStatusCode.Created);
        rotated.GetProperty("replaces").GetString().ShouldBe(id);
        string next = rotated.GetProperty("key").GetString()!;
        (await service.SendAsync(HttpMethod.Get, $"{Models}/m", key)).Refused(401);
        (await service.SendAsync(HttpMethod.Get, $"{Models}/m", next)).Succeeded();

        Answer list = await service.SendAsync(HttpMethod.Get, Keys, admin);
        list.Succeeded().GetProperty("items").EnumerateArray().Select(one => one.GetProperty("id").GetString()).Take(2)
            .ShouldBe([rotated.GetProperty("id").GetString(), id]);
        foreach (string secret in (string[])[key, next, admin])
            list.Text.ShouldNotContain(secret);

        (await service.SendAsync(HttpMethod.Delete, $"{Keys}/{rotated.GetProperty("id").GetString()}", admin)).Succeeded()
            .GetProperty("revoked").ValueKind.ShouldBe(JsonValueKind.String);
        (await service.SendAsync(HttpMethod.Get, $"{Models}/m", next)).Refused(401);
    }

    [Fact]
    public async Task What_cannot_be_is_refused_and_others_keys_are_not_there()
    {
        string tenant = await service.TenantAsync(), other = await service.TenantAsync();
        string admin = (await service.KeyAsync(tenant, Roles.Admin)).Text;
        ApiKey theirs = await service.KeyAsync(other, Roles.Reader);
        (await service.SendAsync(HttpMethod.Post, Keys, admin, """{"role": "king"}""")).Refused(400).ShouldContain("'king' is no role");
        (await service.SendAsync(HttpMethod.Post, Keys, admin, """{"role": "reader", "models": ["a/b"]}""")).Refused(400).ShouldContain("contains '/'");
        (await service.SendAsync(HttpMethod.Post, Keys, admin, """{"role": "reader", "tenant": "x"}""")).Refused(400).ShouldContain("tenant");
        (await service.SendAsync(HttpMethod.Post, Keys, admin, $$"""{"role": "reader", "label": "{{new string('x', 300)}}"}""")).Refused(400)
            .ShouldContain("300");
        (await service.SendAsync(HttpMethod.Post, $"{Keys}/{theirs.Id}/rotate", admin)).Refused(404);
        (await service.SendAsync(HttpMethod.Delete, $"{Keys}/{theirs.Id}", admin)).Refused(404);
        (await service.SendAsync(HttpMethod.Get, Models, theirs.Text)).Succeeded();
    }
}
