using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using OrleansCluster.Web.Inference.Grpc.Wire;

namespace OrleansCluster.Web.Tests.Inference;

/// <summary>The Open Inference Protocol over gRPC, as its documents state it.</summary>
public sealed class GrpcTests(Service service) : IDisposable
{
    private readonly GrpcChannel _channel = GrpcChannel.ForAddress(service.GrpcAddress);

    private GRPCInferenceService.GRPCInferenceServiceClient Client => new(_channel);

    [Fact]
    public async Task The_server_and_its_models_say_what_they_are()
    {
        string model = await service.SharedAsync(), mixed = await service.SharedAsync("gmm");
        (await Client.ServerLiveAsync(new ServerLiveRequest())).Live.ShouldBeTrue();
        (await Client.ServerReadyAsync(new ServerReadyRequest())).Ready.ShouldBeTrue();
        ServerMetadataResponse server = await Client.ServerMetadataAsync(new ServerMetadataRequest());
        server.Name.ShouldBe("orleanscluster");
        (await Client.ModelReadyAsync(new ModelReadyRequest { Name = model, Version = "1" })).Ready.ShouldBeTrue();
        ModelMetadataResponse metadata = await Client.ModelMetadataAsync(new ModelMetadataRequest { Name = mixed });
        (metadata.Name, metadata.Platform).ShouldBe((mixed, "orleanscluster_gmm"));
        metadata.Versions.ShouldBe(["1"]);
        metadata.Inputs.Single().Shape.ShouldBe([-1L, 2L]);
        metadata.Outputs.Select(output => output.Name).ShouldBe(["label", "distance", "log_density", "score", "responsibilities"]);
        metadata.Outputs[^1].Shape.ShouldBe([-1L, 3L]);
    }

    [Fact]
    public async Task Values_come_by_their_type_or_as_bytes_and_are_answered_so()
    {
        string model = await service.SharedAsync();
        int[] labels = await LabelsAsync(model);
        ModelInferResponse typed = await Client.ModelInferAsync(Rows(model, tensor =>
        {
            (tensor.Datatype, tensor.Contents) = ("FP64", new InferTensorContents { Fp64Contents = { 0, 0, 10, 0, 0, 10 } });
        }));
        (typed.ModelName, typed.ModelVersion, typed.Id).ShouldBe((model, "1", "42"));
        typed.Outputs.Select(output => $"{output.Name} {output.Datatype} [{string.Join(',', output.Shape)}]")
            .ShouldBe(["label INT32 [3]", "distance FP64 [3]"]);
        typed.Outputs[0].Contents.IntContents.ShouldBe(labels);
        typed.Outputs[1].Contents.Fp64Contents.ShouldBe([0, 0, 0], 1e-6);
        ModelInferResponse whole = await Client.ModelInferAsync(
            Rows(model, tensor => (tensor.Datatype, tensor.Contents) = ("INT8", new InferTensorContents { IntContents = { 0, 0, 10, 0, 0, 10 } })));
        whole.Outputs[0].Contents.IntContents.ShouldBe(labels);

        ModelInferRequest bytes = Rows(model, tensor => tensor.Datatype = "FP32");
        bytes.RawInputContents.Add(ByteString.CopyFrom(MemoryMarshal.AsBytes<float>([0, 0, 10, 0, 0, 10])));
        bytes.Outputs.Add(new ModelInferRequest.Types.InferRequestedOutputTensor { Name = "label" });
        ModelInferResponse raw = await Client.ModelInferAsync(bytes);
        raw.Outputs.Single().Contents.ShouldBeNull();
        raw.RawOutputContents.Single().ToByteArray().Chunk(4).Select(value => BinaryPrimitives.ReadInt32LittleEndian(value)).ShouldBe(labels);
    }

    [Fact]
    public async Task A_tensor_for_each_column_and_ids_are_found_by_their_names()
    {
        string model = await service.SharedAsync("gmm");
        var request = new ModelInferRequest { ModelName = model, ModelVersion = "newest" };
        request.Inputs.Add(Tensor("y", "FP64", [1], new InferTensorContents { Fp64Contents = { 10 } }));
        request.Inputs.Add(Tensor("x", "FP32", [1, 1], new InferTensorContents { Fp32Contents = { 0 } }));
        request.Inputs.Add(Tensor("id", "BYTES", [1], new InferTensorContents { BytesContents = { ByteString.CopyFromUtf8("a") } }));
        ModelInferResponse answer = await Client.ModelInferAsync(request);
        answer.Outputs[0].Contents.IntContents.Single().ShouldBe((await LabelsAsync(model))[2]);
        answer.Outputs[4].Contents.Fp64Contents.Sum().ShouldBe(1, 1e-9);
        answer.Outputs[4].Parameters["clusters"].StringParam.ShouldBe("0,1,2");
    }

    [Fact]
    public async Task What_cannot_be_answered_has_a_status_and_words()
    {
        string model = await service.SharedAsync();
        await Refused(StatusCode.NotFound, "There is no model 'no-such'",
            Rows("no-such", tensor => (tensor.Datatype, tensor.Contents) = ("FP64", new InferTensorContents { Fp64Contents = { 0, 0, 10, 0, 0, 10 } })));
        await Refused(StatusCode.InvalidArgument, "holds 6 values, and 1 came",
            Rows(model, tensor => (tensor.Datatype, tensor.Contents) = ("FP64", new InferTensorContents { Fp64Contents = { 0 } })));
        await Refused(StatusCode.InvalidArgument, "Row 0 (from 0), column 'y': the value is not a finite number",
            Rows(model, tensor => (tensor.Datatype, tensor.Contents) = ("FP64", new InferTensorContents { Fp64Contents = { 0, double.NaN, 10, 0, 0, 10 } })));
        await Refused(StatusCode.InvalidArgument, "is of type COMPLEX",
            Rows(model, tensor => (tensor.Datatype, tensor.Contents) = ("COMPLEX", new InferTensorContents())));
        await Refused(StatusCode.InvalidArgument, "has no contents", Rows(model, tensor => tensor.Datatype = "FP64"));
        await Refused(StatusCode.InvalidArgument, "300, is no INT8",
            Rows(model, tensor => (tensor.Datatype, tensor.Contents) = ("INT8", new InferTensorContents { IntContents = { 0, 0, 10, 0, 0, 300 } })));
        ModelInferRequest bytes = Rows(model, tensor => tensor.Datatype = "FP64");
        bytes.RawInputContents.Add(ByteString.CopyFrom(new byte[7]));
        await Refused(StatusCode.InvalidArgument, "takes 48 bytes, and 7 came", bytes);
        bytes.RawInputContents.Add(ByteString.CopyFrom(new byte[7]));
        await Refused(StatusCode.InvalidArgument, "2 raw_input_contents came with 1 inputs", bytes);
        ModelInferRequest far = Rows(model, tensor => tensor.Datatype = "FP64");
        far.RawInputContents.Add(ByteString.CopyFrom(MemoryMarshal.AsBytes<double>([0, 0, 0, double.PositiveInfinity, 0, 0])));
        await Refused(StatusCode.InvalidArgument, "Row 1 (from 0), column 'y': the value is not a finite number", far);
        ModelInferRequest large = Rows(model, tensor => tensor.Datatype = "FP64");
        large.RawInputContents.Add(ByteString.CopyFrom(new byte[33 << 20]));
        await Refused(StatusCode.ResourceExhausted, "", large);
        (await Should.ThrowAsync<RpcException>(
            Client.ModelMetadataAsync(new ModelMetadataRequest { Name = model, Version = "9" }).ResponseAsync)).StatusCode.ShouldBe(StatusCode.NotFound);
    }

    public void Dispose() => _channel.Dispose();

    private async Task Refused(StatusCode status, string why, ModelInferRequest request)
    {
        var refused = await Should.ThrowAsync<RpcException>(Client.ModelInferAsync(request).ResponseAsync);
        refused.StatusCode.ShouldBe(status, refused.Status.Detail);
        refused.Status.Detail.ShouldContain(why);
    }

    private static ModelInferRequest Rows(string model, Action<ModelInferRequest.Types.InferInputTensor> fill)
    {
        var request = new ModelInferRequest { ModelName = model, Id = "42" };
        request.Inputs.Add(Tensor("rows", "", [3, 2], null));
        fill(request.Inputs[0]);
        return request;
    }

    private static ModelInferRequest.Types.InferInputTensor Tensor(string name, string datatype, long[] shape, InferTensorContents? contents) =>
        new() { Name = name, Datatype = datatype, Shape = { shape }, Contents = contents };

    private async Task<int[]> LabelsAsync(string model)
    {
        JsonElement answer = (await service.PostAsync($"/api/v1/models/{model}/assign", """{"rows": [[0, 0], [10, 0], [0, 10]]}""")).Succeeded();
        return [.. answer.GetProperty("labels").EnumerateArray().Select(label => label.GetInt32())];
    }
}
