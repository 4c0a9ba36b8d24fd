using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansCluster.Client;
using OrleansCluster.Contracts;
using OrleansCluster.Models;
using OrleansCluster.Web.Exchange;
using OrleansCluster.Web.Hosting;
using OrleansCluster.Web.Problems;
using OrleansCluster.Web.Rows;

namespace OrleansCluster.Web.Inference;

/// <summary>The Open Inference Protocol, version 2, over HTTP, with the extension for binary tensors.</summary>
internal sealed class InferenceEndpoints(Func<IClusteringClient> client, ModelQuestions questions, HealthEndpoints health, WebOptions options)
{
    private const string Heading = "open inference protocol", Model = "/v2/models/{model}", Version = Model + "/versions/{version}";

    /// <summary>How long the JSON before binary tensors is.</summary>
    private const string HeaderLength = "Inference-Header-Content-Length";

    /// <summary>What the extension for binary tensors is called.</summary>
    private const string BinaryExtension = "binary_tensor_data";

    private const string Binary = "application/octet-stream";

    /// <summary>What people call the service.</summary>
    public const string ServerName = "orleanscluster";

    /// <summary>The version of this build.</summary>
    public static string ServerVersion { get; } = typeof(InferenceEndpoints).Assembly.GetName().Version!.ToString(3);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Map("GET", "/v2", "inferenceServer", "What the server is and can", ServerAsync).Under(Heading);
        routes.Map("GET", "/v2/models", "inferenceModels", "The names of all models", ModelsAsync).Under(Heading);
        foreach ((string pattern, string name) in new[] { (Model, "Model"), (Version, "Version") })
        {
            routes.Map("GET", pattern, "inference" + name, "Inputs, outputs and versions of a model", MetadataAsync).Under(Heading);
            routes.Map("GET", pattern + "/ready", $"inference{name}IsReady", "Whether a model can be asked", ReadyAsync).Under(Heading);
            routes.Map("POST", pattern + "/infer", "infer" + name, "Labels, distances, densities and responsibilities of rows", InferAsync).Under(Heading);
        }
    }

    /// <summary>Whether a request is a call of the protocol over gRPC.</summary>
    public static bool IsCall(HttpRequest request) => request.Path.StartsWithSegments("/inference.GRPCInferenceService");

    /// <summary>The versions of a model that can be asked.</summary>
    public static ImmutableArray<string> Versions(ModelOutline model) =>
        [.. model.Versions.Where(version => version.Pruned is null).Select(version => version.Version.ToString(CultureInfo.InvariantCulture))];

    /// <summary>The model and version that a path names, or what two texts of a message do.</summary>
    /// <param name="version">A number, an alias or <c>newest</c>; empty: what the bare name means.</param>
    public static ModelReference Wanted(string model, string? version) => ModelReference.Parse(string.IsNullOrEmpty(version) ? model : $"{model}@{version}");

    private static Task ServerAsync(HttpContext http) => Answers.WriteAsync(http, json =>
    {
        json.WriteStartObject();
        json.WriteString("name", ServerName);
        json.WriteString("version", ServerVersion);
        json.WriteStartArray("extensions");
        json.WriteStringValue(BinaryExtension);
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private async Task ModelsAsync(HttpContext http)
    {
        string[] names = [.. (await client().Models.ListAsync(http.RequestAborted).ConfigureAwait(false)).Where(model => !model.Versions.IsEmpty)
            .Select(model => model.Name)];
        await Answers.WriteAsync(http, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("models");
            foreach (string name in names)
                json.WriteStringValue(name);
            json.WriteEndArray();
            json.WriteEndObject();
        }).ConfigureAwait(false);
    }

    private async Task MetadataAsync(HttpContext http)
    {
        (string name, int version) = await WantedAsync(http).ConfigureAwait(false);
        KnownVersion facts = await questions.FactsAsync(name, version, http.RequestAborted).ConfigureAwait(false);
        ModelOutline? model = await client().Models.FindAsync(name, http.RequestAborted).ConfigureAwait(false);
        await Answers.WriteAsync(http, json =>
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteStartArray("versions");
            foreach (string number in version > 0 ? [facts.Version.ToString(CultureInfo.InvariantCulture)] : Versions(model!))
                json.WriteStringValue(number);
            json.WriteEndArray();
            json.WriteString("platform", $"{ServerName}_{facts.Family}");
            json.WriteStartArray("inputs");
            foreach (InputTensor input in InputTensor.Of(facts.Inputs))
                Write(json, input.Name, input.Datatype, input.Shape);
            json.WriteEndArray();
            json.WriteStartArray("outputs");
            foreach (string output in OutputNames.Of(facts))
                Write(json, output, OutputNames.TypeOf(output), output == OutputNames.Responsibilities ? [-1, facts.Clusters.Length] : [-1]);
            json.WriteEndArray();
            json.WriteEndObject();
        }).ConfigureAwait(false);
    }

    private async Task ReadyAsync(HttpContext http)
    {
        (string name, int version) = await WantedAsync(http).ConfigureAwait(false);
        await questions.FactsAsync(name, version, http.RequestAborted).ConfigureAwait(false);
        bool ready = await health.IsReadyAsync(http).ConfigureAwait(false);
        http.Response.StatusCode = ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        await Answers.WriteAsync(http, json =>
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteBoolean("ready", ready);
            json.WriteEndObject();
        }).ConfigureAwait(false);
    }

    private async Task InferAsync(HttpContext http)
    {
        (string name, int version) = await WantedAsync(http).ConfigureAwait(false);
        InferRequest asked = await ReadAsync(http).ConfigureAwait(false);
        InferAnswer answer = await InferAnswer.AskAsync(questions, name, version, asked, http.RequestAborted).ConfigureAwait(false);
        bool[] binary =
            [.. answer.Outputs.Select(output => asked.Outputs.FirstOrDefault(wanted => wanted.Name == output.Name)?.IsBinary ?? asked.BinaryOutputs)];
        if (!binary.Contains(true))
        {
            await Answers.WriteAsync(http, json => Write(json, asked, answer, binary)).ConfigureAwait(false);
            return;
        }

        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
            Write(json, asked, answer, binary);
        http.Response.Headers[HeaderLength] = body.Length.ToString(CultureInfo.InvariantCulture);
        for (int i = 0; i < binary.Length; i++)
        {
            if (binary[i])
                body.Write(answer.Outputs[i].Values.Span);
        }

        await Answers.WriteAsync(http, body.GetBuffer().AsMemory(0, (int)body.Length), Binary).ConfigureAwait(false);
    }

    private async Task<InferRequest> ReadAsync(HttpContext http)
    {
        long most = options.MostQuestionBytes;
        string length = http.Request.Headers[HeaderLength].ToString();
        // The JSON may be called what it is, by either type, or nothing at all: clients differ.
        ReadOnlyMemory<byte> body = await Bodies.ReadAllAsync(http, most).ConfigureAwait(false);
        if (length.Length == 0)
            return InferJson.Read(body, default);
        return int.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out int json) && json <= body.Length
            ? InferJson.Read(body[..json], body[json..])
            : throw ProblemException.Content(
                $"{HeaderLength} is {length}, and the body has {body.Length} bytes: it must be the number of bytes of the JSON before the tensors.");
    }

    private static void Write(Utf8JsonWriter json, InferRequest asked, InferAnswer answer, bool[] binary)
    {
        json.WriteStartObject();
        json.WriteString("model_name", answer.Model);
        json.WriteString("model_version", answer.Version);
        if (asked.Id is not null)
            json.WriteString("id", asked.Id);
        json.WriteStartArray("outputs");
        for (int i = 0; i < binary.Length; i++)
        {
            OutputTensor output = answer.Outputs[i];
            json.WriteStartObject();
            json.WriteString("name", output.Name);
            json.WriteString("datatype", output.Datatype);
            WriteShape(json, output.Shape);
            if (binary[i] || output.Name == OutputNames.Responsibilities)
                WriteParameters(json, output, answer, binary[i]);
            if (!binary[i])
                WriteData(json, output);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteParameters(Utf8JsonWriter json, OutputTensor output, InferAnswer answer, bool binary)
    {
        json.WriteStartObject("parameters");
        if (binary)
            json.WriteNumber("binary_data_size", output.Values.Length);
        if (output.Name == OutputNames.Responsibilities)
            json.WriteString("clusters", string.Join(',', answer.Clusters.Select(cluster => cluster.ToString(CultureInfo.InvariantCulture))));
        json.WriteEndObject();
    }

    private static void WriteData(Utf8JsonWriter json, OutputTensor output)
    {
        json.WriteStartArray("data");
        if (output.Datatype == "INT32")
        {
            foreach (int value in MemoryMarshal.Cast<byte, int>(output.Values.Span))
                json.WriteNumberValue(value);
        }
        else
        {
            foreach (double value in MemoryMarshal.Cast<byte, double>(output.Values.Span))
                json.WriteRealValue(value);
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, string name, string datatype, ImmutableArray<long> shape)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteString("datatype", datatype);
        WriteShape(json, shape);
        json.WriteEndObject();
    }

    private static void WriteShape(Utf8JsonWriter json, ImmutableArray<long> shape)
    {
        json.WriteStartArray("shape");
        foreach (long length in shape)
            json.WriteNumberValue(length);
        json.WriteEndArray();
    }

    private ValueTask<(string Model, int Version)> WantedAsync(HttpContext http) => questions.ResolveAsync(
        Wanted(
            Queries.Path(http, "model"), http.Request.RouteValues.TryGetValue("version", out object? version) ? (string?)version : null), http.RequestAborted);
}
