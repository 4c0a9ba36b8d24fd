using System.Collections.Immutable;
using OrleansCluster.Training;

namespace OrleansCluster.Families;

/// <summary>What a run has found.</summary>
public sealed record TrainingOutcome
{
    public required IModel Model { get; init; }

    /// <summary>The restart that was best, from 0.</summary>
    public required int Restart { get; init; }

    /// <summary>Why that one ended.</summary>
    public required string Stop { get; init; }

    /// <summary>Of the model, on all rows.</summary>
    public required double Objective { get; init; }

    /// <summary>In the order of the parameters.</summary>
    public required ImmutableArray<ClusterRecord> Clusters { get; init; }

    /// <summary>The numbers of clusters that were tried; empty when there was only one.</summary>
    public ImmutableArray<TrialRecord> Selection { get; init; } = [];

    /// <summary>The number of rows that the weights stand for in criteria; NaN where there are none.</summary>
    public double SampleSize { get; init; } = double.NaN;

    /// <summary>What the family tells of the training, by name.</summary>
    public ImmutableArray<Measure> Measures { get; init; } = [];

    /// <summary>What the family tells of each cluster, by name and in the order of the parameters.</summary>
    public ImmutableArray<PartMeasure> PartMeasures { get; init; } = [];

    /// <summary>Clusters as they are told of.</summary>
    /// <param name="sizes">Rows of each.</param>
    /// <param name="weights">Weight of each.</param>
    /// <param name="spreads">Root mean squared distance of each one's rows to its centre.</param>
    public static ImmutableArray<ClusterRecord> Records(long[] sizes, double[] weights, double[] spreads)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        return [.. sizes.Select((size, label) => new ClusterRecord { Label = label, Size = size, Weight = weights[label], Spread = spreads[label] })];
    }
}
