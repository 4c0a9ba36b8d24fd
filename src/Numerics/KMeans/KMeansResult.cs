using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.KMeans;

/// <summary>What a finished training says of its best restart.</summary>
public sealed record KMeansResult
{
    public required KMeansModel Model { get; init; }

    /// <summary>Rows of each cluster, those of weight zero too.</summary>
    public required long[] Sizes { get; init; }

    /// <summary>Weight of each cluster.</summary>
    public required double[] Weights { get; init; }

    /// <summary>Root of the weighted mean squared distance to the centre; 0 for a cluster without weight.</summary>
    public required double[] Spread { get; init; }

    /// <summary>Σ w·D over all rows, on the sphere half of it: Σ w (1 − cos).</summary>
    public required double Objective { get; init; }

    /// <summary>Why the best restart stopped: <c>converged</c>, <c>tolerance</c> or <c>max-iterations</c>.</summary>
    public required string Stop { get; init; }

    /// <summary>The restart of least objective; of equal ones the first.</summary>
    public required int Restart { get; init; }

    /// <summary>All restarts, in order.</summary>
    public required IReadOnlyList<RestartEnded> Restarts { get; init; }

    /// <summary>All warnings, in order.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}
