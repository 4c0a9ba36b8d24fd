using System.Collections.Immutable;
using OrleansCluster.Families;

namespace OrleansCluster.Models;

/// <summary>
/// The parameters of a version, row by row in the order that training left them in, which is the order of its digest. Row r is the cluster with the stable id
/// <c>Labels[r]</c>, which is r only in a model's first version; <see cref="ByLabel"/> puts the rows in the order of their ids.
/// </summary>
[GenerateSerializer, Immutable, Alias("oc.ModelParameters")]
public sealed partial record ModelParameters
{
    [Id(0)] public required int K { get; init; }

    [Id(1)] public required ImmutableArray<string> Columns { get; init; }

    /// <summary>Where each cluster is: k × d float64, little-endian, row-major.</summary>
    [Id(2)] public required ReadOnlyMemory<byte> Centroids { get; init; }

    [Id(3)] public required string Digest { get; init; }

    // 4 was what one family had besides.

    /// <summary>The stable id of each row of the parameters: what answers call the cluster.</summary>
    [Id(5)] public ImmutableArray<int> Labels { get; init; } = [];

    /// <summary>What <see cref="Centroids"/> are called in files and JSON.</summary>
    [Id(6)] public string CentroidsName { get; init; } = "centroids";

    /// <summary>What the model has besides.</summary>
    [Id(7)] public ImmutableArray<NamedArray> Arrays { get; init; } = [];

    /// <summary>Numbers that are parameters as well.</summary>
    [Id(8)] public ImmutableArray<Measure> Measures { get; init; } = [];

    /// <summary>
    /// Of a model that prepares its rows: names of the columns of <see cref="Originals"/>, which are those before the preparation as far as its steps can be
    /// taken back.
    /// </summary>
    [Id(10)] public ImmutableArray<string> OriginalColumns { get; init; } = [];

    /// <summary>
    /// The centres in original units: k × <see cref="OriginalColumns"/> float64, little-endian, row-major; empty: the model does not prepare its rows.
    /// </summary>
    [Id(11)] public ReadOnlyMemory<byte> Originals { get; init; }

    /// <summary>Words that say what the arrays are.</summary>
    [Id(9)] public ImmutableArray<Remark> Remarks { get; init; } = [];

    /// <summary>
    /// The same parameters with their rows in ascending order of stable ids. While the ids are 0 … k − 1 (no cluster was born after the first version), a
    /// label is its cluster's row; with others, its place in <see cref="Labels"/> is. The digest is the version's and speaks of the order of training.
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
            Originals = Originals.IsEmpty ? Originals : Rows(Originals, order),
            Arrays = [.. Arrays.Select(array => array.PerCluster ? array with { Values = Rows(array.Values, order) } : array)],
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
