using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansCluster.Cli.Commands;
using OrleansCluster.Contracts.Api;
using Spectre.Console;

namespace OrleansCluster.Cli.Output;

/// <summary>Explanations for people: a table for each row, the columns that decide most first.</summary>
internal static class ExplanationOutput
{
    private const int MostColumns = 12;

    public static void Write(CommandContext context, ExplanationsDocument document, ClusterNames names)
    {
        IAnsiConsole console = context.Terminal.Out;
        (string Own, string Lead) words = document.Measure switch
        {
            "log_density" => ("nats lost", "nats"),
            "cosine_distance" => ("cosine distance", "of cosine distance"),
            _ => ("squared distance", "of squared distance"),
        };
        foreach (ExplainedRowDocument row in document.Rows)
        {
            console.WriteLine();
            string what = row.Id ?? $"row {row.Row.ToString(CultureInfo.InvariantCulture)}";
            string rather = row.RunnerUp is { } other ? $" rather than {names.IdOf(other)}" : "";
            TrainingText.Heading(
                console, $"{document.Model} version {document.Version}", $"{what} belongs to cluster {names.IdOf(row.Cluster)}{rather}");
            console.WriteLine();
            var table = new Listing(
                Column.Name("column"), Column.Name("value", least: 8), Column.Number(words.Own),
                Column.Number("speaks for it"), Column.Name("changes at", least: 8));
            ExplainedColumnDocument[] shown = [.. row.Columns.OrderByDescending(column => Math.Abs(column.Against)).Take(MostColumns)];
            double size = row.Columns.Select(column => Math.Max(Math.Abs(column.Own), Math.Abs(column.Against))).DefaultIfEmpty().Max();
            string[] own = Numbers.Aligned([.. shown.Select(column => column.Own)], size);
            string[] against = Numbers.Aligned([.. shown.Select(column => column.Against)], size);
            for (int i = 0; i < shown.Length; i++)
            {
                table.Add(
                    shown[i].Column, Text(shown[i].Value), own[i], row.RunnerUp is null ? "" : against[i],
                    row.RunnerUp is null ? "" : shown[i].Boundary is null ? "none" : Text(shown[i].Boundary, SizeOf(shown[i].Value)));
            }

            table.Write(console);
            if (row.Columns.Length > shown.Length)
                Prose.Note(console, $"the {shown.Length} columns of {row.Columns.Length} that decide most");
            if (row.Lead is { } lead)
                Prose.Note(
                    console, $"it leads by {Numbers.Real(lead, size)} {words.Lead}"
                        + (row.Constant == 0 ? "" : $", of which {Numbers.Real(row.Constant, size)} by weight and volume"));
        }

        if (document.Prepared)
            Prose.Note(console, "columns are told as the model prepares them: some of them come of several columns of the rows");
    }

    private static double SizeOf(JsonValue? value) => value?.GetValueKind() == JsonValueKind.Number ? value.GetValue<double>() : 0;

    private static string Text(JsonValue? value, double size = 0) => value?.GetValueKind() switch
    {
        null => "–",
        JsonValueKind.Number => Numbers.Real(value.GetValue<double>(), size),
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        _ => value.GetValue<string>(),
    };
}
