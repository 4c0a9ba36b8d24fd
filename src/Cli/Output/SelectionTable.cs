using System.Globalization;
using OrleansCluster.Training;
using Spectre.Console;

namespace OrleansCluster.Cli.Output;

/// <summary>The numbers of clusters that were tried: their criteria, and a curve of the one that chose (for the elbow, of the inertia).</summary>
internal static class SelectionTable
{
    private const int CurveCells = 24;

    public static void Write(IAnsiConsole console, TrainingReport report)
    {
        IReadOnlyList<TrialRecord> tried = report.Selection;
        string select = report.Options().Select;
        int chosen = Chosen(tried, select);
        string[] criteria = [.. tried[0].Criteria.Select(criterion => criterion.Name)];
        bool byObjective = select == "elbow";
        double[] curve = [.. tried.Select(one => byObjective ? one.Objective : one.Value)];
        double[] shown = [.. curve.Where(double.IsFinite)];
        string objective = report.Mixture is null ? report.ObjectiveName : "ln p(x)";
        string[][] columns =
        [
            [.. tried.Select(one => one.K.ToString(CultureInfo.InvariantCulture))],
            [.. tried.Select(one => Numbers.Real(one.Objective))],
            .. criteria.Select(name => tried.Select(one => Cell(one.Criteria.First(criterion => criterion.Name == name))).ToArray()),
            [.. tried.Select(one => one.Start.ToString(CultureInfo.InvariantCulture))],
            [.. curve.Select((value, i) => Point(value, shown, i == chosen))],
        ];
        Listing.Write(
            console,
            ["k", objective, .. criteria.Select(Title), "start", byObjective ? objective : Title(select)],
            tried.Select((_, row) => columns.Select(column => column[row]).ToArray()),
            numbersFrom: 0,
            numbersTo: criteria.Length + 2);
        console.WriteLine();
    }

    private static int Chosen(IReadOnlyList<TrialRecord> tried, string select)
    {
        bool more = tried[0].Criteria.First(criterion => criterion.Name == select).MoreIsBetter;
        int chosen = -1;
        for (int i = 0; i < tried.Count; i++)
        {
            if (!double.IsNaN(tried[i].Value) && (chosen < 0 || (more ? tried[i].Value > tried[chosen].Value : tried[i].Value < tried[chosen].Value)))
                chosen = i;
        }

        return chosen;
    }

    private static string Title(string criterion) => criterion is "bic" or "aic" or "icl" ? criterion.ToUpperInvariant() : criterion;

    private static string Cell(CriterionRecord criterion)
        => double.IsNaN(criterion.StandardError) ? Numbers.Real(criterion.Value) : $"{criterion.Value.ToString("0.0000", CultureInfo.InvariantCulture)} ± {criterion.StandardError.ToString("0.0000", CultureInfo.InvariantCulture)}";

    /// <summary>A dot as far to the right as the value is great.</summary>
    private static string Point(double value, double[] all, bool chosen)
    {
        if (!double.IsFinite(value))
            return "";
        (double least, double greatest) = (all.Min(), all.Max());
        double at = greatest > least ? (value - least) / (greatest - least) : 0;
        return new string(' ', (int)Math.Round(at * (CurveCells - 1))) + (chosen ? "● chosen" : "●");
    }
}
