using OrleansCluster.Numerics.Mixtures.Components;
using OrleansCluster.Numerics.Mixtures.Steps;
using OrleansCluster.Numerics.Statistics;

namespace OrleansCluster.Numerics.Mixtures;

/// <summary>What the steps of a mixture's training compute.</summary>
public static class MixtureStatistics
{
    /// <summary>The kinds that there are.</summary>
    public static StatisticKinds Kinds { get; } = StatisticKinds.Shared.With<ComponentMoments>().With<MixtureSummary>();
}
