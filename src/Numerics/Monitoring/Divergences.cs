using OrleansCluster.Numerics.Functions;

namespace OrleansCluster.Numerics.Monitoring;

/// <summary>
/// How far one distribution is from another, of counts in the same cells. Definitions are those of scipy and, of the stability index, of Evidently.
/// </summary>
public static class Divergences
{
    /// <summary>The share that an empty cell counts as where a logarithm of it is taken, as Evidently has it.</summary>
    public const double EmptyShare = 0.0001;

    /// <summary>The population stability index Σ (p − q) ln(p / q), empty cells counting as <see cref="EmptyShare"/>.</summary>
    public static double StabilityIndex(ReadOnlySpan<double> reference, ReadOnlySpan<double> now)
    {
        double sum = 0;
        for (int i = 0; i < reference.Length; i++)
        {
            (double p, double q) = (Filled(reference[i]), Filled(now[i]));
            sum += (p - q) * Elementary.Log(p / q);
        }

        return sum;
    }

    /// <summary>
    /// The Kullback–Leibler divergence of now from the reference, Σ q ln(q / p) in nats: <c>scipy.stats.entropy(now, reference)</c> with empty cells filled.
    /// </summary>
    public static double KullbackLeibler(ReadOnlySpan<double> reference, ReadOnlySpan<double> now)
    {
        (double all, double allNow, double sum) = (0, 0, 0);
        for (int i = 0; i < reference.Length; i++)
            (all, allNow) = (all + Filled(reference[i]), allNow + Filled(now[i]));
        for (int i = 0; i < reference.Length; i++)
        {
            (double p, double q) = (Filled(reference[i]) / all, Filled(now[i]) / allNow);
            sum += q * Elementary.Log(q / p);
        }

        return Math.Max(0, sum);
    }

    /// <summary>The Jensen–Shannon distance to the base 2, 0 to 1: <c>scipy.spatial.distance.jensenshannon(reference, now, base=2)</c>.</summary>
    public static double JensenShannon(ReadOnlySpan<double> reference, ReadOnlySpan<double> now)
    {
        double sum = 0;
        for (int i = 0; i < reference.Length; i++)
        {
            double middle = (reference[i] + now[i]) / 2;
            sum += Part(reference[i], middle) + Part(now[i], middle);
        }

        return Math.Sqrt(Math.Max(0, sum / (2 * Elementary.Log(2))));

        static double Part(double share, double middle) => share > 0 ? share * Elementary.Log(share / middle) : 0;
    }

    /// <summary>The greatest difference of the distribution functions: the statistic of <c>scipy.stats.ks_2samp</c> on the cells' values.</summary>
    /// <param name="reference">Shares of cells, ascending by their values.</param>
    /// <param name="now">Shares of the same cells.</param>
    public static double KolmogorovSmirnov(ReadOnlySpan<double> reference, ReadOnlySpan<double> now)
    {
        (double apart, double greatest) = (0, 0);
        for (int i = 0; i < reference.Length; i++)
            greatest = Math.Max(greatest, Math.Abs(apart += now[i] - reference[i]));
        return greatest;
    }

    /// <summary>The 1-Wasserstein distance: <c>scipy.stats.wasserstein_distance</c> on the cells' values.</summary>
    /// <param name="values">What stands for the values of each cell, ascending.</param>
    /// <param name="reference">Shares of the cells.</param>
    /// <param name="now">Shares of the same cells.</param>
    public static double Wasserstein(ReadOnlySpan<double> values, ReadOnlySpan<double> reference, ReadOnlySpan<double> now)
    {
        (double apart, double sum) = (0, 0);
        for (int i = 0; i + 1 < values.Length; i++)
        {
            apart += now[i] - reference[i];
            sum += Math.Abs(apart) * (values[i + 1] - values[i]);
        }

        return sum;
    }

    /// <summary>
    /// Pearson's statistic of homogeneity of two rows of counts, without a correction, and its degrees of freedom: <c>scipy.stats.chi2_contingency(…,
    /// correction=False)</c>. Cells that are empty in both are left out.
    /// </summary>
    public static (double Statistic, int Degrees) ChiSquare(ReadOnlySpan<long> reference, ReadOnlySpan<long> now)
    {
        (double all, double allNow, double sum, int cells) = (0, 0, 0, 0);
        for (int i = 0; i < reference.Length; i++)
            (all, allNow) = (all + reference[i], allNow + now[i]);
        for (int i = 0; i < reference.Length && all > 0 && allNow > 0; i++)
        {
            double both = (double)reference[i] + now[i];
            if (both == 0)
                continue;
            cells++;
            double expected = both * all / (all + allNow), expectedNow = both * allNow / (all + allNow);
            sum += ((reference[i] - expected) * (reference[i] - expected) / expected) + ((now[i] - expectedNow) * (now[i] - expectedNow) / expectedNow);
        }

        return (sum, Math.Max(0, cells - 1));
    }

    private static double Filled(double share) => share == 0 ? EmptyShare : share;
}
