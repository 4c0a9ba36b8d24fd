using OrleansCluster.Numerics.KMeans;
using OrleansCluster.Numerics.KMeans.Sphere;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.Tests.KMeans.Sphere;

/// <summary>Trainings on the sphere over rows in memory, cut into shards.</summary>
internal static class Spherical
{
    public static KMeansSpec Spec(
        int k, string init = "parallel", double[]? start = null, int restarts = 1, int maxIterations = 300, double tolerance = 0, ulong seed = 3,
        string empty = "relocate", bool plain = false)
        => KMeansSpec.Create(k, init, start ?? [], restarts, maxIterations, tolerance, seed, empty, plain, KMeansGeometry.Sphere);

    public static KMeansResult Run(KMeansSpec spec, RowBlock rows, int shardRows = int.MaxValue, Action<TrainingEvent>? told = null, bool sparse = false)
    {
        var trainer = new KMeansTrainer(spec, rows.Columns);
        LocalTraining.Run(trainer, sparse ? SparseWorkers(rows, shardRows) : Workers(rows, shardRows), Sequential.Instance, told);
        return trainer.Result!;
    }

    public static IShardWorker[] Workers(RowBlock rows, int shardRows) => [.. Train.Shards(rows, shardRows).Select(shard => new SphericalKMeansWorker(shard))];

    public static IShardWorker[] SparseWorkers(RowBlock rows, int shardRows)
        => [.. Train.Shards(rows, shardRows).Select(shard => new SphericalKMeansWorker(SparseBlock.Of(shard)))];

    /// <summary>The definition's loops in place of kernels.</summary>
    public static IShardWorker[] ScalarWorkers(RowBlock rows, int shardRows) =>
        [.. Train.Shards(rows, shardRows).Select(shard => new KMeansShardWorker(UnitRows.Of(shard, out _, Sequential.Instance), true, KMeansGeometry.Sphere))];

    /// <summary>Rows without those of length 0.</summary>
    public static RowBlock WithDirection(RowBlock rows)
    {
        var row = new double[rows.Columns];
        int[] kept = [.. Enumerable.Range(0, rows.Rows).Where(i =>
        {
            rows.CopyRow(i, row);
            return row.Any(value => value != 0);
        })];
        double[] weights = rows.Weights.IsEmpty ? [] : [.. kept.Select(i => rows.Weights.Span[i])];
        return rows.Precision == Precision.Float64
            ? new RowBlock(kept.SelectMany(i => rows.Float64.Slice(i * rows.Columns, rows.Columns).ToArray()).ToArray(), rows.Columns, weights)
            : new RowBlock(kept.SelectMany(i => rows.Float32.Slice(i * rows.Columns, rows.Columns).ToArray()).ToArray(), rows.Columns, weights);
    }
}
