using System.Collections.Immutable;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Statistics;
using OrleansCluster.Numerics.Tests.KMeans;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.Tests.Preparation;

/// <summary>Rows whose statistics scikit-learn 1.2.1 and numpy 1.24.2 told, and preparations fitted on rows in memory.</summary>
internal static class PreparedCase
{
    public const int Rows = 500;

    public static readonly ImmutableArray<RowColumn> Columns = [new("a"), new("b"), new("c"), new("d")];

    /// <summary>500 × 4 values of a linear congruential generator: uniform, long-tailed, bell-shaped, and a sum of the first and the third.</summary>
    /// <param name="missing">Whether the second column lacks the values of 44 rows.</param>
    public static double[] Values(bool missing = true)
    {
        var values = new double[Rows * 4];
        long state = 7;
        for (int i = 0; i < Rows; i++)
        {
            double a = 100 * Next(), b = 1 / (Next() + 0.01), c = Next() + Next() + Next() - 1.5;
            bool lacks = Next() < 0.1;
            (values[4 * i], values[(4 * i) + 1], values[(4 * i) + 2], values[(4 * i) + 3]) = (a, lacks && missing ? double.NaN : b, c, (0.5 * a) + (10 * c));
        }

        return values;

        double Next()
        {
            state = ((1103515245 * state) + 12345) % 2147483648;
            return state / 2147483648.0;
        }
    }

    public static FittedPreparation Fit(string spec, ImmutableArray<RowColumn> columns, RowBlock rows, int shardRows = int.MaxValue, IParallel? parallel = null)
    {
        PreparationTrainer trainer = Trainer(spec, columns);
        LocalTraining.Run(trainer, Workers(rows, shardRows), parallel ?? Sequential.Instance);
        return trainer.Rows!.Fitted;
    }

    public static double[] Prepare(FittedPreparation fitted, ImmutableArray<RowColumn> columns, RowBlock rows) =>
        fitted.Bind(columns).Prepare(rows, Sequential.Instance).Float64.ToArray();

    public static double[] FitAndPrepare(string spec, ImmutableArray<RowColumn> columns, double[] values)
    {
        var rows = new RowBlock(values, columns.Length);
        return Prepare(Fit(spec, columns, rows), columns, rows);
    }

    public static PreparationTrainer Trainer(string spec, ImmutableArray<RowColumn> columns) =>
        new(PreparationSpec.Parse(spec), columns, new PreparedTraining("none", StatisticKinds.Shared, _ => new NoTrainer(), _ => new NoTrainer()));

    public static IShardWorker[] Workers(RowBlock rows, int shardRows = int.MaxValue) =>
        [.. Train.Shards(rows, shardRows)
            .Select(shard => new PreparationShardWorker(shard, _ => throw new InvalidOperationException("Nothing is trained here.")))];

    private sealed class NoTrainer : ITrainer
    {
        public string Algorithm => "none";

        public string Phase => "done";

        public int Restart => 0;

        public int Iteration => 0;

        public Encoding.EncodedStep? Next => null;

        public IReadOnlyList<TrainingEvent> Advance(ReadOnlyMemory<byte> statistic, IParallel parallel) => [];

        public byte[] Save() => [];
    }
}
