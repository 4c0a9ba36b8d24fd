using System.Globalization;
using System.Text.Json;
using OrleansCluster.Cli.Commands;
using OrleansCluster.Cli.Output;
using OrleansCluster.Contracts;
using Spectre.Console;

namespace OrleansCluster.Cli.Segments;

/// <summary>Segments, as text and as JSON.</summary>
internal static class SegmentOutput
{
    private const int Most = 40;

    /// <param name="table">The segments.</param>
    /// <param name="bad">Names of those that are too bad.</param>
    /// <param name="limit">What they were checked by; null: they were not.</param>
    public static void Write(CommandContext context, SegmentTable table, string[] bad, double? limit)
    {
        if (context.Json)
            JsonReport.Print(json => Write(json, table, bad, limit));
        else
            Write(context.Terminal.Out, table, bad, limit);
    }

    private static void Write(Utf8JsonWriter json, SegmentTable table, string[] bad, double? limit)
    {
        json.WriteStartObject();
        json.WriteString("kind", table.Kind switch { OutcomeKind.Binary => "binary", OutcomeKind.Classes => "classes", _ => "numbers" });
        json.WriteString("metric", table.Metric);
        if (limit is { } most)
        {
            json.WriteBoolean("passed", bad.Length == 0);
            json.WriteNumber("max_drop", most);
            json.WriteStrings("failed", bad);
        }

        json.WritePropertyName("overall");
        Write(json, table.Overall, table);
        json.WriteStartArray("segments");
        foreach (Segment segment in table.Segments)
            Write(json, segment, table);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Segment segment, SegmentTable table)
    {
        json.WriteStartObject();
        json.WriteString("name", segment.Name);
        json.WriteNumber("rows", segment.Rows);
        foreach ((string name, double value) in Figures(segment, table))
            json.WriteReal(name, value);
        json.WriteReal("low", segment.Interval.Low);
        json.WriteReal("high", segment.Interval.High);
        if (segment != table.Overall)
        {
            json.WriteReal("rest", segment.Rest);
            json.WriteReal("drop", segment.Drop);
            json.WriteReal("p", segment.Chance);
        }

        json.WriteEndObject();
    }

    private static IEnumerable<(string Name, double Value)> Figures(Segment segment, SegmentTable table)
    {
        if (table.Kind == OutcomeKind.Numbers)
            return [("mae", segment.Errors.Mean), ("rmse", segment.Errors.Root)];
        if (table.Kind == OutcomeKind.Classes)
            return [("accuracy", segment.Right.Value)];
        return
        [
            ("accuracy", segment.Outcomes.Accuracy.Value), ("precision", segment.Outcomes.Precision.Value), ("recall", segment.Outcomes.Recall.Value),
            ("f1", segment.Outcomes.F1), ("positive_rate", segment.Outcomes.PositiveRate.Value),
            ("false_positive_rate", segment.Outcomes.FalsePositiveRate.Value), ("auc", segment.Auc), ("brier", segment.Brier),
            ("calibration_error", segment.Calibration),
        ];
    }

    private static void Write(IAnsiConsole console, SegmentTable table, string[] bad, double? limit)
    {
        console.WriteLine();
        TrainingText.Heading(
            console, $"{Numbers.Of(table.Segments.Count, "segment")}",
            $"of {Numbers.Of(table.Overall.Rows, "row")}, compared with the rest by {table.Metric}, the worst first");
        console.WriteLine();
        string[] names = [.. Figures(table.Overall, table).Where(figure => !double.IsNaN(figure.Value)).Select(figure => figure.Name)];
        new Listing(
            [Column.Word(""), Column.Name("segment"), Column.Number("rows"), Column.Number("95%"), Column.Number("rest"), Column.Number("p"),
                .. names.Select((name, place) => Column.Number(name.Replace('_', ' '), leaves: place))])
            .AddAll(table.Segments.Take(Most).Prepend(table.Overall), segment =>
                [bad.Contains(segment.Name) ? "✗" : " ", segment.Name, Numbers.Count(segment.Rows),
                    $"{Short(segment.Interval.Low)}–{Short(segment.Interval.High)}", segment == table.Overall ? "" : Short(segment.Rest),
                    Chance(segment, table),
                    .. Figures(segment, table).Where(figure => names.Contains(figure.Name)).Select(figure => new Cell(Short(figure.Value)))])
            .Write(console);
        if (table.Segments.Count > Most)
            Prose.Note(console, $"the {Most} worst of {table.Segments.Count}; --report json has all");
        if (table.Segments.Any(segment => double.IsNaN(segment.Chance)))
            Prose.Note(console, "segments without p have too few rows to compare (--min-rows)");
        if (limit is not { } most)
            return;
        console.WriteLine();
        foreach (Segment segment in table.Segments.Where(segment => bad.Contains(segment.Name)))
            Prose.Marked(
                console, "✗", $"{segment.Name}: {table.Metric} {Short(segment.Value)}, {Short(segment.Rest)} in the rest "
                    + $"({Numbers.Share(100 * segment.Drop)} worse, {Numbers.Share(100 * most)} allowed)", Palette.Warning);
        if (bad.Length == 0)
            Prose.Marked(console, "✓", $"no segment is worse than the rest by more than {Numbers.Share(100 * most)}", Style.Plain);
    }

    private static string Chance(Segment segment, SegmentTable table) => segment == table.Overall || double.IsNaN(segment.Chance) ? ""
        : segment.Chance < 0.0001 ? "< 0.0001" : Short(segment.Chance);

    private static string Short(double value) => double.IsNaN(value) ? "–" : value.ToString("0.0000", CultureInfo.InvariantCulture);
}
