using System.Collections.Immutable;

namespace OrleansCluster.Training;

/// <summary>What a finished training says of a mixture.</summary>
[GenerateSerializer, Immutable, Alias("oc.MixtureRecord")]
public sealed record MixtureRecord
{
    /// <summary>As asked for, without given means.</summary>
    [Id(0)] public required MixtureOptions Options { get; init; }

    /// <summary>Of all rows, by weight, in nats.</summary>
    [Id(1)] public required double LogLikelihood { get; init; }

    /// <summary>−2 ln L + p ln n; less is better.</summary>
    [Id(2)] public required double Bic { get; init; }

    /// <summary>−2 ln L + 2 p; less is better.</summary>
    [Id(3)] public required double Aic { get; init; }

    /// <summary>BIC and twice the entropy of the labels; less is better.</summary>
    [Id(4)] public required double Icl { get; init; }

    /// <summary>Share of each component.</summary>
    [Id(5)] public required ImmutableArray<double> Weights { get; init; }

    /// <summary>In how many directions each component's covariance lies on the floor.</summary>
    [Id(6)] public required ImmutableArray<int> FloorHits { get; init; }

    /// <summary>Rows of this log-density or a lower one are anomalies; −∞: none.</summary>
    [Id(7)] public required double Threshold { get; init; }

    /// <summary>Every number of components that was tried, and what the criteria say of the best of its starts; empty when only one was asked for.</summary>
    [Id(8)] public ImmutableArray<SelectionRecord> Selection { get; init; } = [];
}

/// <summary>One number of components that was tried.</summary>
[GenerateSerializer, Immutable, Alias("oc.SelectionRecord")]
public sealed record SelectionRecord
{
    [Id(0)] public required int K { get; init; }

    /// <summary>Value of the criterion that chooses; less is better.</summary>
    [Id(1)] public required double Value { get; init; }

    /// <summary>The start that was best, from 0.</summary>
    [Id(2)] public required int Start { get; init; }

    [Id(3)] public required double Bic { get; init; }

    [Id(4)] public required double Aic { get; init; }

    [Id(5)] public required double Icl { get; init; }
}
