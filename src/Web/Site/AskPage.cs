using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansCluster.Datasets;
using OrleansCluster.Families;
using OrleansCluster.Pages.Facts;
using OrleansCluster.Pages.Views;
using OrleansCluster.Pages.Words;
using OrleansCluster.Serving;
using OrleansCluster.Web.Native;
using OrleansCluster.Web.Problems;
using OrleansCluster.Web.Rows;

namespace OrleansCluster.Web.Site;

/// <summary>Where people ask a model about rows that they paste or upload.</summary>
internal sealed class AskPage(NativeApi api)
{
    private const string Path = "/models/{model}/ask", Name = "the rows";
    private const int Reasons = 3;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Page(Path, "page.ask", async http =>
        {
            ModelFacts facts = await ModelPages.FactsAsync(api, http).ConfigureAwait(false);
            await WriteAsync(http, facts, await ExampleAsync(facts, http.RequestAborted).ConfigureAwait(false), "", null, null).ConfigureAwait(false);
        });
        routes.Act(Path, "page.askRows", AskAsync);
    }

    private async Task AskAsync(HttpContext http)
    {
        IFormCollection form = await Forms.ReadAsync(http).ConfigureAwait(false);
        ModelFacts facts = await ModelPages.FactsAsync(api, http).ConfigureAwait(false);
        string text = form["rows"].ToString(), other = form["other_id_column"].ToString().Trim();
        string idColumn = other.Length > 0 ? other : form["id_column"].ToString();
        IFormFile? file = form.Files.GetFile("file") is { Length: > 0 } sent ? sent : null;
        try
        {
            using Stream rows = file?.OpenReadStream() ?? new MemoryStream(Encoding.UTF8.GetBytes(text));
            RowAnswers answer = await AnswerAsync(facts, rows, idColumn, http.RequestAborted).ConfigureAwait(false);
            await WriteAsync(http, facts, text, idColumn, answer, null).ConfigureAwait(false);
        }
        catch (Exception e) when (ProblemMiddleware.Explain(e) is { Status: < 500 })
        {
            await WriteAsync(http, facts, text, idColumn, null, ProblemMiddleware.Explain(e).Message).ConfigureAwait(false);
        }
    }

    private async Task<RowAnswers> AnswerAsync(ModelFacts facts, Stream input, string idColumn, CancellationToken cancellation)
    {
        (string model, int version) = (facts.Model.Name, facts.Version.Version);
        AskedColumns inputs = await api.Questions.InputsAsync(model, version, cancellation).ConfigureAwait(false);
        var options = new ReadOptions { IdColumn = idColumn.Length > 0 ? idColumn : null, HasOptions = false };
        // A reader is handed over with the table that it reads.
        using ITable table = TableFile.Open(input, Name, options);
        (IRowReader reader, ModelTable found) = ModelTable.Open(table, options, inputs);
        using IRowReader rows = reader;
        if (!rows.ReadBatch(out RowBatch? batch))
            throw ProblemException.Content("There are no rows: send at least one below the names of the columns.");
        AskedRows all = found.Of(batch);
        int most = Math.Min(AskView.MostShown, Math.Max(1, ExplainQuery.MostValues / Math.Max(1, inputs.Names.Length)));
        AskedRows asked = all.Rows > most ? Cut(all, most) : all;
        bool isCut = all.Rows > most || rows.ReadBatch(out _);
        bool hasDensities = facts.Version.Training.Family.Capabilities.Contains(CapabilityNames.Densities);
        // What is asked together is answered by one version.
        Assignments labels = await api.Questions.AssignAsync(model, version, asked, cancellation).ConfigureAwait(false);
        Scores? scores = hasDensities ? await api.Questions.ScoreAsync(model, version, 1, asked, cancellation).ConfigureAwait(false) : null;
        Explanations why = await api.Questions.ExplainAsync(model, version, asked, cancellation).ConfigureAwait(false);
        int[] clusters = MemoryMarshal.Cast<byte, int>(labels.Labels.Span).ToArray();
        double[] distances = MemoryMarshal.Cast<byte, double>(labels.Distances.Span).ToArray();
        double[] densities = scores is null ? [] : MemoryMarshal.Cast<byte, double>(scores.LogDensities.Span).ToArray();
        double[] shares = scores is null ? [] : MemoryMarshal.Cast<byte, double>(scores.Responsibilities.Span).ToArray();
        ImmutableArray<string> columns = why.Columns.IsDefaultOrEmpty ? inputs.Names : why.Columns;
        return new RowAnswers(version, hasDensities, isCut,
        [
            .. clusters.Select((cluster, row) => new AnsweredRow(
                asked.Ids is { } ids ? ids[row] : row.ToString(CultureInfo.InvariantCulture), cluster, distances[row],
                scores is null ? double.NaN : densities[row], scores is null ? double.NaN : shares[row],
                scores is not null && densities[row] <= scores.Threshold, why.Rows[row].RunnerUp, Strongest(why.Rows[row], why.Types, columns))),
        ]);
    }

    private static AskedRows Cut(AskedRows rows, int most) =>
        rows.Some([.. Enumerable.Range(0, most)]) with { Ids = rows.Ids is { } ids ? [.. ids.Take(most)] : null };

    private static ImmutableArray<(string Column, string Value, string Boundary)> Strongest(
        ExplainedRow row, ImmutableArray<string> types, ImmutableArray<string> columns)
    {
        string Type(int j) => types.IsDefaultOrEmpty ? "number" : types[j];
        return
        [
            .. row.Columns.Select((column, j) => (column, j)).Where(one => one.column.Against > 0).OrderByDescending(one => one.column.Against)
                .ThenBy(one => one.j).Take(Reasons).Select(one => (columns[one.j],
                    one.column.Text.Length > 0 ? one.column.Text : Tell.Value(one.column.Value, Type(one.j)),
                    one.column.BoundaryText.Length > 0 ? one.column.BoundaryText
                        : double.IsNaN(one.column.Boundary) ? "" : Tell.Value(one.column.Boundary, Type(one.j)))),
        ];
    }

    /// <summary>Rows that fit the model: the centres of its largest clusters, or of what is prepared only the names of the columns.</summary>
    private async Task<string> ExampleAsync(ModelFacts facts, CancellationToken cancellation)
    {
        const int rows = 3;
        ImmutableArray<string> columns = facts.Version.Training.AskedColumns();
        string head = string.Join(',', columns.Select(CsvCell.Of)) + "\n";
        if (!facts.Version.Training.Inputs.IsDefaultOrEmpty
            || await ClusterMap.LoadAsync(api.Client, facts.Version, rows: false, cancellation).ConfigureAwait(false) is not { } map)
            return head;
        return head + string.Concat(Enumerable.Range(0, Math.Min(rows, map.Labels.Length)).Select(i =>
            string.Join(',', columns.Select((_, j) => map.Centre(i, j).ToString("g6", CultureInfo.InvariantCulture))) + "\n"));
    }

    private async Task WriteAsync(HttpContext http, ModelFacts facts, string text, string idColumn, RowAnswers? answer, string? problem)
    {
        DatasetVersion? dataset = await api.Client.Datasets.FindAsync(
            facts.Version.Training.Dataset, facts.Version.Training.DatasetVersion, http.RequestAborted).ConfigureAwait(false);
        await PageAnswers.WriteAsync<AskView>(
            http, $"{facts.Model.Name}: ask",
            new Dictionary<string, object?>
            {
                [nameof(AskView.Facts)] = facts,
                [nameof(AskView.Text)] = text,
                [nameof(AskView.IdColumn)] = idColumn,
                [nameof(AskView.IdColumns)] = dataset?.IdColumn is { } id ? (string[])[id] : [],
                [nameof(AskView.Answer)] = answer,
                [nameof(AskView.Problem)] = problem,
            },
            problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest).ConfigureAwait(false);
    }
}
