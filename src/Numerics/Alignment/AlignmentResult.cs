using System.Collections.Immutable;

namespace OrleansCluster.Numerics.Alignment;

/// <summary>How a version's clusters relate to those of the version before. Plain data: every number is finite.</summary>
public sealed record AlignmentResult
{
    /// <summary>The stable ids of the new version's clusters, and the ids that may never be used again.</summary>
    public required StableLabels Labels { get; init; }

    /// <summary>One entry a cluster of the new version, by index.</summary>
    public required ImmutableArray<ClusterAlignment> Clusters { get; init; }

    /// <summary>Clusters of the earlier version that have no successor, by index there.</summary>
    public required ImmutableArray<DeadCluster> Died { get; init; }

    /// <summary>What the costs are.</summary>
    public required AlignmentCost Cost { get; init; }

    /// <summary>The cost from which clusters were not matched.</summary>
    public required double Limit { get; init; }

    /// <summary>Sum of the matched pairs' costs.</summary>
    public required double TotalCost { get; init; }

    /// <summary>What the anchor rows say; null without anchors.</summary>
    public required AnchorComparison? Anchors { get; init; }

    /// <summary>The least confidence of a match; null when nothing was matched.</summary>
    public double? LeastConfidence => Clusters.Min(cluster => cluster.Match?.Confidence);
}

/// <summary>A cluster of the new version.</summary>
public sealed record ClusterAlignment
{
    /// <summary>Its index in the new version.</summary>
    public required int Index { get; init; }

    /// <summary>The id that stays.</summary>
    public required int StableId { get; init; }

    /// <summary>The cluster it continues; null: it was born in this version.</summary>
    public required ClusterMatch? Match { get; init; }

    /// <summary>
    /// The stable id of the cluster that most of its anchor rows were in, when that one lives on elsewhere or fell into several: it was split from there.
    /// Null also when there are no anchors.
    /// </summary>
    public required int? SplitFrom { get; init; }

    /// <summary>Share of its anchor rows that were in <see cref="SplitFrom"/>.</summary>
    public required double? SplitShare { get; init; }

    /// <summary>Jaccard index of its anchor rows before and now: 0 when born, null when it has no anchor rows at all.</summary>
    public required double? Jaccard { get; init; }
}

/// <summary>A pair of clusters found to be the same.</summary>
public sealed record ClusterMatch
{
    /// <summary>The cluster's index in the earlier version.</summary>
    public required int Index { get; init; }

    /// <summary>What the pair cost.</summary>
    public required double Cost { get; init; }

    /// <summary>
    /// By how much the cost of the whole alignment rises when this pair is forbidden: the margin to the best alternative. 0 … limit.
    /// Null: the pair was not found but given (<see cref="LabelAlignment.Compare"/>).
    /// </summary>
    public required double? Margin { get; init; }

    /// <summary>The margin as a share of the limit: 1, it did not move and nothing else comes near; 0, another alignment is as good.</summary>
    public required double? Confidence { get; init; }

    /// <summary>
    /// How far the centroid moved, in units of spread (√ of the mean of both squared spreads).
    /// Null: it moved, and neither version has any spread to measure by.
    /// </summary>
    public required double? Moved { get; init; }
}

/// <summary>A cluster of the earlier version without a successor.</summary>
public sealed record DeadCluster
{
    /// <summary>Its index in the earlier version.</summary>
    public required int Index { get; init; }

    /// <summary>Its id, now retired.</summary>
    public required int StableId { get; init; }

    /// <summary>The stable id of the new version's cluster that most of its anchor rows are in now; null when they scattered or there are none.</summary>
    public required int? MergedInto { get; init; }

    /// <summary>Share of its anchor rows that are in <see cref="MergedInto"/>.</summary>
    public required double? MergedShare { get; init; }
}

/// <summary>What became of the anchor rows.</summary>
public sealed record AnchorComparison
{
    /// <summary>Total weight of the rows that both versions gave a label.</summary>
    public required double Weight { get; init; }

    /// <summary>Share of that weight whose stable id changed; 0 when there is no weight.</summary>
    public required double Churn { get; init; }

    /// <summary>Adjusted Rand index between the versions: 1, the same partition whatever the ids.</summary>
    public required double AdjustedRand { get; init; }

    /// <summary>Where rows went, by earlier then new cluster index; pairs without rows are left out.</summary>
    public required ImmutableArray<AnchorFlow> Flows { get; init; }
}

/// <summary>Anchor rows that were in one cluster and are in another, or the same.</summary>
/// <param name="From">Stable id in the earlier version.</param>
/// <param name="To">Stable id in the new version.</param>
/// <param name="Weight">Their total weight.</param>
public sealed record AnchorFlow(int From, int To, double Weight);
