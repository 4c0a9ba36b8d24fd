using System.Collections.Immutable;

namespace OrleansCluster.Models;

/// <summary>How a version's clusters relate to those of another version of the model. Clusters are named by their stable ids throughout.</summary>
[GenerateSerializer, Immutable, Alias("oc.VersionAlignment")]
public sealed record VersionAlignment
{
    /// <summary>The earlier version.</summary>
    [Id(0)] public required int From { get; init; }

    /// <summary>The later version.</summary>
    [Id(1)] public required int To { get; init; }

    /// <summary>
    /// What clusters were matched by when the later version was published: <c>centroid-distance</c>, <c>bhattacharyya</c>, <c>wasserstein</c>, <c>overlap</c>;
    /// <c>ids</c> when these two versions were never matched with each other and only share the ids they have.
    /// </summary>
    [Id(2)] public required string Cost { get; init; }

    /// <summary>The cost from which clusters were not matched; NaN for <c>ids</c>.</summary>
    [Id(3)] public required double Limit { get; init; }

    /// <summary>The later version's clusters, by index.</summary>
    [Id(4)] public required ImmutableArray<ClusterLineage> Clusters { get; init; }

    /// <summary>Clusters of the earlier version that the later one has not.</summary>
    [Id(5)] public required ImmutableArray<ClusterEnd> Died { get; init; }

    /// <summary>Total weight of the anchor rows; 0: the model has none, and churn and flows say nothing.</summary>
    [Id(6)] public required double AnchorWeight { get; init; }

    /// <summary>Share of the anchor rows' weight whose stable id differs.</summary>
    [Id(7)] public required double Churn { get; init; }

    /// <summary>Adjusted Rand index between both versions' labels of the anchor rows.</summary>
    [Id(8)] public required double AdjustedRand { get; init; }

    /// <summary>Where anchor rows went, by earlier then later cluster; pairs without rows are left out.</summary>
    [Id(9)] public required ImmutableArray<ClusterFlow> Flows { get; init; }

    /// <summary>The least confidence of a match; null when nothing was matched, or the ids were only compared.</summary>
    public double? LeastConfidence() => Clusters.Min(cluster => cluster.Confidence);
}

/// <summary>Where a cluster comes from.</summary>
[GenerateSerializer, Immutable, Alias("oc.ClusterLineage")]
public sealed record ClusterLineage
{
    /// <summary>Its stable id.</summary>
    [Id(0)] public required int Label { get; init; }

    /// <summary>Its row in the version's parameters.</summary>
    [Id(1)] public required int Index { get; init; }

    /// <summary>Whether the earlier version does not have it.</summary>
    [Id(2)] public required bool Born { get; init; }

    /// <summary>What the match cost; null when born, or only compared.</summary>
    [Id(3)] public double? Cost { get; init; }

    /// <summary>
    /// By how much the whole alignment's cost rises when this match is forbidden, as a share of the limit: 1, it did not move and nothing else comes near;
    /// 0, another alignment is as good. Null when born, or only compared.
    /// </summary>
    [Id(4)] public double? Confidence { get; init; }

    /// <summary>How far the centroid moved, in units of spread; null when born, or when there is no spread to measure by.</summary>
    [Id(5)] public double? Moved { get; init; }

    /// <summary>The cluster that it was split from, by its anchor rows; null: none.</summary>
    [Id(6)] public int? SplitFrom { get; init; }

    /// <summary>Share of its anchor rows that were in <see cref="SplitFrom"/>.</summary>
    [Id(7)] public double? SplitShare { get; init; }

    /// <summary>Jaccard index of its anchor rows before and now; null when it has none.</summary>
    [Id(8)] public double? Jaccard { get; init; }
}

/// <summary>A cluster that is no more.</summary>
[GenerateSerializer, Immutable, Alias("oc.ClusterEnd")]
public sealed record ClusterEnd
{
    /// <summary>Its stable id, never used again.</summary>
    [Id(0)] public required int Label { get; init; }

    /// <summary>The later version's cluster that most of its anchor rows are in; null when they scattered or there are none.</summary>
    [Id(1)] public int? MergedInto { get; init; }

    /// <summary>Share of its anchor rows that are there.</summary>
    [Id(2)] public double? MergedShare { get; init; }
}

/// <summary>Anchor rows that were in one cluster and are in another, or the same.</summary>
[GenerateSerializer, Immutable, Alias("oc.ClusterFlow")]
public sealed record ClusterFlow
{
    [Id(0)] public required int From { get; init; }

    [Id(1)] public required int To { get; init; }

    /// <summary>Their weight.</summary>
    [Id(2)] public required double Weight { get; init; }
}
