using System.Globalization;
using OrleansCluster.Numerics.Selection;
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
        string select = report.Options.Select;
        int chosen = SelectionTrial.Best([.. tried.Select(one => one.Value)], tried[0].Criteria.First(criterion => criterion.Name == select).MoreIsBetter);
        string[] criteria = [.. tried[0].Criteria.Select(criterion => criterion.Name)];
        bool byObjective = select == "elbow";
        double[] curve = [.. tried.Select(one => byObjective ? one.Objective : one.Value)];
        double[] shown = [.. curve.Where(double.IsFinite)];
        string objective = report.ObjectiveTitle();
        // The number and what chose it stay in any window; the other criteria leave from the last one on, the curve before them.
        var table = new Listing(
        [
            Column.Number("k"),
            Column.Word(""),
            Column.Number(objective, leaves: byObjective ? 0 : 1),
            .. criteria.Select((name, i) => Column.Number(Title(name), leaves: name == select ? 0 : 2 + i)),
            Column.Number("start", leaves: 2 + criteria.Length + 1),
            Column.Drawing("curve", leaves: 2 + criteria.Length, CurveCells, least: 8),
        ]);
        string[] objectives = Numbers.Aligned([.. tried.Select(one => one.Objective)]);
        string[][] values = [.. criteria.Select(name => Told([.. tried.Select(one => one.Criteria.First(criterion => criterion.Name == name))]))];
        for (int i = 0; i < tried.Count; i++)
        {
            table.Add(
            [
                tried[i].K.ToString(CultureInfo.InvariantCulture),
                i == chosen ? "chosen" : "",
                objectives[i],
                .. values.Select(column => new Cell(column[i])),
                tried[i].Start.ToString(CultureInfo.InvariantCulture),
                Point(curve[i], shown),
            ]);
        }

        table.Write(console);
        console.WriteLine();
    }

    private static string Title(string criterion) => criterion is "bic" or "aic" or "icl" ? criterion.ToUpperInvariant() : criterion;

    /// <summary>The values of a criterion below each other, with their standard errors where they have some.</summary>
    private static string[] Told(IReadOnlyList<CriterionRecord> values) => values.All(value => double.IsNaN(value.StandardError))
        ? Numbers.Aligned([.. values.Select(value => value.Value)])
        : [.. values.Select(value => double.IsNaN(value.Value) ? "–"
            : string.Create(CultureInfo.InvariantCulture, $"{value.Value:0.0000} ± {value.StandardError:0.0000}"))];

    /// <summary>A dot as far to the right as the value is great.</summary>
    private static Cell Point(double value, double[] all)
    {
        if (double.IsInfinity(value))
            return Cell.Point(value > 0 ? 1 : 0);
        if (double.IsNaN(value))
            return "";
        (double least, double greatest) = (all.Min(), all.Max());
        return Cell.Point(greatest > least ? (value - least) / (greatest - least) : 0);
    }
}
