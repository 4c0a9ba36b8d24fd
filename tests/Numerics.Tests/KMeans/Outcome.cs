using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.KMeans;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Statistics;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.Tests.KMeans;

/// <summary>Everything of a result that must be equal to the bit.</summary>
internal sealed record Outcome(string Digest, double Objective, string Stop, int Restart, string Restarts, string Sizes, string Weights, string Warnings)
{
    private double[] _centroids = [];

    public double[] Centroids() => _centroids;

    public static Outcome Of(
        KMeansSpec spec,
        RowBlock rows,
        int shardRows,
        IParallel parallel,
        bool scalar = false,
        Func<IReadOnlyList<ReadOnlyMemory<byte>>, ReadOnlyMemory<byte>>? merge = null,
        Func<EncodedStep, EncodedStep>? sent = null,
        UnweightedRows? known = null)
    {
        KMeansTrainer trainer = known is null ? new(spec, rows.Columns) : new(spec, known);
        return Of(trainer, [.. Train.Shards(rows, shardRows).Select(shard => new KMeansShardWorker(shard, scalar))], parallel, merge, sent);
    }

    public static Outcome Of(
        KMeansTrainer trainer,
        IShardWorker[] workers,
        IParallel parallel,
        Func<IReadOnlyList<ReadOnlyMemory<byte>>, ReadOnlyMemory<byte>>? merge = null,
        Func<EncodedStep, EncodedStep>? sent = null)
    {
        while (trainer.Next is { } step)
        {
            ReadOnlyMemory<byte>[] statistics = [.. workers.Select(worker => worker.Execute(sent?.Invoke(step) ?? step, parallel))];
            trainer.Advance(merge is null ? StatisticMerge.Merge(statistics) : merge(statistics), parallel);
        }

        return Of(trainer.Result!);
    }

    public static Outcome Of(KMeansResult result) => new(
        result.Model.Digest,
        result.Objective,
        result.Stop,
        result.Restart,
        string.Join(';', result.Restarts),
        string.Join(',', result.Sizes),
        string.Join(',', result.Weights.Concat(result.Spread).Select(v => v.ToString("R"))),
        string.Join('\n', result.Warnings))
    {
        _centroids = result.Model.Centroids,
    };

    public bool Equals(Outcome? other) => other is not null && ToString() == other.ToString();

    public override int GetHashCode() => Digest.GetHashCode(StringComparison.Ordinal);
}
