using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansCluster.Client;
using OrleansCluster.Contracts;
using OrleansCluster.Contracts.Api;
using OrleansCluster.Datasets;
using OrleansCluster.Json;
using OrleansCluster.Models;
using OrleansCluster.Serving;
using OrleansCluster.Web.Access;
using OrleansCluster.Web.Exchange;
using OrleansCluster.Web.Problems;
using OrleansCluster.Web.Rows;
using OrleansCluster.Numerics.Preparation;

namespace OrleansCluster.Web.Native;

/// <summary>Questions to models: the cluster of rows, how probable they are, rows drawn, and how well labels agree with known ones.</summary>
internal sealed class AnswerEndpoints(NativeApi api)
{
    private const string Heading = "answers", One = NativeApi.Root + "/models/{model}";
    private const int MostDrawn = 1_000_000;

    private readonly ModelQuestions _questions = api.Questions;

    public void Map(IEndpointRouteBuilder routes)
    {
        const string which = "{model} is a name, or NAME@VERSION with a number, an alias or newest";
        IEndpointConventionBuilder assign = routes.Map(
            "POST", One + "/assign", "assignRows", $"Which cluster each row belongs to; {which}. A table in place of JSON is answered as it comes", AssignAsync)
            .Under(Heading).Takes<RowsDocument>([Answers.Json, .. TableBody.Types]).Gives<AssignmentsDocument>()
            .Wired(http => WiredAsync(http, (model, version, rows, _) => Models.AssignAsync(model, version, rows, http.RequestAborted)));
        foreach ((string name, string help) in TableBody.Parameters)
            assign.Knows(name, "Of a table. " + help, number: name == TableBody.Skip);
        routes.Map(
            "POST", One + "/score", "scoreRows", $"How probable each row is, under a model that has a density; {which}",
            ScoreAsync).Under(Heading).Takes<RowsDocument>().Gives<ScoresDocument>()
            .Wired(http => WiredAsync(http, (model, version, rows, top) =>
                Models.ScoreAsync(model, new ScoreQuery { Version = version, Top = top ?? 1, Rows = rows }, http.RequestAborted)));
        routes.Map(
            "POST", One + "/explain", "explainRows", $"Why each row belongs to its cluster, and which value of a column would change that; {which}",
            ExplainAsync).Under(Heading).Takes<RowsDocument>().Gives<ExplanationsDocument>()
            .Wired(http => WiredAsync(http, (model, version, rows, _) =>
                Models.ExplainAsync(model, new ExplainQuery { Version = version, Rows = rows }, http.RequestAborted)));
        routes.Map(
            "POST", One + "/sample", "sampleRows", $"Rows drawn from a model that has samples; {which}",
            SampleAsync).Under(Heading).Takes<SampleRequestDocument>().Gives<SampleDocument>().Wired(SampleWiredAsync);
        routes.Map(
            "POST", One + "/evaluate", "evaluateRows", $"How a model's labels agree with known ones; {which}",
            EvaluateAsync).Under(Heading).Takes<RowsDocument>().Gives<EvaluationDocument>();
        routes.MapWireStream(
            "GET", One + "/datasets/{dataset}/versions/{version}/assignments", "assignDataset",
            "Which cluster each row of a dataset belongs to, for the .NET client", AssignDataset).Under(Heading);
    }

    private IModelClient Models => api.Client.Models;

    /// <summary>Rows in bytes, and what answers them.</summary>
    private async Task<T> WiredAsync<T>(HttpContext http, Func<string, int, RowsPayload, int?, Task<T>> ask)
    {
        Queries.Check(http.Request);
        ModelReference model = ModelReference.Parse(Queries.Path(http, "model"));
        (BinaryRowsDocument head, ReadOnlyMemory<byte> bytes) = await WireAnswers.ReadAsync(
            http, ApiJson.Default.BinaryRowsDocument, api.Options.MostQuestionBytes).ConfigureAwait(false);
        if (head.ValueBytes < 0 || head.ValueBytes > bytes.Length)
            throw ProblemException.Content($"The rows' values are said to have {head.ValueBytes} bytes, and {bytes.Length} came.");
        var rows = new RowsPayload
        {
            Precision = head.Precision,
            Columns = head.Columns,
            Values = bytes[..head.ValueBytes],
            Keys = bytes[head.ValueBytes..],
            Types = [.. head.Types.Select(column => new TypedColumn { Name = column.Name, Type = column.Type, Categories = [.. column.Categories] })],
        };
        Caller.Current.CheckModel(model.Name);
        return await ask(model.Name, model.Version, rows, head.Top).ConfigureAwait(false);
    }

    private async Task<Samples> SampleWiredAsync(HttpContext http)
    {
        Queries.Check(http.Request);
        ModelReference model = ModelReference.Parse(Queries.Path(http, "model"));
        SampleRequestDocument asked = await Bodies.ReadAsync(http, ApiJson.Default.SampleRequestDocument).ConfigureAwait(false);
        var query = new SampleQuery
        {
            Version = model.Version,
            Seed = asked.Seed,
            Component = asked.Component ?? -1,
            FirstRow = asked.FirstRow,
            Rows = asked.Rows,
        };
        return await Models.SampleAsync(model.Name, query, http.RequestAborted).ConfigureAwait(false);
    }

    private async IAsyncEnumerable<Assignments> AssignDataset(HttpContext http)
    {
        Queries.Check(http.Request);
        ModelReference model = ModelReference.Parse(Queries.Path(http, "model"));
        (string dataset, int version) = (Queries.Path(http, "dataset"), Queries.Whole(http, "version"));
        DatasetVersion? rows = await api.Client.Datasets.FindAsync(dataset, version, http.RequestAborted).ConfigureAwait(false);
        Caller.Current.CheckModel(model.Name);
        await foreach (Assignments answer in Models.AssignDatasetAsync(
            model.Name, model.Version, dataset, rows?.Version ?? version, http.RequestAborted).ConfigureAwait(false))
        {
            yield return answer;
        }
    }

    private async Task AssignAsync(HttpContext http)
    {
        (string model, int version) = await WantedAsync(http).ConfigureAwait(false);
        if (Bodies.IsPlainJson(http.Request) || Bodies.TypeOf(http.Request) is not { } type || type.MediaType == Answers.Json)
        {
            Queries.Check(http.Request);
            RowsRequest asked = RowsRequest.Read(await BodyAsync(http).ConfigureAwait(false));
            RowsRequest.Refuse(asked.Top is not null, "top", "score");
            RowsRequest.Refuse(asked.Labels is not null, "labels", "evaluate");
            Assignments answer = await _questions.AssignAsync(model, version, asked.Rows, http.RequestAborted).ConfigureAwait(false);
            bool tellsGaps = (await _questions.InputsAsync(model, version, http.RequestAborted).ConfigureAwait(false)).AreTyped;
            await WriteAsync(http, model, answer, tellsGaps).ConfigureAwait(false);
            return;
        }

        await TableAnswers.AssignAsync(http, _questions, model, version).ConfigureAwait(false);
    }

    private async Task ScoreAsync(HttpContext http)
    {
        Queries.Check(http.Request);
        (string model, int version) = await WantedAsync(http).ConfigureAwait(false);
        RowsRequest asked = RowsRequest.Read(await BodyAsync(http).ConfigureAwait(false));
        RowsRequest.Refuse(asked.Labels is not null, "labels", "evaluate");
        Scores answer = await _questions.ScoreAsync(model, version, asked.Top ?? 1, asked.Rows, http.RequestAborted).ConfigureAwait(false);
        await Answers.WriteAsync(http, json =>
        {
            ReadOnlySpan<double> densities = MemoryMarshal.Cast<byte, double>(answer.LogDensities.Span);
            ReadOnlySpan<double> shares = MemoryMarshal.Cast<byte, double>(answer.Responsibilities.Span);
            ReadOnlySpan<int> components = MemoryMarshal.Cast<byte, int>(answer.Components.Span);
            json.WriteStartObject();
            json.WriteString("model", model);
            json.WriteNumber("version", answer.Version);
            json.WritePropertyName("threshold");
            json.WriteRealValue(answer.Threshold);
            json.WriteStartArray("scores");
            for (int row = 0; row < densities.Length; row++)
            {
                json.WriteStartObject();
                json.WriteNumber("row", row);
                json.WritePropertyName("log_density");
                json.WriteRealValue(densities[row]);
                json.WritePropertyName("score");
                json.WriteRealValue(answer.Threshold - densities[row]);
                json.WriteBoolean("anomaly", densities[row] <= answer.Threshold);
                json.WriteNumber("cluster", components[row * answer.Top]);
                json.WriteStartArray("responsibilities");
                for (int i = row * answer.Top; i < (row + 1) * answer.Top && components[i] >= 0; i++)
                {
                    json.WriteStartObject();
                    json.WriteNumber("component", components[i]);
                    json.WriteNumber("value", shares[i]);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }).ConfigureAwait(false);
    }

    private async Task ExplainAsync(HttpContext http)
    {
        Queries.Check(http.Request);
        (string model, int version) = await WantedAsync(http).ConfigureAwait(false);
        RowsRequest asked = RowsRequest.Read(await BodyAsync(http).ConfigureAwait(false));
        RowsRequest.Refuse(asked.Top is not null, "top", "score");
        RowsRequest.Refuse(asked.Labels is not null, "labels", "evaluate");
        AskedColumns inputs = await _questions.InputsAsync(model, version, http.RequestAborted).ConfigureAwait(false);
        Explanations answer = await _questions.ExplainAsync(model, version, asked.Rows, http.RequestAborted).ConfigureAwait(false);
        await Answers.WriteAsync(
            http, ExplanationDocuments.Of(model, inputs.Names, answer, asked.Rows.Ids, ShownTime.Of), ApiJson.Default.ExplanationsDocument)
            .ConfigureAwait(false);
    }

    private async Task SampleAsync(HttpContext http)
    {
        Queries.Check(http.Request);
        (string model, int version) = await WantedAsync(http).ConfigureAwait(false);
        SampleRequestDocument asked = await Bodies.ReadAsync(http, ApiJson.Default.SampleRequestDocument).ConfigureAwait(false);
        if (asked.Rows is < 1 or > MostDrawn || asked.FirstRow < 0 || asked.Component < 0)
            throw ProblemException.Content($"A sample has 1 to {MostDrawn} rows, and seed, first_row and component are 0 or more.");
        KnownVersion facts = await _questions.FactsAsync(model, version, http.RequestAborted).ConfigureAwait(false);
        (List<double[]> rows, List<int> components) = ([], []);
        System.Collections.Immutable.ImmutableArray<string> columns = facts.Columns;
        while (rows.Count < asked.Rows)
        {
            var query = new SampleQuery
            {
                Version = facts.Version,
                Seed = asked.Seed,
                Component = asked.Component
                ?? -1,
                FirstRow = asked.FirstRow + rows.Count,
                Rows = Math.Min(asked.Rows - rows.Count, 4096)
            };
            Samples drawn = await _questions.SampleAsync(model, query, http.RequestAborted).ConfigureAwait(false);
            // Of a model that prepares its rows they are told as they were before, where that can be.
            columns = drawn.Columns.IsDefaultOrEmpty ? columns : drawn.Columns;
            double[] values = MemoryMarshal.Cast<byte, double>(drawn.Values.Span).ToArray();
            rows.AddRange(values.Chunk(columns.Length));
            components.AddRange(MemoryMarshal.Cast<byte, int>(drawn.Components.Span));
        }

        var document =
            new SampleDocument { Model = model, Version = facts.Version, Columns = [.. columns], Rows = [.. rows], Components = [.. components] };
        await Answers.WriteAsync(http, document, ApiJson.Default.SampleDocument).ConfigureAwait(false);
    }

    private async Task EvaluateAsync(HttpContext http)
    {
        Queries.Check(http.Request);
        (string model, int version) = await WantedAsync(http).ConfigureAwait(false);
        RowsRequest asked = RowsRequest.Read(await BodyAsync(http).ConfigureAwait(false));
        RowsRequest.Refuse(asked.Top is not null, "top", "score");
        string[] labels = asked.Labels ?? throw ProblemException.Content("An evaluation needs the rows' known labels: one text or number a row in \"labels\".");
        if (labels.Length != asked.Rows.Rows)
            throw ProblemException.Content($"{labels.Length} labels came with {asked.Rows.Rows} rows: send one for each.");
        // One version answers all rows: a route would mix what is to be judged.
        KnownVersion facts = await _questions.FactsAsync(model, version, http.RequestAborted).ConfigureAwait(false);
        Assignments answer = await _questions.AssignAsync(model, facts.Version, asked.Rows, http.RequestAborted).ConfigureAwait(false);
        await Answers.WriteAsync(
            http, EvaluationDocuments.Of(model, facts.Version, labels, MemoryMarshal.Cast<byte, int>(answer.Labels.Span).ToArray()),
            ApiJson.Default.EvaluationDocument).ConfigureAwait(false);
    }

    private static Task WriteAsync(HttpContext http, string model, Assignments answer, bool tellsGaps) => Answers.WriteAsync(http, json =>
    {
        json.WriteStartObject();
        json.WriteString("model", model);
        if (answer.Versions.IsEmpty)
            json.WriteNumber("version", answer.Version);
        else
            json.WriteNull("version");
        json.WriteStartArray("labels");
        foreach (int label in MemoryMarshal.Cast<byte, int>(answer.Labels.Span))
            json.WriteNumberValue(label);
        json.WriteEndArray();
        json.WriteStartArray("distances");
        foreach (double distance in MemoryMarshal.Cast<byte, double>(answer.Distances.Span))
            json.WriteRealValue(distance);
        json.WriteEndArray();
        if (!answer.Versions.IsEmpty)
        {
            json.WriteStartArray("row_versions");
            foreach (int version in MemoryMarshal.Cast<byte, int>(answer.Versions.Span))
                json.WriteNumberValue(version);
            json.WriteEndArray();
        }

        if (tellsGaps)
        {
            json.WriteNumber("missing_values", answer.Missing);
            json.WriteNumber("unknown_categories", answer.Unknown);
        }

        json.WriteEndObject();
    });

    private ValueTask<(string Model, int Version)> WantedAsync(HttpContext http) =>
        _questions.ResolveAsync(ModelReference.Parse(Queries.Path(http, "model")), http.RequestAborted);

    private Task<ReadOnlyMemory<byte>> BodyAsync(HttpContext http) => Bodies.ReadJsonAsync(http, api.Options.MostQuestionBytes);
}
