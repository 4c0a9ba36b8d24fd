using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.KMeans;
using OrleansCluster.Numerics.Mixtures;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Selection;
using OrleansCluster.Numerics.Statistics;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.Tests.Selection;

/// <summary>Choices over rows in memory.</summary>
internal static class SelectionCase
{
    public static IShardWorker[] KMeansWorkers(RowBlock rows, int shardRows = int.MaxValue)
        => [.. Tests.KMeans.Train.Shards(rows, shardRows).Select(shard => new KMeansShardWorker(shard))];

    public static IShardWorker[] MixtureWorkers(RowBlock rows, int shardRows = int.MaxValue)
        => [.. Tests.KMeans.Train.Shards(rows, shardRows).Select(shard => new PartShardWorker(shard, static part => new MixtureShardWorker(part)))];

    /// <summary>Runs to the end, telling what happened.</summary>
    public static List<TrainingEvent> Run(SelectionTrainer trainer, IShardWorker[] workers, IParallel? parallel = null)
    {
        var events = new List<TrainingEvent>();
        LocalTraining.Run(trainer, workers, parallel ?? Sequential.Instance, events.Add);
        return events;
    }

    /// <summary>Runs to the end, saved and restored before every step.</summary>
    public static SelectionTrainer RunInterrupted(SelectionTrainer trainer, IShardWorker[] workers, Func<ReadOnlyMemory<byte>, SelectionTrainer> restore)
    {
        while (trainer.Next is not null)
        {
            trainer = restore(trainer.Save());
            EncodedStep step = trainer.Next!;
            trainer.Advance(
                StatisticMerge.Merge([.. workers.Select(worker => worker.Execute(step, Sequential.Instance))], kinds: trainer.Statistics), Sequential.Instance);
        }

        return restore(trainer.Save());
    }
}
