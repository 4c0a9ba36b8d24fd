using BenchmarkDotNet.Attributes;
using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.Mixtures;
using OrleansCluster.Numerics.Mixtures.Components;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Statistics;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Bench.Kernels;

/// <summary>Rows and the form of the covariances that are fitted to them.</summary>
public sealed record MixtureWorkload(Workload Rows, CovarianceForm Form) : ICosts
{
    public static MixtureWorkload[] All { get; } =
    [
        new(new Workload("gm-200k-16-16", 200_000, 16, 16, 3), CovarianceForm.Full),
        new(new Workload("gm-100k-64-16", 100_000, 64, 16, 1.5), CovarianceForm.Full),
        new(new Workload("gm-500k-32-32", 500_000, 32, 32, 2), CovarianceForm.Diagonal),
    ];

    /// <summary>Solving for each density and adding each row to each moment: half a matrix, or a diagonal, both times.</summary>
    public Cost Cost =>
        new(2.0 * Rows.Rows * Rows.K * (Form == CovarianceForm.Full ? Rows.Columns * (Rows.Columns + 1) / 2 : Rows.Columns), Rows.Cost.Bytes, Double: true);

    public override string ToString() => Rows.Name;
}

/// <summary>
/// A first E- and M-step, in which every row takes part in every component: from equal weights and the data's column variances. What is allocated is the
/// statistics of shards.
/// </summary>
public class MixtureBenchmarks
{
    private const int ShardRows = 65_536;

    private BenchThreads _threads = null!;
    private MixtureShardWorker[] _workers = [];
    private EncodedStep _step = null!;

    [ParamsSource(nameof(Workloads))]
    public MixtureWorkload Workload { get; set; } = null!;

    public static IEnumerable<MixtureWorkload> Workloads => MixtureWorkload.All;

    [GlobalSetup]
    public void Setup()
    {
        _threads = new BenchThreads(Environment.ProcessorCount);
        (float[] values, double[] start) = Workload.Rows.Make(_threads);
        int d = Workload.Rows.Columns, rows = Workload.Rows.Rows;
        _workers = [.. Enumerable.Range(0, (rows + ShardRows - 1) / ShardRows).Select(shard => new MixtureShardWorker(
            new RowBlock(values.AsMemory(shard * ShardRows * d, Math.Min(ShardRows, rows - (shard * ShardRows)) * d), d, firstRow: (long)shard * ShardRows)))];
        MixtureSpec spec = MixtureSpec.Create(Workload.Rows.K, Workload.Form, MixtureInit.Given, start, regularization: 0, tolerance: 0, maxIterations: 2);
        var trainer = new MixtureTrainer(spec, d);
        // The passes over the data before the first iteration.
        while (trainer.Next is { } next)
        {
            _step = next;
            IReadOnlyList<TrainingEvent> events = trainer.Advance(StatisticMerge.Merge([.. _workers.Select(worker =>
                (ReadOnlyMemory<byte>)worker.Execute(next, _threads))], kinds: trainer.Statistics), _threads);
            if (events.OfType<IterationEnded>().Any())
                return;
        }
    }

    [GlobalCleanup]
    public void Cleanup() => _threads.Dispose();

    [Benchmark]
    public int FirstIteration()
    {
        int bytes = 0;
        foreach (MixtureShardWorker worker in _workers)
        {
            using PooledBytes statistic = worker.Execute(_step, _threads);
            bytes += statistic.Length;
        }

        return bytes;
    }
}
