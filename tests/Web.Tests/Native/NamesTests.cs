using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json;
using Google.Protobuf;
using Grpc.Net.Client;
using OrleansCluster.Client;
using OrleansCluster.Web.Inference.Grpc.Wire;

namespace OrleansCluster.Web.Tests.Native;

/// <summary>Names in other scripts than Latin, however they are typed and in whatever way they are asked.</summary>
public sealed class NamesTests(Service service)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("κόσμος", "κο\u0301σμος")]
    [InlineData("客户", "客户")]
    [InlineData("آفاق", "ا\u0653فاق")]
    public async Task A_model_is_reached_by_its_name_in_every_way(string like, string typed)
    {
        string end = service.Name("-"), name = like + end, decomposed = typed + end;
        await service.UploadAsync(Uri.EscapeDataString(decomposed), "x,y\n0,0\n0,1\n9,9\n9,8\n");
        using var client = new ClusteringClient(service.Address);
        (await client.Datasets.FindAsync(name, cancellation: Stop))!.Name.ShouldBe(name);
        JsonElement job = await service.TrainAsync(
            $$"""{"family": "kmeans", "dataset": "{{decomposed}}", "model": "{{decomposed}}", "options": {"k": 2, "seed": 1} }""");
        job.GetProperty("state").GetString().ShouldBe("succeeded", job.GetProperty("error").GetString());

        (await client.Models.FindAsync(name, Stop))!.Name.ShouldBe(name);
        (await client.Models.ListAsync(Stop)).Select(model => model.Name).ShouldContain(name);
        int[] labels = MemoryMarshal.Cast<byte, int>(
            (await client.Models.AssignAsync(decomposed, 0, RowsPayloads.Of([[0, 0], [9, 9]]), Stop)).Labels.Span).ToArray();
        labels[0].ShouldNotBe(labels[1]);
        foreach (string spelt in (string[])[name, decomposed])
        {
            string path = Uri.EscapeDataString(spelt);
            JsonElement native = (await service.PostAsync($"/api/v1/models/{path}/assign", """{"rows": [[0, 0], [9, 9]]}""")).Succeeded();
            native.GetProperty("labels").EnumerateArray().Select(label => label.GetInt32()).ShouldBe(labels);
            (await service.GetAsync($"/v2/models/{path}/versions/1/ready")).Succeeded();
            (await service.GetAsync($"/models/{path}")).Status.ShouldBe(HttpStatusCode.OK);
            using var channel = GrpcChannel.ForAddress(service.GrpcAddress);
            var request = new ModelInferRequest { ModelName = spelt };
            request.Inputs.Add(new ModelInferRequest.Types.InferInputTensor { Name = "rows", Datatype = "FP64", Shape = { 1, 2 } });
            request.RawInputContents.Add(ByteString.CopyFrom(MemoryMarshal.AsBytes<double>([9, 9]).ToArray()));
            ModelInferResponse answer = await new GRPCInferenceService.GRPCInferenceServiceClient(channel).ModelInferAsync(request, cancellationToken: Stop);
            BitConverter.ToInt32(answer.RawOutputContents[0].Span).ShouldBe(labels[1]);
        }
    }

    [Theory]
    [InlineData("..%2f..%2fx", 400)]
    [InlineData("a%2fb", 400)]
    [InlineData("%e2%80%aea", 400)]
    [InlineData("a%20", 400)]
    [InlineData("%f0%9f%a6%89", 400)]
    [InlineData("%c0%ae%c0%ae", 400)]
    [InlineData("%ed%a0%80", 400)]
    public async Task Names_that_play_tricks_are_refused_and_reach_nothing(string path, int status)
    {
        Answer refused = await service.SendAsync(HttpMethod.Post, $"/api/v1/models/{path}/assign", """{"rows": [[0, 0]]}""");
        refused.Refused(status);
        (await service.SendAsync(HttpMethod.Get, $"/api/v1/datasets/{path}")).Refused(status);
    }

    [Fact]
    public async Task A_name_that_is_too_long_is_refused() =>
        (await service.SendAsync(HttpMethod.Get, $"/api/v1/models/{Uri.EscapeDataString(new string('λ', 101))}")).Refused(400).ShouldContain("101 characters");
}
