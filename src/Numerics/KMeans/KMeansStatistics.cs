using OrleansCluster.Numerics.Evaluation;
using OrleansCluster.Numerics.Statistics;

namespace OrleansCluster.Numerics.KMeans;

/// <summary>What the steps of a k-means training compute.</summary>
public static class KMeansStatistics
{
    /// <summary>The kinds that there are.</summary>
    public static StatisticKinds Kinds { get; } = StatisticKinds.Shared.With<Dispersions>();
}
