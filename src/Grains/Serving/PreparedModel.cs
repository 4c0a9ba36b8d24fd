using System.Runtime.InteropServices;
using OrleansCluster.Numerics;

namespace OrleansCluster.Serving;

/// <summary>A model of any algorithm, ready to answer. Safe for concurrent use.</summary>
internal abstract class PreparedModel(int k, int columns)
{
    public int K => k;

    public int Columns => columns;

    /// <summary>Bytes that it takes in memory, about.</summary>
    public abstract long Bytes { get; }

    /// <summary>Multiplications that a row takes, about: what calls over shards are measured by.</summary>
    public abstract double TermsPerRow { get; }

    /// <summary>Labels of rows and their distances (not squared) to the centres of those labels.</summary>
    /// <param name="rows">Finite rows of as many columns as the model has.</param>
    /// <param name="labels">Out: one a row.</param>
    /// <param name="distances">Out: one a row.</param>
    /// <param name="parallel">Where slices run.</param>
    public abstract void Assign(RowBlock rows, Span<int> labels, Span<double> distances, IParallel parallel);

    /// <summary>The densities of the model.</summary>
    /// <param name="name">Name of the model, for the message.</param>
    /// <exception cref="ClusteringException">It has none.</exception>
    public virtual PreparedMixture Densities(string name) =>
        throw new ClusteringException($"The model '{name}' is k-means, which has no densities and no responsibilities: train a mixture (train gmm), or ask for labels and distances (assign).");

    /// <summary>The answer to rows.</summary>
    public Assignments Assign(RowBlock rows, int version, IParallel parallel)
    {
        var labels = new byte[rows.Rows * sizeof(int)];
        var distances = new byte[rows.Rows * sizeof(double)];
        Assign(rows, MemoryMarshal.Cast<byte, int>(labels.AsSpan()), MemoryMarshal.Cast<byte, double>(distances.AsSpan()), parallel);
        return new Assignments { Version = version, Labels = labels, Distances = distances };
    }
}
