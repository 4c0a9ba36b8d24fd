using System.Diagnostics;
using OrleansCluster.Compute;
using OrleansCluster.Datasets;
using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.KMeans;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Statistics;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Bench.Iterations;

/// <summary>The same steps over the same shards, called one after the other on a pool: all shards at once, then the merge, then the advance.</summary>
internal sealed class DirectRun : IDisposable
{
    private readonly Workload _workload;
    private readonly double[] _start;
    private readonly MeteredCompute _compute;
    private readonly RowBlock[] _shards;

    public DirectRun(Workload workload, float[] values, double[] start, int workers)
    {
        (_workload, _start) = (workload, start);
        _compute = new MeteredCompute(new ComputePool(workers));
        int d = workload.Columns;
        _shards = [.. Enumerable.Range(0, (workload.Rows + ShardFormat.RowsPerShard - 1) / ShardFormat.RowsPerShard).Select(shard => new RowBlock(
            values.AsMemory(shard * ShardFormat.RowsPerShard * d, Math.Min(ShardFormat.RowsPerShard, workload.Rows - (shard * ShardFormat.RowsPerShard)) * d),
                d, firstRow: (long)shard * ShardFormat.RowsPerShard))];
    }

    /// <summary>Trains for so many iterations.</summary>
    public async Task<Measure> IterateAsync(int iterations)
    {
        KMeansSpec spec = KMeansSpec.Create(_workload.K, "given", _start, maxIterations: iterations, tolerance: 0, plain: true);
        var trainer = new KMeansTrainer(spec, _workload.Columns);
        KMeansShardWorker[] workers = [.. _shards.Select(shard => new KMeansShardWorker(shard))];
        var ends = new List<(long Time, Occupation Occupation)>();
        while (trainer.Next is { } step)
        {
            PooledBytes[] statistics =
                await Task.WhenAll(workers.Select(worker => _compute.Run(ComputePriority.Training, parallel => worker.Execute(step, parallel))));
            IReadOnlyList<TrainingEvent> events = await _compute.Run(ComputePriority.Training, parallel =>
            {
                using PooledBytes merged = StatisticMerge.Merge([.. statistics], kinds: trainer.Statistics);
                IReadOnlyList<TrainingEvent> told = trainer.Advance(merged, parallel);
                _ = trainer.Next;
                return told;
            });
            foreach (PooledBytes statistic in statistics)
                statistic.Dispose();
            if (events.OfType<IterationEnded>().Any())
                ends.Add((Stopwatch.GetTimestamp(), _compute.Occupation));
        }

        return Measure.Between(ends, _compute.Workers);
    }

    public void Dispose() => _compute.Dispose();
}
