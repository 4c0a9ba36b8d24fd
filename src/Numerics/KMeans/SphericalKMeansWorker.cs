using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.KMeans.Sphere;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.KMeans;

/// <summary>
/// Computes the steps of a spherical k-means training: those of k-means over the shard's rows divided by their lengths, which are kept (8 bytes a value, of
/// sparse rows 12 an entry).
/// </summary>
public sealed class SphericalKMeansWorker : IShardWorker
{
    private readonly Func<IParallel, IShardWorker> _create;
    private IShardWorker? _worker;

    /// <param name="rows">The shard's rows; their ids must be unique over all shards.</param>
    public SphericalKMeansWorker(RowBlock rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        _create = parallel =>
        {
            RowBlock unit = UnitRows.Of(rows, out int[] zeros, parallel);
            Check(zeros, rows.FirstRow);
            return new KMeansShardWorker(unit, KMeansGeometry.Sphere);
        };
    }

    /// <inheritdoc cref="SphericalKMeansWorker(RowBlock)"/>
    public SphericalKMeansWorker(SparseBlock rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        _create = parallel =>
        {
            SparseBlock unit = UnitRows.Of(rows, out int[] zeros, parallel);
            Check(zeros, rows.FirstRow);
            return new SparseKMeansWorker(unit, KMeansGeometry.Sphere);
        };
    }

    /// <inheritdoc/>
    /// <exception cref="TrainingException">A row has length 0.</exception>
    public PooledBytes Execute(EncodedStep step, IParallel parallel, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(step);
        ArgumentNullException.ThrowIfNull(parallel);
        return (_worker ??= _create(parallel)).Execute(step, parallel, cancellation);
    }

    private static void Check(int[] zeros, long firstRow)
    {
        if (zeros.Length == 0)
            return;
        string more = zeros.Length == 1 ? "" : zeros.Length == 2 ? " and 1 more near it" : $" and {zeros.Length - 1} more near it";
        throw new TrainingException(
            $"Row {firstRow + zeros[0] + 1}{more} {(zeros.Length == 1 ? "has" : "have")} only zeros, and so no direction whose cosine could be taken. "
                + "Leave such rows out of the file, or out of what is read of it by a column that tells them apart (--where 'total > 0').");
    }
}
