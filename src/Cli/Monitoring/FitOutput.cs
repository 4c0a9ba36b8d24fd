using OrleansCluster.Cli.Output;
using OrleansCluster.Contracts.Api;
using Spectre.Console;

namespace OrleansCluster.Cli.Monitoring;

/// <summary>How well rows fit their clusters, for people.</summary>
internal static class FitOutput
{
    public static void Write(IAnsiConsole console, DriftDocument report)
    {
        console.WriteLine();
        if (report.Fits.Length == 0)
        {
            Prose.Note(console, "how well rows fit is not known: the version was trained by a program that kept nothing of it, or its family tells nothing");
            return;
        }

        new Listing(
            Column.Word(""), Column.Name("how well rows fit"), Column.Number("rows"), Column.Number("before"), Column.Number("now"),
            Column.Number("moved by σ"), Column.Number("p"))
            .AddAll(report.Fits, fit =>
            [
                fit.Drifted ? "✗" : " ",
                fit.Name.Replace('_', ' '),
                Numbers.Count(fit.Rows),
                fit.MeanBefore is { } before ? Numbers.Real(before) : "not known",
                fit.Mean is { } mean ? Numbers.Real(mean) : "not known",
                DriftOutput.Short(fit.Shift),
                fit.P is { } chance ? DriftOutput.Chance(chance) : "",
            ])
            .Write(console);
    }
}
