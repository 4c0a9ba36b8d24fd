namespace OrleansCluster.Numerics.Monitoring;

/// <summary>How the values of one column or score, or the shares of clusters, differ from the reference.</summary>
public sealed record DriftFigures
{
    /// <summary>Values compared.</summary>
    public required long Present { get; init; }

    /// <summary>Population stability index, over at most ten groups of cells that hold about equal shares of the reference, or over categories.</summary>
    public required double StabilityIndex { get; init; }

    /// <summary>Kullback–Leibler divergence from the reference, over the same groups, in nats.</summary>
    public required double KullbackLeibler { get; init; }

    /// <summary>Jensen–Shannon distance to the base 2, over the same groups.</summary>
    public required double JensenShannon { get; init; }

    /// <summary>Pearson's chi-square of homogeneity over the same groups.</summary>
    public required double ChiSquare { get; init; }

    /// <summary>The probability of at least that by chance.</summary>
    public required double ChiSquareChance { get; init; }

    /// <summary>1-Wasserstein distance in standard deviations of the reference; NaN: cells have no order.</summary>
    public double Wasserstein { get; init; } = double.NaN;

    /// <summary>Greatest difference of the distribution functions; NaN: cells have no order.</summary>
    public double KolmogorovSmirnov { get; init; } = double.NaN;

    /// <summary>The probability of at least that by chance.</summary>
    public double KolmogorovSmirnovChance { get; init; } = double.NaN;

    /// <summary>Difference of the means, in standard deviations of the reference.</summary>
    public double Shift { get; init; } = double.NaN;

    /// <summary>Mean of the reference.</summary>
    public double MeanBefore { get; init; } = double.NaN;

    /// <summary>Mean now.</summary>
    public double Mean { get; init; } = double.NaN;

    /// <summary>Share of the reference's rows in its fullest cell: near 1, the cells are too coarse to tell much.</summary>
    public double Fullest { get; init; }

    /// <summary>Shares of missing values.</summary>
    public ShareChange Missing { get; init; } = ShareChange.None;

    /// <summary>Shares of values outside of the training rows' range, or of categories that they had not.</summary>
    public ShareChange Outside { get; init; } = ShareChange.None;

    /// <summary>Whether the distribution differs by the rules.</summary>
    public bool IsShaped { get; init; }

    /// <summary>Whether any of it is drift by the rules.</summary>
    public bool IsDrifted => IsShaped || Missing.IsDrifted || Outside.IsDrifted;
}

/// <summary>A share of rows before and now.</summary>
/// <param name="Before">Of the reference.</param>
/// <param name="Now">Of what is compared.</param>
/// <param name="IsDrifted">Whether that is drift by the rules.</param>
public sealed record ShareChange(double Before, double Now, bool IsDrifted)
{
    public static readonly ShareChange None = new(0, 0, false);

    /// <summary>Shares of two numbers of rows, judged by the rules and by Pearson's chi-square of the table of both.</summary>
    public static ShareChange Of(long before, long rowsBefore, long now, long rowsNow, DriftRules rules, int tests)
    {
        ArgumentNullException.ThrowIfNull(rules);
        if (rowsBefore == 0 || rowsNow == 0)
            return None;
        (double then, double share) = ((double)before / rowsBefore, (double)now / rowsNow);
        (double statistic, int degrees) = Divergences.ChiSquare([before, rowsBefore - before], [now, rowsNow - now]);
        return new ShareChange(
            then, share, Math.Abs(share - then) >= rules.Share && degrees > 0 && Tails.ChiSquare(statistic, degrees) * tests < rules.Alpha);
    }
}
