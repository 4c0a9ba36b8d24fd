using System.Globalization;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Grpc.Core;
using OrleansCluster.Client;
using OrleansCluster.Models;
using OrleansCluster.Web.Hosting;
using OrleansCluster.Web.Inference.Grpc.Wire;
using OrleansCluster.Web.Rows;

namespace OrleansCluster.Web.Inference.Grpc;

/// <summary>The Open Inference Protocol, version 2, over gRPC: what <see cref="InferenceEndpoints"/> answers, in other messages.</summary>
internal sealed class InferenceService(
    Func<IClusteringClient> client, ModelQuestions questions, HealthEndpoints health) : GRPCInferenceService.GRPCInferenceServiceBase
{
    public override Task<ServerLiveResponse> ServerLive(ServerLiveRequest request, ServerCallContext context) =>
        Task.FromResult(new ServerLiveResponse { Live = true });

    public override async Task<ServerReadyResponse> ServerReady(ServerReadyRequest request, ServerCallContext context) =>
        new() { Ready = await health.IsReadyAsync(context.GetHttpContext()).ConfigureAwait(false) };

    public override Task<ServerMetadataResponse> ServerMetadata(ServerMetadataRequest request, ServerCallContext context) =>
        Task.FromResult(new ServerMetadataResponse { Name = InferenceEndpoints.ServerName, Version = InferenceEndpoints.ServerVersion });

    public override async Task<ModelReadyResponse> ModelReady(ModelReadyRequest request, ServerCallContext context)
    {
        await FactsAsync(request.Name, request.Version, context).ConfigureAwait(false);
        return new ModelReadyResponse { Ready = await health.IsReadyAsync(context.GetHttpContext()).ConfigureAwait(false) };
    }

    public override async Task<ModelMetadataResponse> ModelMetadata(ModelMetadataRequest request, ServerCallContext context)
    {
        KnownVersion facts = await FactsAsync(request.Name, request.Version, context).ConfigureAwait(false);
        ModelReference wanted = InferenceEndpoints.Wanted(request.Name, request.Version);
        var metadata = new ModelMetadataResponse { Name = wanted.Name, Platform = $"{InferenceEndpoints.ServerName}_{facts.Family}" };
        metadata.Versions.AddRange(wanted.IsBare
            ? InferenceEndpoints.Versions((await client().Models.FindAsync(wanted.Name, context.CancellationToken).ConfigureAwait(false))!)
            : [facts.Version.ToString(CultureInfo.InvariantCulture)]);
        foreach (InputTensor input in InputTensor.Of(facts.Inputs))
            metadata.Inputs.Add(Describe(input.Name, input.Datatype, [.. input.Shape]));
        foreach (string output in OutputNames.Of(facts))
            metadata.Outputs.Add(
                output == OutputNames.Responsibilities ? Describe(output, OutputNames.TypeOf(output), -1, facts.Clusters.Length)
                    : Describe(output, OutputNames.TypeOf(output), -1));
        return metadata;
    }

    public override async Task<ModelInferResponse> ModelInfer(ModelInferRequest request, ServerCallContext context)
    {
        (string model, int version) = await questions.ResolveAsync(
            InferenceEndpoints.Wanted(request.ModelName, request.ModelVersion), context.CancellationToken).ConfigureAwait(false);
        InferAnswer answer = await InferAnswer.AskAsync(questions, model, version, GrpcTensors.Read(request), context.CancellationToken).ConfigureAwait(false);
        var response = new ModelInferResponse { ModelName = answer.Model, ModelVersion = answer.Version, Id = request.Id };
        // Who sends bytes reads bytes.
        bool raw = request.RawInputContents.Count > 0;
        foreach (OutputTensor output in answer.Outputs)
        {
            var tensor = new ModelInferResponse.Types.InferOutputTensor { Name = output.Name, Datatype = output.Datatype, Shape = { output.Shape } };
            if (output.Name == OutputNames.Responsibilities)
                tensor.Parameters.Add("clusters", new InferParameter { StringParam = string.Join(',', answer.Clusters) });
            if (raw)
                response.RawOutputContents.Add(ByteString.CopyFrom(output.Values.Span));
            else if (output.Datatype == "INT32")
                tensor.Contents = new InferTensorContents { IntContents = { MemoryMarshal.Cast<byte, int>(output.Values.Span).ToArray() } };
            else
                tensor.Contents = new InferTensorContents { Fp64Contents = { MemoryMarshal.Cast<byte, double>(output.Values.Span).ToArray() } };
            response.Outputs.Add(tensor);
        }

        return response;
    }

    private async Task<KnownVersion> FactsAsync(string name, string version, ServerCallContext context)
    {
        (string model, int number) = await questions.ResolveAsync(InferenceEndpoints.Wanted(name, version), context.CancellationToken).ConfigureAwait(false);
        return await questions.FactsAsync(model, number, context.CancellationToken).ConfigureAwait(false);
    }

    private static ModelMetadataResponse.Types.TensorMetadata Describe(string name, string datatype, params long[] shape) =>
        new() { Name = name, Datatype = datatype, Shape = { shape } };
}
