using System.Globalization;
using System.Text.Json;
using OrleansCluster.Cli.Commands;
using OrleansCluster.Models;
using OrleansCluster.Numerics.Evaluation;
using Spectre.Console;

namespace OrleansCluster.Cli.Output;

/// <summary>How known labels and a model's agree, and how far two versions are apart, as text and as JSON.</summary>
internal static class EvaluationOutput
{
    private const int MostColumns = 16;
    private const int MostRows = 40;

    /// <param name="table">Known labels by row, the model's by column; null: none are known.</param>
    /// <param name="comparison">The distances from another version; null: there is none.</param>
    public static void Write(CommandContext context, ModelVersion version, ContingencyTable? table, VersionComparison? comparison)
    {
        if (context.Json)
        {
            JsonReport.Print(json =>
            {
                json.WriteStartObject();
                json.WriteString("model", version.Name);
                json.WriteNumber("version", version.Version);
                if (table is not null)
                    WriteJson(json, table);
                comparison?.WriteJson(json);
                json.WriteEndObject();
            });
            return;
        }

        if (table is not null)
            WriteText(context.Terminal.Out, version, table);
        comparison?.WriteText(context);
    }

    private static (string Key, string Name, double Value)[] Indices(ContingencyTable table) =>
    [
        ("ari", "adjusted Rand", ExternalIndices.AdjustedRand(table)),
        ("ami", "adjusted mutual information", InformationIndices.AdjustedMutualInformation(table)),
        ("nmi", "normalized mutual information", InformationIndices.NormalizedMutualInformation(table)),
        ("purity", "purity", ExternalIndices.Purity(table)),
        ("fowlkes_mallows", "Fowlkes–Mallows", ExternalIndices.FowlkesMallows(table)),
    ];

    private static void WriteJson(Utf8JsonWriter json, ContingencyTable table)
    {
        json.WriteNumber("rows", (long)table.Total);
        foreach ((string key, _, double value) in Indices(table))
            json.WriteReal(key, value);
        json.WriteStartObject("confusion");
        json.WriteReals("known", table.RowLabels.Select(label => (double)label));
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

    private static void WriteText(IAnsiConsole console, ModelVersion version, ContingencyTable table)
    {
        console.WriteLine();
        TrainingText.Heading(console, $"{version.Name} version {version.Version}", $"{Numbers.Of((long)table.Total, "row")}, {Numbers.Of(table.Rows, "known label")}, {Numbers.Of(table.Columns, "cluster")}");
        console.WriteLine();
        Listing.Write(console, ["index", "value"], Indices(table).Select(index => new[] { index.Name, index.Value.ToString("0.000000", CultureInfo.InvariantCulture) }), numbersFrom: 1, numbersTo: 1);
        if (table.Columns > MostColumns || table.Rows > MostRows)
        {
            console.Write(new Text("  the table of both labels is too large to show; --report json has it\n", Palette.Quiet));
            return;
        }

        console.WriteLine();
        string[] heads = ["known", .. table.ColumnLabels.Select(Text)];
        IEnumerable<string[]> rows = Enumerable.Range(0, table.Rows).Select(row =>
            (string[])[Text(table.RowLabels[row]), .. Enumerable.Range(0, table.Columns).Select(column => Numbers.Count((long)table[row, column]))]);
        Listing.Write(console, heads, rows, numbersFrom: 0, numbersTo: table.Columns);
    }

    private static string Text(int label) => label.ToString(CultureInfo.InvariantCulture);
}
