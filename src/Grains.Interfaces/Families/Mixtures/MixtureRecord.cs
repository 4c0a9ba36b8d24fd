using System.Collections.Immutable;

namespace OrleansCluster.Families.Mixtures;

/// <summary>What a finished training said of a mixture in builds whose reports had no measures: it is read and never written.</summary>
[GenerateSerializer, Immutable, Alias("oc.MixtureRecord")]
public sealed record MixtureRecord
{
    /// <summary>As asked for, without given means.</summary>
    [Id(0)] public required MixtureOptions Options { get; init; }

    /// <summary>ln L of all rows, by weight, in nats; of relative weights, of those that add up to the sample size.</summary>
    [Id(1)] public required double LogLikelihood { get; init; }

    /// <summary>−2 ln L + p ln n; less is better. NaN, as the others, where a component has one row alone and a covariance on the floor.</summary>
    [Id(2)] public required double Bic { get; init; }

    /// <summary>−2 ln L + 2 p; less is better.</summary>
    [Id(3)] public required double Aic { get; init; }

    /// <summary>BIC and twice the entropy of the labels; less is better.</summary>
    [Id(4)] public required double Icl { get; init; }

    /// <summary>Share of each component, in the order of the report's clusters, which tell their stable ids.</summary>
    [Id(5)] public required ImmutableArray<double> Weights { get; init; }

    /// <summary>In how many directions each component's covariance lies on the floor, in the same order.</summary>
    [Id(6)] public required ImmutableArray<int> FloorHits { get; init; }

    /// <summary>Rows of this log-density or a lower one are anomalies; −∞: none.</summary>
    [Id(7)] public required double Threshold { get; init; }

    // Id 8 was the choice among numbers of components, which the report itself now has.
}
