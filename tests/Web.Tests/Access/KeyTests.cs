using System.Net;
using Grpc.Core;
using Grpc.Net.Client;
using OrleansCluster.Client;
using OrleansCluster.Models;
using OrleansCluster.Tenancy;
using OrleansCluster.Web.Inference.Grpc.Wire;

namespace OrleansCluster.Web.Tests.Access;

/// <summary>Keys: what they open, for how long, and how much.</summary>
[Collection(nameof(GuardedService))]
public sealed class KeyTests(GuardedService service)
{
    private const string Models = "/api/v1/models";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_client_shows_its_key_and_has_what_its_tenant_has()
    {
        string tenant = await service.TenantWithModelAsync(), other = await service.TenantAsync();
        using var owner = new ClusteringClient(service.Address, (await service.KeyAsync(tenant, Roles.Operator)).Text);
        ModelInfo now = (await owner.Models.FindAsync("m", Stop))!.Info;
        await owner.Models.SetAliasAsync("m", owner.Models.Change(now, by: "somebody else"), "champion", 1, Stop);
        // Who shows a key is who it says.
        (await owner.Models.EventsAsync("m", Stop).FirstAsync(Stop)).By.ShouldStartWith("key ");
        using var stranger = new ClusteringClient(service.Address, (await service.KeyAsync(other, Roles.Admin)).Text);
        (await stranger.Models.FindAsync("m", Stop)).ShouldBeNull();
        (await stranger.Models.ListAsync(Stop)).ShouldBeEmpty();
        using var reader = new ClusteringClient(service.Address, (await service.KeyAsync(tenant, Roles.Reader)).Text);
        (await Should.ThrowAsync<ClusteringException>(() => reader.Jobs.CancelAsync("j", Stop))).Message
            .ShouldBe("This needs the role trainer; whoever shows this has the role reader.");
        using var unknown = new ClusteringClient(service.Address, ApiKey.Make().Text);
        (await Should.ThrowAsync<ClusteringException>(() => unknown.Models.ListAsync(Stop))).Message.ShouldStartWith("The key opens nothing");
        using var nobody = new ClusteringClient(service.Address);
        (await Should.ThrowAsync<ClusteringException>(() => nobody.Models.ListAsync(Stop))).Message.ShouldStartWith("Say who you are");
    }

    [Fact]
    public async Task A_key_opens_until_it_is_revoked_and_in_either_header()
    {
        string tenant = await service.TenantAsync();
        ApiKey key = await service.KeyAsync(tenant, Roles.Reader);
        (await service.SendAsync(HttpMethod.Get, Models, key.Text)).Succeeded();
        using (var request = new HttpRequestMessage(HttpMethod.Get, Models) { Headers = { { "X-API-Key", key.Text } } })
            (await GuardedService.AnswerAsync(service.Http, request)).Succeeded();
        await service.Administration.RevokeKeyAsync(tenant, key.Id, Stop);
        string said = (await service.SendAsync(HttpMethod.Get, Models, key.Text)).Refused(401, "unauthenticated");
        said.ShouldNotContain(key.Text);
        // The same words whatever is wrong: nobody learns which keys there were.
        (await service.SendAsync(HttpMethod.Get, Models, ApiKey.Make().Text)).Refused(401).ShouldBe(said);
        (await service.SendAsync(HttpMethod.Get, Models, key.Text[..^1] + (key.Text[^1] == 'A' ? 'Q' : 'A'))).Refused(401).ShouldBe(said);
        (await service.SendAsync(HttpMethod.Get, Models, "no key at all")).Refused(401).ShouldBe(said);
    }

    [Fact]
    public async Task A_key_that_has_expired_and_one_of_a_suspended_tenant_open_nothing()
    {
        string tenant = await service.TenantAsync();
        (ApiKey expired, _) = await service.Administration.MakeKeyAsync(
            new KeyInfo { Id = "", Tenant = tenant, Role = Roles.Admin, Expires = DateTimeOffset.UtcNow.AddSeconds(-1) }, Stop);
        (await service.SendAsync(HttpMethod.Get, Models, expired.Text)).Refused(401);
        ApiKey key = await service.KeyAsync(tenant, Roles.Reader);
        await service.Administration.SuspendAsync(tenant, cancellation: Stop);
        (await service.SendAsync(HttpMethod.Get, Models, key.Text)).Refused(401);
        await service.Administration.SuspendAsync(tenant, suspended: false, Stop);
        (await service.SendAsync(HttpMethod.Get, Models, key.Text)).Succeeded();
    }

    [Fact]
    public async Task A_rotated_key_opens_as_long_as_it_was_given_and_the_new_one_opens_the_same()
    {
        string tenant = await service.TenantAsync();
        ApiKey before = await service.KeyAsync(tenant, Roles.Scorer, "only");
        (ApiKey after, KeyInfo info) = await service.Administration.RotateKeyAsync(tenant, before.Id, TimeSpan.FromHours(1), "me", Stop);
        (info.Role, info.Models.Single(), info.Replaces).ShouldBe((Roles.Scorer, "only", before.Id));
        foreach (ApiKey key in (ApiKey[])[before, after])
            (await service.SendAsync(HttpMethod.Get, $"{Models}/only", key.Text)).Refused(404);
        (ApiKey last, _) = await service.Administration.RotateKeyAsync(tenant, after.Id, TimeSpan.Zero, "me", Stop);
        (await service.SendAsync(HttpMethod.Get, $"{Models}/only", after.Text)).Refused(401);
        (await service.SendAsync(HttpMethod.Get, $"{Models}/only", last.Text)).Refused(404);
    }

    [Fact]
    public async Task A_key_of_some_models_opens_those_only()
    {
        string tenant = await service.TenantWithModelAsync();
        ApiKey wrong = await service.KeyAsync(tenant, Roles.Operator, "other"), right = await service.KeyAsync(tenant, Roles.Scorer, "m");
        const string rows = """{"rows": [[0, 0]]}""";
        (await service.SendAsync(HttpMethod.Post, $"{Models}/m/assign", wrong.Text, rows)).Refused(403).ShouldContain("other");
        (await service.SendAsync(HttpMethod.Get, "/api/v1/datasets", wrong.Text)).Refused(403);
        (await service.SendAsync(HttpMethod.Get, Models, wrong.Text)).Refused(403);
        (await service.SendAsync(HttpMethod.Post, $"{Models}/m/assign", right.Text, rows)).Succeeded();
    }

    [Fact]
    public async Task Over_gRPC_a_key_is_shown_as_well()
    {
        string tenant = await service.TenantWithModelAsync();
        using var channel = GrpcChannel.ForAddress(service.GrpcAddress);
        var client = new GRPCInferenceService.GRPCInferenceServiceClient(channel);
        (await client.ServerLiveAsync(new ServerLiveRequest(), cancellationToken: Stop)).Live.ShouldBeTrue();
        var asked = new ModelReadyRequest { Name = "m" };
        (await Should.ThrowAsync<RpcException>(async () => await client.ModelReadyAsync(asked, cancellationToken: Stop))).StatusCode
            .ShouldBe(StatusCode.Unauthenticated);
        (await client.ModelReadyAsync(asked, await HeadersAsync("m"), cancellationToken: Stop)).Ready.ShouldBeTrue();
        (await Should.ThrowAsync<RpcException>(async () =>
            await client.ModelReadyAsync(asked, await HeadersAsync("other"), cancellationToken: Stop))).StatusCode
            .ShouldBe(StatusCode.PermissionDenied);

        // What is wrong with the rows would tell the model's columns: it is not looked at.
        var rows = new ModelInferRequest { ModelName = "m" };
        rows.Inputs.Add(new ModelInferRequest.Types.InferInputTensor
        {
            Name = "nothing",
            Datatype = "FP64",
            Shape = { 1, 1 },
            Contents = new InferTensorContents { Fp64Contents = { 1 } },
        });
        (await Should.ThrowAsync<RpcException>(async () => await client.ModelInferAsync(rows, await HeadersAsync("m"), cancellationToken: Stop))).StatusCode
            .ShouldBe(StatusCode.InvalidArgument);
        (await Should.ThrowAsync<RpcException>(async () => await client.ModelInferAsync(rows, await HeadersAsync("other"), cancellationToken: Stop))).StatusCode
            .ShouldBe(StatusCode.PermissionDenied);

        async Task<Metadata> HeadersAsync(string model) =>
            new() { { "authorization", $"Bearer {(await service.KeyAsync(tenant, Roles.Scorer, model)).Text}" } };
    }

    [Fact]
    public async Task More_than_a_tenant_may_have_is_refused_and_others_are_not()
    {
        string tenant = await service.TenantWithModelAsync();
        await service.Administration.LimitAsync(
            tenant, new TenantQuotas { RowsPerSecond = 2, RequestBytes = 500, Models = 1, StoredBytes = 20 }, Stop);
        ApiKey key = await service.KeyAsync(tenant, Roles.Trainer);
        Task<Answer> Ask(ApiKey shown) =>
            service.SendAsync(HttpMethod.Post, $"{Models}/m/assign", shown.Text, """{"rows": [[0,0],[0,0],[0,0],[0,0],[0,0],[0,0]]}""");
        (await Ask(key)).Succeeded();
        Answer refused = await Ask(key);
        refused.Refused(429, "too-many").ShouldContain("2 rows");
        refused.Headers.RetryAfter!.Delta!.Value.ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(1));
        (await service.SendAsync(HttpMethod.Post, "/api/v1/datasets/n", key.Text, "x\n" + new string('1', 600), "text/csv")).Refused(413);
        (await service.SendAsync(HttpMethod.Post, "/api/v1/datasets/n", key.Text, "x\n1\n", "text/csv")).Refused(429).ShouldContain("20");
        (await service.SendAsync(HttpMethod.Post, "/api/v1/jobs", key.Text, """{"dataset": "m", "model": "n", "family": "kmeans", "options": {"k": 2}}"""))
            .Refused(429).ShouldContain("models");
        string other = await service.TenantWithModelAsync();
        (await Ask(await service.KeyAsync(other, Roles.Scorer))).Succeeded();
    }

    [Fact]
    public async Task A_tenant_is_deleted_with_its_keys_once_it_has_nothing()
    {
        string full = await service.TenantWithModelAsync(), empty = await service.TenantAsync();
        ApiKey key = await service.KeyAsync(empty, Roles.Admin);
        (await Should.ThrowAsync<ClusteringException>(service.Administration.DeleteAsync(full, cancellation: Stop))).Message.ShouldContain("datasets (m)");
        await service.Administration.DeleteAsync(empty, cancellation: Stop);
        (await service.SendAsync(HttpMethod.Get, Models, key.Text)).Refused(401);
        (await service.Administration.TenantsAsync(Stop)).Select(tenant => tenant.Name).ShouldNotContain(empty);
        await Should.ThrowAsync<ClusteringException>(service.Administration.DeleteAsync(GrainKeys.DefaultTenant, cancellation: Stop));
        await Should.ThrowAsync<ClusteringException>(service.Administration.CreateAsync("_sly", cancellation: Stop));
        await Should.ThrowAsync<ClusteringException>(service.Administration.CreateAsync(full, cancellation: Stop));
    }

    [Fact]
    public async Task Who_shows_a_key_is_told_in_the_audit_trail_and_cannot_be_somebody_else()
    {
        string tenant = await service.TenantWithModelAsync();
        ApiKey key = await service.KeyAsync(tenant, Roles.Operator);
        (await service.SendAsync(HttpMethod.Post, "/api/v1/jobs", key.Text,
            """{"dataset": "m", "model": "n", "family": "kmeans", "by": "somebody else", "options": {"k": 2}}""")).Succeeded(HttpStatusCode.Accepted);
        Answer described = await service.SendAsync(HttpMethod.Put, $"{Models}/m/description", key.Text, """{"text": "d"}""");
        described.Succeeded();
        string audit = (await service.SendAsync(HttpMethod.Get, $"{Models}/m/audit", key.Text)).Text;
        audit.ShouldContain("key " + key.Id);
        audit.ShouldNotContain(key.Text);
    }
}
