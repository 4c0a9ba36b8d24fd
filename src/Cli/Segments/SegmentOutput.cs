using System.Globalization;
using OrleansCluster.Cli.Output;
using OrleansCluster.Contracts;
using OrleansCluster.Contracts.Api;
using Spectre.Console;

namespace OrleansCluster.Cli.Segments;

/// <summary>Segments for people.</summary>
internal static class SegmentOutput
{
    private const int Most = 40, MostTimes = 60;

    public static void Write(IAnsiConsole console, SegmentsDocument report)
    {
        console.WriteLine();
        TrainingText.Heading(
            console, $"{Numbers.Of(report.Segments.Length, "segment")}",
            $"of {Numbers.Of(report.Overall.Rows, "row")}, compared with the rest by {report.Metric}, the worst first");
        console.WriteLine();
        WriteSegments(console, report);
        if (report.Labels is { } labels)
            WriteLabels(console, labels);
        if (report.Changes.Length > 0)
            WriteChanges(console, report);
        foreach (SegmentTimesDocument segment in report.OverTime)
            WriteTimes(console, segment, report.Metric);
        if (report.MaxDrop is not { } most)
            return;
        console.WriteLine();
        foreach (SegmentDocument segment in report.Segments.Where(segment => report.Failed.Contains(segment.Name)))
            Bad(console, segment.Name, report.Metric, segment.Value, segment.Rest, "in the rest", segment.Drop, most);
        foreach (SegmentChangeDocument change in report.Changes.Where(change => report.Worsened.Contains(change.Name)))
            Bad(console, change.Name, report.Metric, change.Now, change.Before, "in the baseline", change.Drop, most);
        if (report.Passed == true)
            Prose.Marked(console, "✓", $"no segment is worse than the rest{(report.Changes.Length > 0 ? " or than it was" : "")} by more than "
                + Numbers.Share(100 * most), Style.Plain);
    }

    private static void WriteSegments(IAnsiConsole console, SegmentsDocument report)
    {
        string[] names = [.. report.Overall.Figures.Select(figure => figure.Name)];
        bool waits = report.Overall.Waiting > 0;
        new Listing(
            [Column.Word(""), Column.Name("segment"), Column.Number("rows"), Column.Number("waiting"), Column.Number("95%"), Column.Number("rest"),
                Column.Number("p"), .. names.Select((name, place) => Column.Number(name.Replace('_', ' '), leaves: place))])
            .AddAll(report.Segments.Take(Most).Prepend(report.Overall), segment =>
                [report.Failed.Contains(segment.Name) ? "✗" : " ", segment.Name, Numbers.Count(segment.Rows),
                    waits ? Numbers.Share(100.0 * segment.Waiting / (segment.Rows + segment.Waiting)) : "",
                    segment.Figures.FirstOrDefault(figure => figure.Name == report.Metric) is { Low: { } low, High: { } high }
                        ? $"{Short(low)}–{Short(high)}" : "",
                    segment == report.Overall ? "" : Short(segment.Rest), Chance(segment.Chance),
                    .. names.Select(name => new Cell(Short(segment.Figures.FirstOrDefault(figure => figure.Name == name)?.Value)))])
            .Write(console);
        if (report.Segments.Length > Most)
            Prose.Note(console, $"the {Most} worst of {report.Segments.Length}; --report json has all");
        if (report.Segments.Any(segment => segment.Chance is null))
            Prose.Note(console, "segments without p have too few rows to compare (--min-rows)");
        if (waits)
            Prose.Note(console, "of those waiting it is not known yet what is true: figures are of rows that were known soon");
    }

    private static void WriteLabels(IAnsiConsole console, JoinedLabelsDocument labels)
    {
        console.WriteLine();
        string lag = labels.Lag is { } one
            ? $", after {Time(one.Median)} in the median, {Time(one.Ninetieth)} of nine in ten, {Time(one.Longest)} at most" : "";
        Prose.Marked(
            console, " ", $"of {Numbers.Of(labels.Answers, "answer")} {Numbers.Count(labels.Joined)} are known{lag}; {Numbers.Count(labels.Waiting)} "
                + $"{(labels.Waiting == 1 ? "waits" : "wait")}", Style.Plain);
        if (labels.Strange > 0)
            Prose.Marked(console, "!", $"{Numbers.Of(labels.Strange, "row")} of {Numbers.Of(labels.Truths, "truth")} were never answered", Palette.Warning);
        if (labels.Lag is { Early: > 0 } early)
            Prose.Marked(console, "!", $"{Numbers.Of(early.Early, "row")} were known before they were answered: look at both clocks", Palette.Warning);
    }

    private static void WriteChanges(IAnsiConsole console, SegmentsDocument report)
    {
        console.WriteLine();
        new Listing(
            Column.Word(""), Column.Name("since the baseline"), Column.Number("rows before"), Column.Number("rows"), Column.Number("before"),
            Column.Number("now"), Column.Number("worse by"), Column.Number("95%"), Column.Number("p"))
            .AddAll(report.Changes.Take(Most), change =>
                [report.Worsened.Contains(change.Name) ? "✗" : " ", change.Name, Numbers.Count(change.RowsBefore), Numbers.Count(change.Rows),
                    Short(change.Before), Short(change.Now), Short(change.Drop), $"{Short(change.Low)}…{Short(change.High)}", Chance(change.Chance)])
            .Write(console);
        if (report.Changes.Length > Most)
            Prose.Note(console, $"the {Most} of {report.Changes.Length} that got worse most; --report json has all");
    }

    private static void WriteTimes(IAnsiConsole console, SegmentTimesDocument segment, string metric)
    {
        console.WriteLine();
        new Listing(Column.Name(segment.Name), Column.Number("rows"), Column.Number("waiting"), Column.Number(metric), Column.Number("95%"))
            .AddAll(segment.Windows.TakeLast(MostTimes), window =>
                [window.From.UtcDateTime.ToString(window.From.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
                    Numbers.Count(window.Rows), window.Waiting > 0 ? Numbers.Share(100.0 * window.Waiting / (window.Rows + window.Waiting)) : "",
                    window.EnoughRows ? Short(window.Value) : "not enough rows", window.EnoughRows ? $"{Short(window.Low)}–{Short(window.High)}" : ""])
            .Write(console);
        if (segment.Windows.Length > MostTimes)
            Prose.Note(console, $"the newest {MostTimes} of {segment.Windows.Length}; --report json has all");
    }

    private static void Bad(IAnsiConsole console, string name, string metric, double? value, double? other, string where, double? drop, double most) =>
        Prose.Marked(
            console, "✗", $"{name}: {metric} {Short(value)}, {Short(other)} {where} "
                + $"({Numbers.Share(100 * drop!.Value)} worse, {Numbers.Share(100 * most)} allowed)", Palette.Warning);

    private static string Time(double seconds) => DurationText.Of(TimeSpan.FromSeconds(seconds));

    private static string Chance(double? chance) => chance is < 0.0001 ? "< 0.0001" : chance is null ? "" : Short(chance);

    private static string Short(double? value) => value?.ToString("0.0000", CultureInfo.InvariantCulture) ?? "–";
}
