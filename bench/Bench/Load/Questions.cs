using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using Google.Protobuf;

namespace OrleansCluster.Bench.Load;

/// <summary>Questions about single rows, as each protocol has them, made before anything is measured.</summary>
internal static class Questions
{
    private const int Different = 64;

    /// <summary>The protocol that asks them, of a connection.</summary>
    /// <param name="kind">native, infer, grpc, peer, or live, which asks for next to nothing: what a request costs by itself.</param>
    /// <param name="deadline">Seconds that the service is told of; 0: none.</param>
    public static Func<ITalk> Of(string kind, IPEndPoint server, string model, int columns, double deadline)
    {
        float[][] rows = [.. Enumerable.Range(0, Different).Select(seed => Row(columns, seed))];
        string authority = server.ToString();
        if (kind == "grpc")
        {
            byte[][] messages = [.. rows.Select(row => Message(model, row))];
            return () => new GrpcTalk(server, "/inference.GRPCInferenceService/ModelInfer", messages);
        }

        if (kind == "live")
        {
            byte[] nothing = Encoding.ASCII.GetBytes($"GET /health/live HTTP/1.1\r\nHost: {authority}\r\n\r\n");
            return () => new HttpTalk([nothing]);
        }

        (string path, Func<float[], string> body) = kind switch
        {
            "native" => ($"/api/v1/models/{model}/assign", (Func<float[], string>)(row => $$"""{"rows":[[{{Text(row)}}]]}""")),
            "infer" => ($"/v2/models/{model}/infer",
                row => $$"""{"inputs":[{"name":"rows","shape":[1,{{row.Length}}],"datatype":"FP32","data":[{{Text(row)}}]}]}"""),
            "peer" => ("/predict", row => $$"""{"row":[{{Text(row)}}]}"""),
            _ => throw new ArgumentException($"'{kind}' is none of live, native, infer, grpc, peer."),
        };
        string patience = deadline > 0 ? string.Create(CultureInfo.InvariantCulture, $"X-Request-Timeout: {deadline}\r\n") : "";
        byte[][] requests = [.. rows.Select(row => Request(path, authority, patience, body(row)))];
        return () => new HttpTalk(requests);
    }

    /// <summary>A row of values that have few digits, as measurements do.</summary>
    public static float[] Row(int columns, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, columns).Select(_ => MathF.Round((random.NextSingle() * 20) - 10, 4))];
    }

    private static string Text(float[] row) => string.Join(',', row.Select(value => value.ToString(CultureInfo.InvariantCulture)));

    private static byte[] Request(string path, string authority, string patience, string body) => Encoding.ASCII.GetBytes(
        $"POST {path} HTTP/1.1\r\nHost: {authority}\r\nContent-Type: application/json\r\n{patience}Content-Length: {body.Length}\r\n\r\n{body}");

    /// <summary>A ModelInferRequest with its values as bytes, as the clients of such servers send them.</summary>
    private static byte[] Message(string model, float[] row)
    {
        byte[] shape = Written(output =>
        {
            output.WriteInt64(1);
            output.WriteInt64(row.Length);
        });
        byte[] tensor = Written(output =>
        {
            WriteText(output, 1, "rows");
            WriteText(output, 2, "FP32");
            WriteBytes(output, 3, shape);
        });
        return Written(output =>
        {
            WriteText(output, 1, model);
            WriteBytes(output, 5, tensor);
            WriteBytes(output, 7, MemoryMarshal.AsBytes<float>(row).ToArray());
        });
    }

    private static byte[] Written(Action<CodedOutputStream> write)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
            write(output);
        return stream.ToArray();
    }

    private static void WriteText(CodedOutputStream output, int field, string text)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteString(text);
    }

    private static void WriteBytes(CodedOutputStream output, int field, byte[] bytes)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(bytes));
    }
}
