using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansCluster.Datasets;
using OrleansCluster.Models;
using OrleansCluster.Serving;
using OrleansCluster.Web.Exchange;
using OrleansCluster.Web.Hosting;
using OrleansCluster.Web.Problems;
using OrleansCluster.Web.Rows;

namespace OrleansCluster.Web.Scoring;

/// <summary>MLflow's scoring protocol, a server for each model: <c>/models/NAME</c> is what its clients are given as the server's address.</summary>
internal sealed class ScoringEndpoints(ModelQuestions questions)
{
    private const string Heading = "mlflow scoring", Root = "/models/{model}";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Map(
            "POST", Root + "/invocations", "invocations",
            "Labels of rows: dataframe_split, dataframe_records, instances or inputs as JSON, or CSV with a header", InvokeAsync).Under(Heading);
        foreach (string path in new[] { "ping", "health" })
            routes.Map("GET", $"{Root}/{path}", path, "Whether a model can be asked", PingAsync).Under(Heading);
        routes.Map(
            "GET", Root + "/version", "version", "The version of the service",
            http => Answers.WriteAsync(http, System.Text.Encoding.UTF8.GetBytes(Inference.InferenceEndpoints.ServerVersion), "text/plain")).Under(Heading);
    }

    private async Task InvokeAsync(HttpContext http)
    {
        Queries.Check(http.Request);
        (string model, int version) = await WantedAsync(http).ConfigureAwait(false);
        AskedColumns inputs = await questions.InputsAsync(model, version, http.RequestAborted).ConfigureAwait(false);
        AskedRows rows = await RowsAsync(http, inputs).ConfigureAwait(false);
        Assignments answer = await questions.AssignAsync(model, version, rows, http.RequestAborted).ConfigureAwait(false);
        await Answers.WriteAsync(http, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("predictions");
            foreach (int label in MemoryMarshal.Cast<byte, int>(answer.Labels.Span))
                json.WriteNumberValue(label);
            json.WriteEndArray();
            json.WriteEndObject();
        }).ConfigureAwait(false);
    }

    private static async Task<AskedRows> RowsAsync(HttpContext http, AskedColumns inputs)
    {
        long most = WebOptions.Of(http).MostQuestionBytes;
        string? type = Bodies.TypeOf(http.Request)?.MediaType.Value;
        if (type == "text/csv")
            return ReadTable(await Bodies.ReadAllAsync(http, most).ConfigureAwait(false), inputs);
        return type == Answers.Json
            ? ScoringJson.Read(await Bodies.ReadJsonAsync(http, most).ConfigureAwait(false))
            : throw ProblemException.Format($"The body must be application/json or text/csv{(type is null ? "" : $", not {type}")}.");
    }

    private static AskedRows ReadTable(ReadOnlyMemory<byte> body, AskedColumns inputs)
    {
        var options = new ReadOptions { HasOptions = false, Header = true, Delimiter = ',' };
        using ITable table = TableFile.Open(new MemoryStream(body.ToArray(), writable: false), "the body", options);
        (IRowReader reader, ModelTable found) = ModelTable.Open(table, options, inputs);
        using var values = new MemoryStream();
        AskedRows? last = null;
        while (reader.ReadBatch(out RowBatch? batch))
        {
            values.Write(batch.Values.Span);
            last = found.Of(batch) with { Rows = (last?.Rows ?? 0) + batch.Rows };
        }

        return last is null ? throw ProblemException.Content("There are no rows: send at least one.") : last with { Values = values.ToArray() };
    }

    private async Task PingAsync(HttpContext http)
    {
        (string model, int version) = await WantedAsync(http).ConfigureAwait(false);
        await questions.FactsAsync(model, version, http.RequestAborted).ConfigureAwait(false);
        await Answers.WriteAsync(http, "\n"u8.ToArray(), Answers.Json).ConfigureAwait(false);
    }

    private ValueTask<(string Model, int Version)> WantedAsync(HttpContext http) =>
        questions.ResolveAsync(ModelReference.Parse(Queries.Path(http, "model")), http.RequestAborted);
}
