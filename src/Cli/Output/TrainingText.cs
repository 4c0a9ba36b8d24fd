using OrleansCluster.Families;
using OrleansCluster.Models;
using OrleansCluster.Training;
using Spectre.Console;

namespace OrleansCluster.Cli.Output;

/// <summary>A finished training for people: clusters, a picture, how it went.</summary>
internal static class TrainingText
{
    private const int MostCellsWide = 72;

    /// <summary>Writes the report.</summary>
    /// <param name="parameters">The parameters, for their centres in original units; null: those are not told.</param>
    /// <param name="centroids">k × d centres.</param>
    /// <param name="view">A layout of rows on a plane; null when there is none to show.</param>
    /// <param name="alignment">How its clusters relate to the parent's; null when it is the first version.</param>
    /// <param name="names">Names that people gave clusters.</param>
    /// <param name="importSeconds">Time that reading the file took; 0 when there was none to read.</param>
    public static void Write(
        Terminal terminal, TrainingReport report, ModelParameters? parameters, double[] centroids, PlanarView? view, VersionAlignment? alignment,
            ClusterNames names, double importSeconds)
    {
        IAnsiConsole console = terminal.Out;
        console.WriteLine();
        Heading(console, $"{report.Model} version {report.Version}",
            $"{Numbers.Of(report.K, report.Family.Part)} of {Numbers.Of(report.Rows, "row")} × {Numbers.Of(report.Columns.Length, "column")}");
        console.WriteLine();
        ClusterTable.Create(report.Clusters, centroids, terminal.IsColoured, report.PartMeasures.Where(measure => measure.Title.Length > 0), names)
            .Write(console);
        if (ClusterTable.Rest(report.K) is { } rest)
            Prose.Note(console, rest);
        console.WriteLine();
        if (parameters is { Originals.IsEmpty: false })
            OriginalCentres.Write(console, parameters, report);
        if (view is not null)
            Picture(terminal, view);
        if (!report.Selection.IsEmpty)
            SelectionTable.Write(console, report);
        Facts(console, report, importSeconds);
        if (alignment is not null)
            Fact(console, "aligned", Change(alignment), $"with version {alignment.From}");
        if (report.Gate is { } gate)
            GateOutput.Write(console, gate);
        foreach (string warning in report.Warnings)
            Prose.Marked(console, "!", warning, Palette.Warning);
    }

    /// <summary>A heading: a name in bold and what it is.</summary>
    public static void Heading(IAnsiConsole console, string name, string what) =>
        console.Write(new Prose(2, ($"  {name}", new Style(decoration: Decoration.Bold)), ($"  {what}", Palette.Quiet)));

    /// <summary>A name and its value, and what else there is to say, in a column of their own.</summary>
    public static void Fact(IAnsiConsole console, string name, string value, string? remark = null)
    {
        const int usual = 10;
        int width = Math.Max(usual, CellText.Width(name) + 1);
        string blanks = new(' ', width - CellText.Width(name));
        console.Write(new Prose(2 + width, ($"  {name}{blanks}", Palette.Quiet), (value, Style.Plain), ($"  {remark}", Palette.Quiet)));
    }

    private static void Picture(Terminal terminal, PlanarView view)
    {
        // A cell is about twice as high as wide.
        int width = Math.Clamp(terminal.Out.Profile.Width - 6, 20, MostCellsWide);
        int height = Math.Clamp((int)Math.Round(width / view.Aspect / 2), 8, 24);
        width = Math.Clamp((int)Math.Round(height * 2 * view.Aspect), 20, width);
        terminal.Out.Write(new ScatterPicture(view, width, height, terminal.IsColoured));
        terminal.Out.WriteLine();
    }

    private static void Facts(IAnsiConsole console, TrainingReport report, double importSeconds)
    {
        string remark = report.Family.ObjectiveRemark.Length > 0 ? $"{report.Family.ObjectiveRemark}, " : "";
        int starts = report.Options.Restarts;
        string best = report.Retraining == RetrainingKind.Warm ? "from the parent's parameters, " : starts > 1 ? $"the best of {starts} restarts, " : "";
        Fact(console, report.ObjectiveTitle(), Numbers.Objective(report.Objective),
            $"{remark}{best}{Stop(report.Stop)} after {Numbers.Of(Iterations(report), "iteration")}");
        foreach (IGrouping<Better, Measure> criteria in report.Measures.Where(measure => measure.Title.Length > 0).GroupBy(measure => measure.Better))
            Fact(console, criteria.Key == Better.Neither ? "measured" : "criteria",
                string.Join(" · ", criteria.Select(measure => $"{measure.Title} {Numbers.Real(measure.Value)}")), Direction(criteria.Key, report));
        string read = importSeconds > 0 ? $"read {Numbers.Seconds(importSeconds)}, " : "";
        Fact(console, "time", Numbers.Seconds(importSeconds + report.TotalSeconds), $"{read}start {Numbers.Seconds(report.InitSeconds)}, iterate "
            + $"{Numbers.Seconds(report.IterateSeconds)}, {Numbers.Of(report.Threads, "thread")}, at most {Numbers.Bytes(report.MemoryPeakBytes)}");
        if (!report.PreparationSteps.IsDefaultOrEmpty)
            Fact(console, "prepared", report.Preparation, $"{string.Join("; ", report.PreparationSteps)}");
        Fact(console, "digest", report.Digest);
    }

    /// <summary>Which values of criteria are the better ones, and what rows they are of.</summary>
    private static string Direction(Better better, TrainingReport report)
    {
        string weights = double.IsNaN(report.SampleSize) || report.SampleSize == report.Rows ? ""
            : $"the weights stand for {Numbers.Real(report.SampleSize)} {(report.SampleSize == 1 ? "row" : "rows")}";
        string direction = better switch { Better.Less => "less is better", Better.More => "more is better", _ => "" };
        return direction.Length > 0 && weights.Length > 0 ? $"{direction}; {weights}" : direction + weights;
    }

    /// <summary>What became of the parent's clusters, in one line.</summary>
    private static string Change(VersionAlignment alignment)
    {
        int born = alignment.Clusters.Count(cluster => cluster.Born), died = alignment.Died.Length;
        string fates = $"{alignment.Clusters.Length - born} kept{(born > 0 ? $", {born} born" : "")}{(died > 0 ? $", {died} died" : "")}";
        return alignment.AnchorWeight > 0 ? $"{fates}, {Numbers.Share(100 * alignment.Churn)} of the anchor rows have another id" : fates;
    }

    /// <summary>How many iterations the kept restart took: of several numbers of clusters its number is among those of all.</summary>
    private static int Iterations(TrainingReport report) => report.Iterations is [.., { } newest] ? newest.Iteration : 0;

    private static string Stop(string stop) => stop switch
    {
        "converged" => "no row moved any more",
        "tolerance" => "within the tolerance",
        "max-iterations" => "stopped by --max-iterations",
        _ => stop,
    };
}
