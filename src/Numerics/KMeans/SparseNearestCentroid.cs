using OrleansCluster.Numerics.KMeans.Sparse;
using OrleansCluster.Numerics.KMeans.Worker;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Numerics.KMeans;

/// <summary>The nearest centres of sparse rows, outside of any training: labels and distances of the rows made dense, to the bit. Thread-safe.</summary>
/// <param name="centroids">k × d, row-major, k ≥ 1. Kept.</param>
/// <param name="columns">d.</param>
public sealed class SparseNearestCentroid(double[] centroids, int columns)
{
    private readonly Lazy<SparseCentres> _centres = new(() =>
        new SparseCentres(centroids, 0, columns, ScaleOf(centroids), Sequential.Instance));

    /// <summary>Labels rows.</summary>
    /// <param name="rows">Finite rows of d columns.</param>
    /// <param name="labels">Out: one a row.</param>
    /// <param name="squared">Out: D to that centre, one a row.</param>
    /// <param name="parallel">Where slices run.</param>
    /// <exception cref="ArgumentException">The rows have other columns.</exception>
    public void Assign(SparseBlock rows, Span<int> labels, Span<double> squared, IParallel parallel)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(parallel);
        if (rows.Columns != columns)
            throw new ArgumentException($"Rows of {rows.Columns} columns for centres of {columns}.", nameof(rows));
        SparseCentres centres = _centres.Value;
        var nearest = new int[rows.Rows];
        var work = new Work(parallel, default);
        SparseScorer.Label(rows, centres, nearest, work);
        var distances = new double[rows.Rows];
        AssignedDistances.Find(rows, centroids, nearest, distances, work);
        nearest.CopyTo(labels);
        distances.CopyTo(squared);
    }

    private static int ScaleOf(double[] centroids)
    {
        double farthest = centroids.Max(Math.Abs);
        return double.IsFinite(farthest) ? SparseCentres.ScaleOf(farthest) : 0;
    }
}
