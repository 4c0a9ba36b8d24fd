using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using OrleansCluster.Client;
using OrleansCluster.Models;
using OrleansCluster.Serving;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Web.Tests.Access;

/// <summary>Models that are copied over HTTP: whole or not at all, by those who may, and never more than the tenant may have.</summary>
[Collection(nameof(GuardedService))]
public sealed class ModelCopyTests(GuardedService service)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_model_goes_from_one_service_to_another_and_on_from_there()
    {
        (ClusteringClient from, string tenant) = await HereAsync();
        string other = await service.TenantAsync();
        using ClusteringClient there = await ClientAsync(other, Roles.Admin);
        using (from)
        {
            ModelInfo info = await from.CopyModelAsync("m", there, Stop);
            info.Newest.ShouldBe(1);
            Labels(await there.Models.AssignAsync("m", 0, Rows(), Stop)).ShouldBe(Labels(await from.Models.AssignAsync("m", 0, Rows(), Stop)));
            // What is newer is taken over, in whatever way it is asked; what is not is refused.
            ModelInfo tagged = await there.Models.TagAsync("m", there.Models.Change(info), 1, [new ModelTag { Key = "from", Value = "there" }], Stop);
            (await there.CopyModelAsync("m", service.Client(tenant), Stop)).Revision.ShouldBe(tagged.Revision);
            (await service.Client(tenant).CopyModelAsync("m", there, Stop)).Revision.ShouldBe(tagged.Revision);
            await from.Models.TagAsync("m", from.Models.Change(tagged), 1, [new ModelTag { Key = "from", Value = "here" }], Stop);
            await there.Models.TagAsync("m", there.Models.Change(tagged), 1, [new ModelTag { Key = "other", Value = "x" }], Stop);
            (await Should.ThrowAsync<ClusteringException>(from.CopyModelAsync("m", there, Stop))).Message.ShouldContain("does not go on from there");
        }

        (await Should.ThrowAsync<ClusteringException>(there.CopyModelAsync("nothing", service.Client(other), Stop))).Message
            .ShouldBe("There is no model 'nothing'.");
    }

    [Fact]
    public async Task What_is_no_model_or_no_such_blob_or_too_much_is_refused()
    {
        (ClusteringClient from, _) = await HereAsync();
        string other = await service.TenantWithModelAsync();
        ApiKey key = await service.KeyAsync(other, Roles.Admin);
        using ClusteringClient there = await ClientAsync(other, Roles.Admin);
        using (from)
        {
            PackedModel packed = (await from.Models.PackAsync("m", Stop))!;
            (await PutAsync(key, "models/n/packed", [1, 2, 3])).Refused(400).ShouldContain("no model that this program can read");
            (await PutAsync(key, "models/n/packed", packed.State[..^5].ToArray())).Refused(400).ShouldContain("no model that this program can read");
            (await PutAsync(key, "blobs/" + new string('0', 64), [1, 2, 3])).Refused(400).ShouldContain("arrived damaged");
            (await PutAsync(key, "blobs/..%2Fx", [1])).Refused(400).ShouldContain("is no content hash");
            (await service.SendAsync(HttpMethod.Get, "/api/v1/models/m/blobs/" + new string('0', 64), key.Text)).Refused(400).ShouldContain("names no blob");

            // Another model than the one that is here, though of the same name.
            await Should.ThrowAsync<ClusteringException>(from.CopyModelAsync("m", there, Stop));
            await service.Administration.LimitAsync(other, new TenantQuotas { Models = 1 }, Stop);
            (await PutAsync(key, "models/n/packed", packed.State.ToArray())).Refused(429, "too-many").ShouldContain("has 1 models and may have 1");
            await service.Administration.LimitAsync(other, new TenantQuotas { Versions = 1 }, Stop);
            (await PutAsync(key, "models/n/packed", packed.State.ToArray())).Refused(429, "too-many").ShouldContain("would add 1");
            (await there.Models.FindAsync("n", Stop)).ShouldBeNull();
        }
    }

    [Fact]
    public async Task A_model_names_no_blob_that_its_tenant_has_not_sent()
    {
        (ClusteringClient from, string tenant) = await HereAsync();
        string other = await service.TenantAsync();
        ApiKey key = await service.KeyAsync(other, Roles.Admin);
        using ClusteringClient there = await ClientAsync(other, Roles.Admin);
        using (from)
        {
            PackedModel packed = (await from.Models.PackAsync("m", Stop))!;
            // All of them are in the store, as the first tenant's.
            (await PutAsync(key, "models/m/packed", packed.State.ToArray())).Refused(400).ShouldContain("was not sent here");
            foreach (string hash in packed.Blobs.Skip(1))
                await there.Models.WriteBlobAsync(hash, from.Models.ReadBlobAsync("m", hash, Stop), Stop);
            (await PutAsync(key, "models/m/packed", packed.State.ToArray())).Refused(400).ShouldContain(packed.Blobs[0]);
            (await service.SendAsync(HttpMethod.Get, "/api/v1/models/m/blobs/" + packed.Blobs[0], key.Text)).Refused(400);
            (await there.Models.FindAsync("m", Stop)).ShouldBeNull();
            await there.Models.WriteBlobAsync(packed.Blobs[0], from.Models.ReadBlobAsync("m", packed.Blobs[0], Stop), Stop);
            (await there.Models.UnpackAsync("m", packed, Stop)).Newest.ShouldBe(1);
        }
    }

    private static RowsPayload Rows() => RowsPayloads.Of([[0, 0], [9, 9]]);

    private static int[] Labels(Assignments answer) => MemoryMarshal.Cast<byte, int>(answer.Labels.Span).ToArray();

    private async Task<(ClusteringClient Client, string Tenant)> HereAsync()
    {
        string tenant = await service.TenantWithModelAsync();
        return (await ClientAsync(tenant, Roles.Operator), tenant);
    }

    private async Task<ClusteringClient> ClientAsync(string tenant, string role) => new(service.Address, (await service.KeyAsync(tenant, role)).Text);

    private async Task<Answer> PutAsync(ApiKey key, string path, byte[] body)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var request = new HttpRequestMessage(HttpMethod.Put, "/api/v1/" + path) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key.Text);
        return await GuardedService.AnswerAsync(service.Http, request);
    }
}
