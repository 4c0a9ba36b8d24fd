using System.Collections.Immutable;

namespace OrleansCluster.Models;

/// <summary>How far the clusters of two versions lie apart. Clusters are named by their stable ids: those of one id are the same cluster.</summary>
[GenerateSerializer, Immutable, Alias("oc.VersionDistances")]
public sealed record VersionDistances
{
    /// <summary>The version that distances are measured from.</summary>
    [Id(0)] public required int From { get; init; }

    /// <summary>The version that they are measured to.</summary>
    [Id(1)] public required int To { get; init; }

    /// <summary>Clusters that both have, by id.</summary>
    [Id(2)] public required ImmutableArray<ClusterDistance> Clusters { get; init; }
}

/// <summary>How far one cluster is from where, and what, it is in another version.</summary>
[GenerateSerializer, Immutable, Alias("oc.ClusterDistance")]
public sealed record ClusterDistance
{
    /// <summary>Its stable id.</summary>
    [Id(0)] public required int Label { get; init; }

    /// <summary>Euclidean distance of its centres, in the columns' unit.</summary>
    [Id(1)] public required double Centres { get; init; }

    /// <summary>The same in units of spread; null when it moved and neither version has any spread to measure by.</summary>
    [Id(2)] public double? Moved { get; init; }

    /// <summary>
    /// Bhattacharyya distance of both Gaussians: 0, the same density; null unless the clusters of both versions are Gaussians whose covariances are positive
    /// definite.
    /// </summary>
    [Id(3)] public double? Bhattacharyya { get; init; }

    /// <summary>2-Wasserstein distance of both Gaussians, in the columns' unit; null unless the clusters of both versions are Gaussians.</summary>
    [Id(4)] public double? Wasserstein { get; init; }
}
