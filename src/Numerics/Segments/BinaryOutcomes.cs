namespace OrleansCluster.Numerics.Segments;

/// <summary>How often yes was said and was true. Rates without a denominator are NaN.</summary>
/// <param name="TruePositives">Said yes, was yes.</param>
/// <param name="FalsePositives">Said yes, was no.</param>
/// <param name="FalseNegatives">Said no, was yes.</param>
/// <param name="TrueNegatives">Said no, was no.</param>
public readonly record struct BinaryOutcomes(long TruePositives, long FalsePositives, long FalseNegatives, long TrueNegatives)
{
    public long Rows => TruePositives + FalsePositives + FalseNegatives + TrueNegatives;

    /// <summary>Part of the rows that were told rightly.</summary>
    public Proportion Accuracy => new(TruePositives + TrueNegatives, Rows);

    /// <summary>Part of those said to be yes that were.</summary>
    public Proportion Precision => new(TruePositives, TruePositives + FalsePositives);

    /// <summary>Part of those that were yes that were said to be.</summary>
    public Proportion Recall => new(TruePositives, TruePositives + FalseNegatives);

    /// <summary>Part of those that were no that were said to be yes.</summary>
    public Proportion FalsePositiveRate => new(FalsePositives, FalsePositives + TrueNegatives);

    /// <summary>Part of the rows that yes was said of.</summary>
    public Proportion PositiveRate => new(TruePositives + FalsePositives, Rows);

    /// <summary>Harmonic mean of precision and recall.</summary>
    public double F1 => 2.0 * TruePositives / ((2 * TruePositives) + FalsePositives + FalseNegatives);

    /// <summary>These and another row, which counts so many times.</summary>
    public BinaryOutcomes With(bool truth, bool said, int times = 1) => (truth, said) switch
    {
        (true, true) => this with { TruePositives = TruePositives + times },
        (false, true) => this with { FalsePositives = FalsePositives + times },
        (true, false) => this with { FalseNegatives = FalseNegatives + times },
        _ => this with { TrueNegatives = TrueNegatives + times },
    };

    public static BinaryOutcomes operator -(BinaryOutcomes all, BinaryOutcomes some) => new(
        all.TruePositives - some.TruePositives, all.FalsePositives - some.FalsePositives, all.FalseNegatives - some.FalseNegatives,
        all.TrueNegatives - some.TrueNegatives);
}
