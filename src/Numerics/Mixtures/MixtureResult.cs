using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.Mixtures;

/// <summary>What a finished training says of its best restart.</summary>
public sealed record MixtureResult
{
    public required MixtureModel Model { get; init; }

    /// <summary>Mean log-likelihood of a row (by weight) under the model.</summary>
    public required double Objective { get; init; }

    /// <summary>Log-likelihood and what criteria make of it.</summary>
    public required MixtureCriteria Criteria { get; init; }

    /// <summary>Rows whose most probable component is this one, those of weight zero too.</summary>
    public required long[] Sizes { get; init; }

    /// <summary>Weight of those rows.</summary>
    public required double[] LabelWeights { get; init; }

    /// <summary>Root of the trace of each component's covariance: the root mean squared distance to its mean.</summary>
    public required double[] Spread { get; init; }

    /// <summary>In how many directions each component's covariance lies on the floor.</summary>
    public required int[] FloorHits { get; init; }

    /// <summary>Why the best restart stopped: <c>tolerance</c> or <c>max-iterations</c>.</summary>
    public required string Stop { get; init; }

    /// <summary>The restart of greatest objective; of equal ones the first.</summary>
    public required int Restart { get; init; }

    /// <summary>All restarts, in order.</summary>
    public required IReadOnlyList<RestartEnded> Restarts { get; init; }

    /// <summary>All warnings, in order.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}
