using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Statistics;

namespace OrleansCluster.Numerics.Training;

/// <summary>Drives a trainer over shards that are in memory.</summary>
public static class LocalTraining
{
    /// <summary>Runs <paramref name="trainer"/> until it is done.</summary>
    /// <param name="trainer">At any point of its run.</param>
    /// <param name="workers">One for each shard, in shard order; at least one.</param>
    /// <param name="parallel">Where slices run.</param>
    /// <param name="told">Called with everything worth telling, as it happens.</param>
    /// <param name="cancellation">Stops between steps and slices; the trainer stays as it was before the step.</param>
    public static void Run(
        ITrainer trainer,
        IReadOnlyList<IShardWorker> workers,
        IParallel parallel,
        Action<TrainingEvent>? told = null,
        CancellationToken cancellation = default)
    {
        while (trainer.Next is { } step)
        {
            cancellation.ThrowIfCancellationRequested();
            PooledBytes[] statistics = [.. workers.Select(worker => worker.Execute(step, parallel, cancellation))];
            using (PooledBytes merged = StatisticMerge.Merge([.. statistics], parallel, trainer.Statistics))
            {
                foreach (TrainingEvent happened in trainer.Advance(merged, parallel))
                    told?.Invoke(happened);
            }

            foreach (PooledBytes statistic in statistics)
                statistic.Dispose();
        }
    }
}
