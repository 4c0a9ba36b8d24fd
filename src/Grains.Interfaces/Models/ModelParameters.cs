using System.Collections.Immutable;

namespace OrleansCluster.Models;

/// <summary>
/// The parameters of a version, row by row in the order that training left them in, which is the order of its digest. Row r is the cluster with the stable id
/// <c>Labels[r]</c>, which is r only in a model's first version; <see cref="ByLabel"/> puts the rows in the order of their ids.
/// </summary>
[GenerateSerializer, Immutable, Alias("oc.ModelParameters")]
public sealed record ModelParameters
{
    [Id(0)] public required int K { get; init; }

    [Id(1)] public required ImmutableArray<string> Columns { get; init; }

    /// <summary>Centres, or the means of a mixture: k × d float64, little-endian, row-major.</summary>
    [Id(2)] public required ReadOnlyMemory<byte> Centroids { get; init; }

    [Id(3)] public required string Digest { get; init; }

    /// <summary>What a mixture has besides means; null for k-means.</summary>
    [Id(4)] public MixtureShape? Mixture { get; init; }

    /// <summary>The stable id of each row of the parameters: what answers call the cluster.</summary>
    [Id(5)] public ImmutableArray<int> Labels { get; init; } = [];

    /// <summary>
    /// The same parameters with their rows in ascending order of stable ids. While the ids are 0 … k − 1 (no cluster was born after the first version), a label is
    /// its cluster's row; with others, its place in <see cref="Labels"/> is. The digest is the version's and speaks of the order of training.
    /// </summary>
    public ModelParameters ByLabel()
    {
        if (Labels.IsEmpty)
            return this;
        int[] order = [.. Enumerable.Range(0, Labels.Length).OrderBy(row => Labels[row])];
        return this with
        {
            Labels = [.. order.Select(row => Labels[row])],
            Centroids = Rows(Centroids, order),
            Mixture = Mixture is null ? null : Mixture with
            {
                Weights = Rows(Mixture.Weights, order),
                // All components share a tied one.
                Covariances = Mixture.Covariance == "tied" ? Mixture.Covariances : Rows(Mixture.Covariances, order),
            },
        };
    }

    private static ReadOnlyMemory<byte> Rows(ReadOnlyMemory<byte> values, int[] order)
    {
        int length = values.Length / order.Length;
        var sorted = new byte[length * order.Length];
        for (int row = 0; row < order.Length; row++)
            values.Slice(order[row] * length, length).CopyTo(sorted.AsMemory(row * length));
        return sorted;
    }
}

/// <summary>What the components of a mixture look like.</summary>
[GenerateSerializer, Immutable, Alias("oc.MixtureShape")]
public sealed record MixtureShape
{
    /// <summary><c>full</c>, <c>tied</c>, <c>diag</c> or <c>spherical</c>.</summary>
    [Id(0)] public required string Covariance { get; init; }

    /// <summary>Share of each component: k float64, little-endian.</summary>
    [Id(1)] public required ReadOnlyMemory<byte> Weights { get; init; }

    /// <summary>float64, little-endian, row-major: k × d × d (full), d × d (tied), k × d (diag) or k (spherical).</summary>
    [Id(2)] public required ReadOnlyMemory<byte> Covariances { get; init; }

    /// <summary>Rows of this log-density or a lower one are anomalies; −∞: none.</summary>
    [Id(3)] public required double Threshold { get; init; }
}
