using System.Globalization;
using OrleansCluster.Cli.Commands;
using OrleansCluster.Models;
using OrleansCluster.Numerics.Evaluation;
using Spectre.Console;

namespace OrleansCluster.Cli.Output;

/// <summary>How known labels and a model's agree, as text and as JSON.</summary>
internal static class EvaluationOutput
{
    private const int MostColumns = 16;
    private const int MostRows = 40;

    /// <param name="table">Known labels by row, the model's by column.</param>
    public static void Write(CommandContext context, ModelVersion version, ContingencyTable table)
    {
        (string Key, string Name, double Value)[] indices =
        [
            ("ari", "adjusted Rand", ExternalIndices.AdjustedRand(table)),
            ("ami", "adjusted mutual information", InformationIndices.AdjustedMutualInformation(table)),
            ("nmi", "normalized mutual information", InformationIndices.NormalizedMutualInformation(table)),
            ("purity", "purity", ExternalIndices.Purity(table)),
            ("fowlkes_mallows", "Fowlkes–Mallows", ExternalIndices.FowlkesMallows(table)),
        ];
        if (context.Json)
            WriteJson(version, table, indices);
        else
            WriteText(context.Terminal.Out, version, table, indices);
    }

    private static void WriteJson(ModelVersion version, ContingencyTable table, (string Key, string Name, double Value)[] indices) => JsonReport.Print(json =>
    {
        json.WriteStartObject();
        json.WriteString("model", version.Name);
        json.WriteNumber("version", version.Version);
        json.WriteNumber("rows", (long)table.Total);
        foreach ((string key, _, double value) in indices)
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
        json.WriteEndObject();
    });

    private static void WriteText(IAnsiConsole console, ModelVersion version, ContingencyTable table, (string Key, string Name, double Value)[] indices)
    {
        console.WriteLine();
        TrainingText.Heading(console, $"{version.Name} version {version.Version}", $"{Numbers.Of((long)table.Total, "row")}, {Numbers.Of(table.Rows, "known label")}, {Numbers.Of(table.Columns, "cluster")}");
        console.WriteLine();
        Listing.Write(console, ["index", "value"], indices.Select(index => new[] { index.Name, index.Value.ToString("0.000000", CultureInfo.InvariantCulture) }), numbersFrom: 1, numbersTo: 1);
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
