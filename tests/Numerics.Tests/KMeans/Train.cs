using System.Runtime.ExceptionServices;
using OrleansCluster.Numerics.Distances;
using OrleansCluster.Numerics.KMeans;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.Tests.KMeans;

/// <summary>Trainings over rows in memory, cut into shards.</summary>
internal static class Train
{
    public static KMeansResult Run(KMeansSpec spec, RowBlock rows, int shardRows = int.MaxValue, IParallel? parallel = null, Action<TrainingEvent>? told = null)
    {
        var trainer = new KMeansTrainer(spec, rows.Columns);
        LocalTraining.Run(trainer, Workers(rows, shardRows), parallel ?? Sequential.Instance, told);
        return trainer.Result!;
    }

    public static IShardWorker[] Workers(RowBlock rows, int shardRows)
        => [.. Shards(rows, shardRows).Select(shard => new KMeansShardWorker(shard))];

    public static IEnumerable<RowBlock> Shards(RowBlock rows, int shardRows)
    {
        for (int start = 0; start < rows.Rows; start += Math.Min(shardRows, rows.Rows - start))
        {
            int count = Math.Min(shardRows, rows.Rows - start);
            yield return rows.Slice(start, count);
        }
    }

    /// <summary>Gaussian blobs around random centres in [−10, 10]^d, moved by <paramref name="offset"/>.</summary>
    public static double[] Blobs(int seed, int rows, int columns, int clusters, double spread = 0.5, double offset = 0)
    {
        var random = new Random(seed);
        double[] centres = [.. Enumerable.Range(0, clusters * columns).Select(_ => (random.NextDouble() * 20) - 10)];
        var values = new double[rows * columns];
        for (int i = 0; i < rows; i++)
        {
            int c = random.Next(clusters);
            for (int j = 0; j < columns; j++)
            {
                double normal = Enumerable.Range(0, 12).Sum(_ => random.NextDouble()) - 6;
                values[(i * columns) + j] = offset + centres[(c * columns) + j] + (spread * normal);
            }
        }

        return values;
    }

    public static double[] WeightsFor(int seed, int rows)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, rows).Select(_ => random.Next(5) == 0 ? 0 : 0.1 + (random.NextDouble() * 3))];
    }

    /// <summary>Σ w·D to the nearest centre, plainly.</summary>
    public static double Objective(RowBlock rows, double[] centroids)
    {
        var row = new double[rows.Columns];
        double sum = 0;
        for (int i = 0; i < rows.Rows; i++)
        {
            rows.CopyRow(i, row);
            Distance.Nearest(row, centroids, out double squared);
            sum += squared * (rows.Weights.IsEmpty ? 1 : rows.Weights.Span[i]);
        }

        return sum;
    }
}

/// <summary>Runs slices on threads of its own, the last first: an order that nothing may depend on.</summary>
internal sealed class Threads(int workers) : IParallel
{
    public int Workers => workers;

    public void For(int slices, Action<int> body)
    {
        try
        {
            Parallel.For(0, slices, new ParallelOptions { MaxDegreeOfParallelism = workers }, slice => body(slices - 1 - slice));
        }
        catch (AggregateException several)
        {
            ExceptionDispatchInfo.Throw(several.InnerExceptions[0]);
        }
    }
}
