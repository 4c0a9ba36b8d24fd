using System.Collections.Immutable;
using Google.Protobuf;
using OrleansCluster.Web.Exchange;
using OrleansCluster.Web.Inference.Grpc.Wire;
using OrleansCluster.Web.Problems;

namespace OrleansCluster.Web.Inference.Grpc;

/// <summary>Questions of the Open Inference Protocol in messages of gRPC: values are beside each tensor, by their type, or all of them as bytes.</summary>
internal static class GrpcTensors
{
    /// <exception cref="ProblemException">The message is no question; its text says why.</exception>
    public static InferRequest Read(ModelInferRequest request)
    {
        if (request.RawInputContents.Count > 0 && request.RawInputContents.Count != request.Inputs.Count)
            throw ProblemException.Content(
                $"{request.RawInputContents.Count} raw_input_contents came with {request.Inputs.Count} inputs: send one for each, or none.");
        var inputs = new List<Tensor>();
        foreach (ModelInferRequest.Types.InferInputTensor input in request.Inputs)
            inputs.Add(Read(input, request.RawInputContents.Count > 0 ? request.RawInputContents[inputs.Count] : null));
        return new InferRequest { Id = request.Id, Inputs = [.. inputs], Outputs = [.. request.Outputs.Select(output => new WantedOutput(output.Name))] };
    }

    private static Tensor Read(ModelInferRequest.Types.InferInputTensor input, ByteString? raw)
    {
        ImmutableArray<long> shape = [.. input.Shape];
        if (raw is not null)
        {
            return input.Contents is null
                ? Tensor.Of(input.Name, input.Datatype, shape, raw.Memory)
                : throw ProblemException.Content($"The tensor '{input.Name}' has both contents and raw_input_contents: its values come one way.");
        }

        InferTensorContents contents = input.Contents ?? throw ProblemException.Content($"The tensor '{input.Name}' has no contents.");
        return input.Datatype switch
        {
            TensorType.Bytes =>
                Tensor.Of(
                    input.Name, shape, [.. contents.BytesContents.Select(text => System.Text.Encoding.UTF8.GetString(Bodies.CheckText(text.Memory).Span))]),
            "FP64" => Of(input, shape, [.. contents.Fp64Contents]),
            "FP32" => Of(input, shape, [.. contents.Fp32Contents]),
            "INT64" => Of(input, shape, [.. contents.Int64Contents]),
            "UINT64" => Of(input, shape, [.. contents.Uint64Contents]),
            TensorType.Flags => Of(input, shape, [.. contents.BoolContents.Select(flag => flag ? 1.0 : 0)]),
            "INT32" or "INT16" or "INT8" => Of(input, shape, [.. contents.IntContents]),
            "UINT32" or "UINT16" or "UINT8" => Of(input, shape, [.. contents.UintContents]),
            "FP16" => throw ProblemException.Content($"The tensor '{input.Name}' is of type FP16, for which there are raw_input_contents alone."),
            var other => Tensor.Of(input.Name, other, shape, []),
        };
    }

    private static Tensor Of(ModelInferRequest.Types.InferInputTensor input, ImmutableArray<long> shape, double[] numbers) =>
        Array.FindIndex(numbers, double.IsInfinity) is var at and >= 0
            ? throw ProblemException.Content($"The tensor '{input.Name}': value {at} (from 0) is infinite. Correct it or leave the row out.")
            : Tensor.Of(input.Name, input.Datatype, shape, numbers);
}
