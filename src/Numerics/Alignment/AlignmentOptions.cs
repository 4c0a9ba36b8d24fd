namespace OrleansCluster.Numerics.Alignment;

/// <summary>What makes two clusters alike.</summary>
public enum AlignmentCost
{
    /// <summary>Distance between centroids in units of spread. Default limit 1: as far as the rows lie from their centroid.</summary>
    CentroidDistance,

    /// <summary>Bhattacharyya distance between Gaussians. Default limit 1: the densities overlap by e⁻¹ = 0.37.</summary>
    Bhattacharyya,

    /// <summary>2-Wasserstein distance between Gaussians in units of spread. Default limit 1.</summary>
    Wasserstein,

    /// <summary>1 − Jaccard index of the anchor rows. Default limit 0.75: a quarter of the rows of either are shared.</summary>
    Overlap,
}

/// <summary>How two versions are aligned. Options that exist are valid.</summary>
public sealed record AlignmentOptions
{
    /// <summary>Default of <see cref="LeastSpread"/>.</summary>
    public const double DefaultLeastSpread = 0.1;

    private readonly double? _limit;
    private readonly double _leastSpread = DefaultLeastSpread;
    private readonly double _majority = 0.5;
    private readonly int _candidates = 32;

    public AlignmentCost Cost { get; init; }

    /// <summary>
    /// A pair of clusters that costs this much or more is not matched: the new one is born, the old one died. Finite, &gt; 0; for
    /// <see cref="AlignmentCost.Overlap"/> at most 1. It is also what the matching charges for leaving a pair apart, and the scale of confidence.
    /// </summary>
    public double Limit
    {
        get => _limit ?? (Cost == AlignmentCost.Overlap ? 0.75 : 1);
        init => _limit = value > 0 && double.IsFinite(value) ? value
            : throw new ArgumentOutOfRangeException(nameof(Limit), value, "The limit must be finite and above 0.");
    }

    /// <summary>A cluster's spread counts as at least this share of its version's pooled spread: 0 … 1.</summary>
    public double LeastSpread
    {
        get => _leastSpread;
        init => _leastSpread = value is >= 0 and <= 1 ? value
            : throw new ArgumentOutOfRangeException(nameof(LeastSpread), value, "The least spread is a share from 0 to 1.");
    }

    /// <summary>The share of a cluster's anchor rows that must be exceeded to call it split from, or merged into, another: 0.5 … 1.</summary>
    public double Majority
    {
        get => _majority;
        init => _majority = value is >= 0.5 and < 1 ? value
            : throw new ArgumentOutOfRangeException(nameof(Majority), value, "The majority is a share from 0.5 to below 1.");
    }

    /// <summary>Old clusters held for each new one at first; changes time and memory only.</summary>
    public int Candidates
    {
        get => _candidates;
        init => _candidates = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Candidates), value, "At least one candidate a cluster.");
    }
}
