using System.Globalization;
using OrleansCluster.Cli.Output;
using OrleansCluster.Contracts.Api;
using Spectre.Console;

namespace OrleansCluster.Cli.Monitoring;

/// <summary>How far rows are from a reference, for people: what drifted comes first.</summary>
internal static class DriftOutput
{
    private const int MostColumns = 30, MostClusters = 12;

    public static void Write(IAnsiConsole console, DriftDocument report, ClusterNames names)
    {
        string reference = report.Reference.Name == "training" ? "those that it was trained on" : report.Reference.Name;
        console.WriteLine();
        TrainingText.Heading(
            console, $"{report.Model} version {report.Version.ToString(CultureInfo.InvariantCulture)}",
            $"{Numbers.Of(report.Observed.Rows, "row")} of {report.Observed.Name} compared with {Numbers.Of(report.Reference.Rows, "row")}, {reference}");
        console.WriteLine();
        WriteFigures(console, report);
        if (report.ClusterShares.Length > 0)
            WriteShares(console, report, names);
        FitOutput.Write(console, report);
        console.WriteLine();
        foreach (string cause in report.Causes)
            Prose.Marked(console, "✗", cause, Palette.Warning);
        if (report.NewMode is { Centre.Length: > 0 } mode)
            Prose.Note(console, $"the new mode is at {string.Join(", ", mode.Centre.Take(12).Select(value => $"{value.Column} {Numbers.Real(value.Value)}"))}");
        if (!report.EnoughRows)
            Prose.Marked(
                console, "!", $"not enough rows to judge: {Numbers.Count(Math.Min(report.Observed.Rows, report.Reference.Rows))} are fewer than "
                    + $"{Numbers.Count(report.Thresholds.MinimumRows)} (--min-rows)", Palette.Warning);
        else if (!report.Drifted)
            Prose.Marked(console, "✓", "nothing has drifted", Style.Plain);
        if (report.LeftOut > 0)
            Prose.Note(console, $"the {Numbers.Count(report.Columns.Length)} columns are compared that varied most in training; the others, "
                + $"{Numbers.Count(report.LeftOut)}, show in the distances alone{(report.LooksForModes ? "" : ", and a new mode is not looked for")}");
        DriftFiguresDocument[] coarse = [.. report.Columns.Where(column => column.Wasserstein is not null && column.Fullest > 0.9)];
        if (coarse.Length > 0)
            Prose.Note(console, $"nearly all training rows are in one bin of {string.Join(", ", coarse.Take(5).Select(column => column.Name))}: "
                + "their range is far wider than their values, and only differences of the mean are seen");
    }

    private static void WriteFigures(IAnsiConsole console, DriftDocument report)
    {
        DriftFiguresDocument[] all = [.. report.Columns, .. report.Scores];
        if (report.Clusters is { } clusters)
            all = [.. all, clusters];
        DriftFiguresDocument[] shown = [.. all.OrderByDescending(one => one.Drifted).ThenByDescending(one => one.Wasserstein ?? one.JensenShannon ?? 0)
            .Take(MostColumns)];
        new Listing(
            Column.Word(""), Column.Name("what"), Column.Word("type", leaves: 4), Column.Number("moved by σ"), Column.Number("KS"), Column.Number("JS"),
            Column.Number("PSI", leaves: 2), Column.Number("p"), Column.Number("mean before", leaves: 3), Column.Number("mean", leaves: 3),
            Column.Number("missing", leaves: 1), Column.Number("outside", leaves: 1))
            .AddAll(shown, one =>
            [
                one.Drifted ? "✗" : " ",
                one.Name,
                one.Type,
                Short(one.Wasserstein),
                Short(one.KolmogorovSmirnov),
                Short(one.JensenShannon),
                Short(one.Psi),
                Chance(Math.Min(one.KolmogorovSmirnovP ?? 1, one.ChiSquareP ?? 1)),
                one.MeanBefore is { } before ? Numbers.Real(before) : "",
                one.Mean is { } mean ? Numbers.Real(mean) : "",
                Change(one.Missing),
                Change(one.Outside),
            ])
            .Write(console);
        if (all.Length > shown.Length)
            Prose.Note(console, $"the {shown.Length} of {all.Length} that moved most; --report json has all");
    }

    private static void WriteShares(IAnsiConsole console, DriftDocument report, ClusterNames names)
    {
        ClusterShareDocument[] shown = [.. report.ClusterShares
            .OrderByDescending(share => report.ClusterShifts.Any(shift => shift.Cluster == share.Cluster && shift.Drifted))
            .ThenByDescending(share => Math.Abs(share.Now - share.Before)).Take(MostClusters)];
        console.WriteLine();
        var shifts = report.ClusterShifts.ToDictionary(shift => shift.Cluster);
        new Listing(
            Column.Word(""), Column.Name("cluster"), Column.Number("rows"), Column.Number("before"), Column.Number("now"), Column.Drawing("", 1, 12, 6),
            Column.Number("mean moved by σ", leaves: 1), Column.Word("in", leaves: 2), Column.Number("p", leaves: 3))
            .AddAll(shown, share =>
            {
                ClusterShiftDocument? shift = shifts.GetValueOrDefault(share.Cluster);
                bool told = shift is { EnoughRows: true };
                return
                [
                    shift is { Drifted: true } ? "✗" : " ",
                    names.IdOf(share.Cluster),
                    Numbers.Count(share.Rows),
                    Numbers.Share(100 * share.Before),
                    Numbers.Share(100 * share.Now),
                    Cell.Bar(share.Now),
                    shift?.Size is null ? "not known" : told ? Short(shift.Size) : "too few rows",
                    told ? shift!.Column ?? "" : "",
                    told ? Chance(shift!.P ?? 1) : "",
                ];
            })
            .Write(console);
        if (report.ClusterShares.Length > shown.Length)
            Prose.Note(console, $"the {shown.Length} of {report.ClusterShares.Length} clusters that changed most; --report json has all");
    }

    internal static string Short(double? value) => value switch
    {
        null => "",
        double.PositiveInfinity => "∞",
        { } known => known.ToString("0.000", CultureInfo.InvariantCulture),
    };

    internal static string Chance(double value) => value switch
    {
        < 0.0001 => "< 0.0001",
        _ => value.ToString("0.0000", CultureInfo.InvariantCulture),
    };

    private static string Change(ShareChangeDocument change) => change is { Before: 0, Now: 0 } ? "" : Numbers.Share(100 * change.Now);
}
