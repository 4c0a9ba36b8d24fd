namespace OrleansCluster.Numerics.Monitoring;

/// <summary>Compares rows with a reference, by counts in the same bins.</summary>
public static class Comparison
{
    /// <summary>Compares the values of a column or score.</summary>
    /// <param name="bins">What both were counted by.</param>
    /// <param name="before">The reference.</param>
    /// <param name="now">What is compared with it.</param>
    /// <param name="rules">What is drift.</param>
    /// <param name="tests">How many comparisons the report makes.</param>
    public static DriftFigures Of(ValueBins bins, BinCounts before, BinCounts now, DriftRules rules, int tests)
    {
        ArgumentNullException.ThrowIfNull(bins);
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(now);
        ArgumentNullException.ThrowIfNull(rules);
        DriftFigures figures = bins.ArePlaces
            ? Unordered([.. before.Bins, before.Above], [.. now.Bins, now.Above], rules, tests)
            : Ordered(bins, before, now, rules, tests);
        return figures with
        {
            Missing = ShareChange.Of(before.Missing, before.Missing + before.Present, now.Missing, now.Missing + now.Present, rules, tests),
            Outside = ShareChange.Of(before.Below + before.Above, before.Present, now.Below + now.Above, now.Present, rules, tests),
        };
    }

    /// <summary>Compares counts in cells that have no order: categories, clusters.</summary>
    public static DriftFigures Unordered(long[] before, long[] now, DriftRules rules, int tests)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(now);
        ArgumentNullException.ThrowIfNull(rules);
        DriftFigures figures = Grouped(before, now);
        return figures with { IsShaped = IsDistinct(figures, rules, tests) };
    }

    private static bool IsDistinct(DriftFigures figures, DriftRules rules, int tests) =>
        figures.JensenShannon >= rules.JensenShannon && figures.ChiSquareChance * tests < rules.Alpha;

    private static DriftFigures Ordered(ValueBins bins, BinCounts before, BinCounts now, DriftRules rules, int tests)
    {
        var cells = Cells.Of(bins, before, now);
        (long[] groups, long[] groupsNow) = cells.Grouped();
        (double[] p, double[] q) = (Cells.Shares(cells.Before), Cells.Shares(cells.Now));
        if (before.Present == 0 || now.Present == 0)
            return Grouped(groups, groupsNow);
        double difference = Divergences.KolmogorovSmirnov(p, q), apart = Divergences.Wasserstein(cells.Values, p, q);
        double effective = (double)before.Present * now.Present / ((double)before.Present + now.Present);
        double chance = Tails.Kolmogorov(Math.Sqrt(effective) * difference);
        (double mean, double deviation) = cells.Moments(cells.Before);
        // What a profile tells of a score are bins alone: both sides are then taken from them, as what stands for a bin is not its mean.
        (double meanBefore, double meanNow) = bins.HaveEdges ? (mean, cells.Moments(cells.Now).Mean) : (before.Mean, now.Mean);
        double unit = bins.HaveEdges ? deviation : before.Deviation;
        double distance = InUnits(apart, unit, now.Deviation);
        DriftFigures grouped = Grouped(groups, groupsNow);
        return grouped with
        {
            Wasserstein = distance,
            KolmogorovSmirnov = difference,
            KolmogorovSmirnovChance = chance,
            MeanBefore = meanBefore,
            Mean = meanNow,
            Shift = (meanNow < meanBefore ? -1 : 1) * InUnits(Math.Abs(meanNow - meanBefore), unit, now.Deviation),
            Fullest = p.Max(),
            IsShaped = IsDistinct(grouped, rules, tests)
                || ((distance >= rules.Wasserstein || difference >= rules.KolmogorovSmirnov) && chance * tests < rules.Alpha),
        };
    }

    /// <summary>A difference in standard deviations of the reference; where that was constant, in those of the rows.</summary>
    private static double InUnits(double difference, double unit, double other) => difference == 0 ? 0
        : unit > 0 ? difference / unit
        : other > 0 ? difference / other : double.PositiveInfinity;

    private static DriftFigures Grouped(long[] before, long[] now)
    {
        (double[] p, double[] q) = (Cells.Shares(before), Cells.Shares(now));
        (double statistic, int degrees) = Divergences.ChiSquare(before, now);
        bool none = now.Sum() == 0 || before.Sum() == 0;
        return new DriftFigures
        {
            Present = now.Sum(),
            StabilityIndex = none ? double.NaN : Divergences.StabilityIndex(p, q),
            KullbackLeibler = none ? double.NaN : Divergences.KullbackLeibler(p, q),
            JensenShannon = none ? double.NaN : Divergences.JensenShannon(p, q),
            ChiSquare = statistic,
            ChiSquareChance = degrees == 0 ? 1 : Tails.ChiSquare(statistic, degrees),
            Fullest = p.DefaultIfEmpty().Max(),
        };
    }
}
