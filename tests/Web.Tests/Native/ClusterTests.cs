using System.Text.Json;
using OrleansCluster.Client;
using OrleansCluster.Tenancy;
using OrleansCluster.Web.Tests.Access;

namespace OrleansCluster.Web.Tests.Native;

/// <summary>The silos over HTTP, and who may see them.</summary>
[Collection(nameof(GuardedService))]
public sealed class ClusterTests(GuardedService guarded, Service service)
{
    [Fact]
    public async Task Silos_say_how_they_are()
    {
        await service.SharedAsync();
        JsonElement silo = (await service.SendAsync(HttpMethod.Get, "/api/v1/cluster")).Succeeded().GetProperty("silos").EnumerateArray()
            .ShouldHaveSingleItem();
        silo.GetProperty("status").GetString().ShouldBe("active");
        silo.GetProperty("trouble").ValueKind.ShouldBe(JsonValueKind.Null);
        silo.GetProperty("version").GetString().ShouldNotBeNullOrEmpty();
        silo.GetProperty("threads").GetInt32().ShouldBe(1);
        silo.GetProperty("memory_bytes").GetInt64().ShouldBeInRange(1 << 20, silo.GetProperty("memory_limit_bytes").GetInt64());
        silo.GetProperty("started").GetDateTimeOffset().ShouldBeInRange(DateTimeOffset.UtcNow.AddHours(-2), DateTimeOffset.UtcNow);
        silo.GetProperty("grains").EnumerateArray().ShouldContain(kind => kind.GetProperty("kind").GetString() == "model");
        using var over = new ClusteringClient(service.Address);
        (await over.Silos.LookAsync(TestContext.Current.CancellationToken)).Silos.Single().Address.ShouldBe(silo.GetProperty("address").GetString());
    }

    [Fact]
    public async Task Only_operators_of_the_default_tenant_see_them_and_their_page()
    {
        string ours = (await guarded.KeyAsync(GrainKeys.DefaultTenant, Roles.Operator)).Text, others = (await guarded.KeyAsync(
            await guarded.TenantAsync(), Roles.Admin)).Text, reader = (await guarded.KeyAsync(GrainKeys.DefaultTenant, Roles.Reader)).Text;
        (await guarded.SendAsync(HttpMethod.Get, "/api/v1/cluster", ours)).Succeeded();
        (await guarded.SendAsync(HttpMethod.Get, "/api/v1/cluster", reader)).Refused(403, "forbidden").ShouldContain("operator");
        (await guarded.SendAsync(HttpMethod.Get, "/api/v1/cluster", others)).Refused(403, "forbidden").ShouldContain("tell of all tenants");
        string page = await PageAsync("/cluster", ours);
        page.ShouldContain("all silos well");
        page.ShouldContain("href=\"/cluster\"");
        (await PageAsync("/", others)).ShouldNotContain("href=\"/cluster\"");
    }

    /// <summary>A page as a browser that has signed in sees it.</summary>
    private async Task<string> PageAsync(string path, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Cookie", "oc_key=" + key);
        return (await GuardedService.AnswerAsync(guarded.Http, request)).Text;
    }
}
