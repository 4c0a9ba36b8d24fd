using System.Collections.Immutable;
using OrleansCluster.Numerics.Functions;

namespace OrleansCluster.Numerics.Evaluation;

/// <summary>
/// The mean of the mutual information over all ways to give rows the two labellings' labels with the same totals:
/// Σᵢⱼ Σₙ (n/N) ln(N n / (aᵢ bⱼ)) · P(n), n hypergeometric (Vinh, Epps and Bailey 2010, equation 24a).
/// </summary>
/// <remarks>
/// The probabilities follow from one another by P(n+1)/P(n) = (a−n)(b−n) / ((n+1)(N−a−b+n+1)), from the mode to both sides, and are
/// scaled by their sum: no factorials, no cancellation, and only as many terms as matter. Equal totals are computed once.
/// </remarks>
internal static class ExpectedMutualInformation
{
    /// <summary>Probabilities below this share of the mode's fall off geometrically and add nothing in float64.</summary>
    private const double Negligible = 1e-25;

    public static double Of(ImmutableArray<double> first, ImmutableArray<double> second)
    {
        double all = first.Sum();
        List<(double Total, int Times)> rows = Distinct(first);
        List<(double Total, int Times)> columns = Distinct(second);
        double sum = 0;
        foreach ((double a, int timesA) in rows)
        {
            foreach ((double b, int timesB) in columns)
                sum += (double)timesA * timesB * Cell(a, b, all);
        }

        return sum;
    }

    private static double Cell(double a, double b, double all)
    {
        double least = Math.Max(0, a + b - all);
        double most = Math.Min(a, b);
        double mode = Math.Clamp(Math.Floor((a + 1) * (b + 1) / (all + 2)), least, most);
        double weights = 1;
        double sum = Term(mode, a, b, all);
        double weight = 1;
        for (double n = mode; n < most && weight > Negligible; n++)
        {
            weight *= (a - n) * (b - n) / ((n + 1) * (all - a - b + n + 1));
            weights += weight;
            sum += weight * Term(n + 1, a, b, all);
        }

        weight = 1;
        for (double n = mode; n > least && weight > Negligible; n--)
        {
            weight *= n * (all - a - b + n) / ((a - n + 1) * (b - n + 1));
            weights += weight;
            sum += weight * Term(n - 1, a, b, all);
        }

        return sum / weights;
    }

    private static double Term(double n, double a, double b, double all) => n == 0 ? 0 : n / all * Elementary.Log(all * n / (a * b));

    private static List<(double Total, int Times)> Distinct(ImmutableArray<double> totals)
    {
        List<(double Total, int Times)> distinct = [];
        foreach (double total in totals.Order())
        {
            if (total != Math.Floor(total) || total > 9007199254740992)
                throw new ArgumentException($"A label has the weight {total}: the expected mutual information is defined for whole weights only.");
            if (distinct.Count > 0 && distinct[^1].Total == total)
                distinct[^1] = (total, distinct[^1].Times + 1);
            else if (total > 0)
                distinct.Add((total, 1));
        }

        return distinct;
    }
}
