using System.Globalization;
using System.Text.Json;
using OrleansCluster.Cli.Commands;
using OrleansCluster.Contracts;
using OrleansCluster.Models;
using OrleansCluster.Numerics.Evaluation;
using Spectre.Console;

namespace OrleansCluster.Cli.Output;

/// <summary>How known labels and a model's agree, and how far two versions are apart, as text and as JSON.</summary>
internal static class EvaluationOutput
{
    private const int MostColumns = 16;
    private const int MostRows = 40;
    private const int LongestHead = 16;

    /// <param name="known">Known labels and the model's; null: none are known.</param>
    /// <param name="comparison">The distances from another version; null: there is none.</param>
    /// <param name="names">Names that people gave clusters.</param>
    public static void Write(CommandContext context, ModelVersion version, LabelTable? known, VersionComparison? comparison, ClusterNames names)
    {
        if (context.Json)
        {
            JsonReport.Print(json =>
            {
                json.WriteStartObject();
                json.WriteString("model", version.Name);
                json.WriteNumber("version", version.Version);
                if (known is not null)
                    WriteJson(json, known);
                comparison?.WriteJson(json, names);
                json.WriteEndObject();
            });
            return;
        }

        if (known is not null)
            WriteText(context.Terminal.Out, version, known, names);
        comparison?.WriteText(context, names);
    }

    private static (string Key, string Name, double Value)[] Indices(ContingencyTable table) =>
    [
        ("ari", "adjusted Rand", ExternalIndices.AdjustedRand(table)),
        ("ami", "adjusted mutual information", InformationIndices.AdjustedMutualInformation(table)),
        ("nmi", "normalized mutual information", InformationIndices.NormalizedMutualInformation(table)),
        ("purity", "purity", ExternalIndices.Purity(table)),
        ("fowlkes_mallows", "Fowlkes–Mallows", ExternalIndices.FowlkesMallows(table)),
    ];

    private static void WriteJson(Utf8JsonWriter json, LabelTable known)
    {
        ContingencyTable table = known.Table;
        json.WriteNumber("rows", (long)table.Total);
        foreach ((string key, _, double value) in Indices(table))
            json.WriteReal(key, value);
        json.WriteStartObject("confusion");
        if (known.Words is null)
            json.WriteReals("known", table.RowLabels.Select(label => (double)label));
        else
            json.WriteStrings("known", Enumerable.Range(0, table.Rows).Select(known.Known));
        json.WriteReals("found", table.ColumnLabels.Select(label => (double)label));
        json.WriteStartArray("rows");
        for (int row = 0; row < table.Rows; row++)
        {
            json.WriteStartArray();
            for (int column = 0; column < table.Columns; column++)
                json.WriteNumberValue((long)table[row, column]);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteText(IAnsiConsole console, ModelVersion version, LabelTable known, ClusterNames names)
    {
        ContingencyTable table = known.Table;
        console.WriteLine();
        TrainingText.Heading(console, $"{version.Name} version {version.Version}",
            $"{Numbers.Of((long)table.Total, "row")}, {Numbers.Of(table.Rows, "known label")}, {Numbers.Of(table.Columns, "cluster")}");
        console.WriteLine();
        new Listing(Column.Word("index"), Column.Number("value"))
            .AddAll(Indices(table), index => [index.Name, index.Value.ToString("0.000000", CultureInfo.InvariantCulture)])
            .Write(console);
        if (table.Columns > MostColumns || table.Rows > MostRows)
        {
            Prose.Note(console, "the table of both is too large to show; --report json has it");
            return;
        }

        console.WriteLine();
        // In a narrow window the smallest clusters leave first.
        int[] order = [.. Enumerable.Range(0, table.Columns).OrderByDescending(column => Enumerable.Range(0, table.Rows).Sum(row => table[row, column]))];
        new Listing([known.Words is null ? Column.Number("known") : Column.Word("known"), .. table.ColumnLabels.Select((label, column) =>
            Column.Number(CellText.CutEnd(names.IdOf(label), LongestHead), leaves: Array.IndexOf(order, column)))])
            .AddAll(Enumerable.Range(0, table.Rows), row =>
                [new Cell(CellText.CutEnd(known.Known(row), LongestHead)),
                    .. Enumerable.Range(0, table.Columns).Select(column => new Cell(Numbers.Count((long)table[row, column])))])
            .Write(console);
    }
}
