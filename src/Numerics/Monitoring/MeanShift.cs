namespace OrleansCluster.Numerics.Monitoring;

/// <summary>How far a mean is from the reference's.</summary>
/// <param name="RowsBefore">Rows of the reference.</param>
/// <param name="Rows">Rows that are compared.</param>
/// <param name="Size">Difference of the means in standard deviations of the reference (Cohen's d, by the reference's deviation); NaN: not known.</param>
/// <param name="Chance">
/// Probability of at least that by chance, on either side: the normal distribution's, corrected for the skewness that the difference has by the reference's.
/// NaN: not known.
/// </param>
public readonly record struct MeanShift(long RowsBefore, long Rows, double Size, double Chance)
{
    /// <summary>Of two means, in standard deviations of the reference.</summary>
    /// <param name="rowsBefore">Rows of the reference.</param>
    /// <param name="before">Their mean.</param>
    /// <param name="rows">Rows that are compared.</param>
    /// <param name="mean">Their mean.</param>
    /// <param name="skew">Skewness of the reference's rows.</param>
    public static MeanShift Of(long rowsBefore, double before, long rows, double mean, double skew)
    {
        if (rowsBefore == 0 || rows == 0)
            return new MeanShift(rowsBefore, rows, double.NaN, double.NaN);
        (double n, double m) = (rows, rowsBefore);
        double size = mean - before, variance = (1 / n) + (1 / m), deviation = Math.Sqrt(variance);
        double sideways = skew * ((1 / (n * n)) - (1 / (m * m))) / (variance * deviation);
        double chance = 2 * Tails.Skewed(Math.Abs(size) / deviation, size < 0 ? -sideways : sideways);
        return new MeanShift(rowsBefore, rows, size, Math.Min(1, chance));
    }

    /// <summary>Of losses or silhouettes.</summary>
    /// <param name="place">Its place in a profile.</param>
    /// <param name="moments">The training rows'.</param>
    /// <param name="before">Other rows that are the reference; null: the training rows are.</param>
    /// <param name="now">The rows that are compared.</param>
    public static MeanShift OfFits(int place, FitMoments moments, FixedSums? before, FixedSums now)
    {
        ArgumentNullException.ThrowIfNull(now);
        return before is null
            ? Of(moments.Rows, 0, now.Rows(place), now.Mean(place), moments.Skew)
            : Of(before.Rows(place), before.Mean(place), now.Rows(place), now.Mean(place), moments.Skew);
    }

    /// <summary>Whether it is drift: large and improbable.</summary>
    public bool IsDrifted(double least, DriftRules rules, int tests)
    {
        ArgumentNullException.ThrowIfNull(rules);
        return Math.Min(Rows, RowsBefore) >= rules.MinimumRows && Math.Abs(Size) >= least && Chance * tests < rules.Alpha;
    }
}
