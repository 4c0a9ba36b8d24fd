using OrleansCluster.Numerics.Monitoring;

namespace OrleansCluster.Numerics.Segments;

/// <summary>A part of some cases.</summary>
/// <param name="Hits">How many.</param>
/// <param name="Cases">Of how many.</param>
public readonly record struct Proportion(long Hits, long Cases)
{
    /// <summary>The quantile of the normal distribution that 95 % lie within on both sides.</summary>
    internal const double Z = 1.959963984540054;

    /// <summary>The part; NaN of no cases.</summary>
    public double Value => (double)Hits / Cases;

    /// <summary>Wilson's score interval at 95 % (Wilson, 1927): <c>statsmodels proportion_confint(…, method="wilson")</c>. NaN of no cases.</summary>
    public (double Low, double High) Interval()
    {
        if (Cases == 0)
            return (double.NaN, double.NaN);
        double n = Cases, p = Value, scale = 1 + (Z * Z / n), centre = (p + (Z * Z / (2 * n))) / scale;
        double half = Z / scale * Math.Sqrt((p * (1 - p) / n) + (Z * Z / (4 * n * n)));
        return (Math.Max(0, centre - half), Math.Min(1, centre + half));
    }

    /// <summary>
    /// How much less the part is than one before, and the interval of that at 95 %: Newcombe's hybrid of Wilson's (1998, method 10), as
    /// <c>statsmodels confint_proportions_2indep(…, method="newcomb")</c>.
    /// </summary>
    public (double Less, double Low, double High) Below(Proportion before)
    {
        (double less, (double Low, double High) now, (double Low, double High) was) = (before.Value - Value, Interval(), before.Interval());
        double down = Apart(before.Value - was.Low, now.High - Value), up = Apart(was.High - before.Value, Value - now.Low);
        return (less, less - down, less + up);

        static double Apart(double a, double b) => Math.Sqrt((a * a) + (b * b));
    }

    /// <summary>The probability that two proportions are at least as different by chance: Pearson's chi-square of the table of both.</summary>
    public static double Chance(Proportion one, Proportion other)
    {
        (double statistic, int degrees) = Divergences.ChiSquare([one.Hits, one.Cases - one.Hits], [other.Hits, other.Cases - other.Hits]);
        return degrees == 0 ? 1 : Tails.ChiSquare(statistic, degrees);
    }

    /// <summary>Chances corrected for their number after Holm (1979), as <c>statsmodels multipletests(…, method="holm")</c>, in the same order.</summary>
    public static double[] Holm(IReadOnlyList<double> chances)
    {
        ArgumentNullException.ThrowIfNull(chances);
        var corrected = new double[chances.Count];
        double greatest = 0;
        foreach ((int rank, int index) in Enumerable.Range(0, chances.Count).OrderBy(index => chances[index]).Index())
            corrected[index] = greatest = Math.Max(greatest, Math.Min(1, (chances.Count - rank) * chances[index]));
        return corrected;
    }
}
