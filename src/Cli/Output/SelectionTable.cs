using System.Globalization;
using OrleansCluster.Training;
using Spectre.Console;

namespace OrleansCluster.Cli.Output;

/// <summary>The numbers of components that were tried: their criteria, and a curve of the one that chose.</summary>
internal static class SelectionTable
{
    private const int CurveCells = 24;

    public static void Write(IAnsiConsole console, MixtureRecord mixture)
    {
        IReadOnlyList<SelectionRecord> tried = mixture.Selection;
        double least = tried.Min(one => one.Value), greatest = tried.Max(one => one.Value);
        string chooses = mixture.Options.Select.ToUpperInvariant();
        Listing.Write(
            console,
            ["k", "BIC", "AIC", "ICL", "start", chooses],
            tried.Select(one => new[]
            {
                one.K.ToString(CultureInfo.InvariantCulture), Numbers.Real(one.Bic), Numbers.Real(one.Aic), Numbers.Real(one.Icl),
                one.Start.ToString(CultureInfo.InvariantCulture), Curve(one.Value, least, greatest),
            }),
            numbersFrom: 0,
            numbersTo: 4);
        console.WriteLine();
    }

    /// <summary>A dot as far to the right as the value is great; the chosen one is at the left.</summary>
    private static string Curve(double value, double least, double greatest)
    {
        double at = greatest > least ? (value - least) / (greatest - least) : 0;
        return new string(' ', (int)Math.Round(at * (CurveCells - 1))) + (value == least ? "● chosen" : "●");
    }
}
