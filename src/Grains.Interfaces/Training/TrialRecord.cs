using System.Collections.Immutable;

namespace OrleansCluster.Training;

/// <summary>One number of clusters that was tried.</summary>
[GenerateSerializer, Immutable, Alias("oc.TrialRecord")]
public sealed record TrialRecord
{
    [Id(0)] public required int K { get; init; }

    /// <summary>Value of the criterion that chooses; NaN where it says nothing.</summary>
    [Id(1)] public required double Value { get; init; }

    /// <summary>The start that was best, from 0.</summary>
    [Id(2)] public required int Start { get; init; }

    /// <summary>Objective of that start.</summary>
    [Id(3)] public required double Objective { get; init; }

    /// <summary>All criteria.</summary>
    [Id(4)] public required ImmutableArray<CriterionRecord> Criteria { get; init; }
}

/// <summary>What a criterion says of a number of clusters.</summary>
[GenerateSerializer, Immutable, Alias("oc.CriterionRecord")]
public sealed record CriterionRecord
{
    /// <summary>
    /// <c>bic</c>, <c>aic</c>, <c>icl</c>, <c>held-out</c>, <c>silhouette</c>, <c>calinski-harabasz</c>, <c>davies-bouldin</c> or <c>elbow</c>.
    /// </summary>
    [Id(0)] public required string Name { get; init; }

    /// <summary>NaN where it says nothing.</summary>
    [Id(1)] public required double Value { get; init; }

    /// <summary>Of an estimate from a sample; else NaN.</summary>
    [Id(2)] public required double StandardError { get; init; }

    /// <summary>Whether a greater value is the better one.</summary>
    [Id(3)] public required bool MoreIsBetter { get; init; }
}
