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
        AskedRows rows = await RowsAsync(http).ConfigureAwait(false);
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

    private static async Task<AskedRows> RowsAsync(HttpContext http)
    {
        long most = WebOptions.Of(http).MostQuestionBytes;
        string? type = Bodies.TypeOf(http.Request)?.MediaType.Value;
        if (type == "text/csv")
            return ReadTable(await Bodies.ReadAllAsync(http, most).ConfigureAwait(false));
        return type == Answers.Json
            ? ScoringJson.Read(await Bodies.ReadJsonAsync(http, most).ConfigureAwait(false))
            : throw ProblemException.Format($"The body must be application/json or text/csv{(type is null ? "" : $", not {type}")}.");
    }

    private static AskedRows ReadTable(ReadOnlyMemory<byte> body)
    {
        var options = new ReadOptions { HasOptions = false, Header = true, Delimiter = ',' };
        using IRowReader reader = Open(body, options);
        using var values = new MemoryStream();
        int rows = 0;
        while (reader.ReadBatch(out RowBatch? batch))
        {
            values.Write(batch.Values.Span);
            rows += batch.Rows;
        }

        return new AskedRows { Columns = reader.Columns, Width = reader.Columns.Count, Rows = rows, Precision = reader.Precision, Values = values.ToArray() };
    }

    private static IRowReader Open(ReadOnlyMemory<byte> body, ReadOptions options)
    {
        ITable table = TableFile.Open(new MemoryStream(body.ToArray(), writable: false), "the body", options);
        try
        {
            return table.Read(options);
        }
        catch
        {
            table.Dispose();
            throw;
        }
    }

    private async Task PingAsync(HttpContext http)
    {
        (string model, int version) = await WantedAsync(http).ConfigureAwait(false);
        await questions.FactsAsync(model, version, http.RequestAborted).ConfigureAwait(false);
        await Answers.WriteAsync(http, "\n"u8.ToArray(), Answers.Json).ConfigureAwait(false);
    }

    private Task<(string Model, int Version)> WantedAsync(HttpContext http) =>
        questions.ResolveAsync(ModelReference.Parse(Queries.Path(http, "model")), http.RequestAborted);
}
