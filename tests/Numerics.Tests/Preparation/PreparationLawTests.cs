using System.Collections.Immutable;
using OrleansCluster.Numerics.KMeans;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Statistics;
using OrleansCluster.Numerics.Tests.KMeans;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.Tests.Preparation;

/// <summary>
/// A preparation is the same on any threads and shards, and whenever its fit is interrupted; rows are prepared to the same bits with whichever others they
/// come.
/// </summary>
public sealed class PreparationLawTests
{
    private const string Everything =
        "indicator,clip=0.02:a,impute=median,yeojohnson=b,log1p=d2,"
            + "scale=robust:c,scale=standard:a+b+d,onehot=kind:2,ordinal=colour,cycle=hour+month,weigh=2:c,pca=0.99";

    private static readonly ImmutableArray<RowColumn> Columns =
    [
        new("a"), new("b"), new("c"), new("d"), new("d2"), new("kind", ColumnType.Category) { Categories = ["z", "y", "x", "w"] },
        new("colour", ColumnType.Category) { Categories = ["red", "blue"] }, new("when", ColumnType.Time),
    ];

    [Theory]
    [InlineData(int.MaxValue, 1)]
    [InlineData(512, 1)]
    [InlineData(2048, 4)]
    [InlineData(4096, 3)]
    public void Shards_and_threads_change_nothing(int shardRows, int threads)
    {
        RowBlock rows = Rows(9000);
        string spec = Everything.Replace(",pca=0.99", "", StringComparison.Ordinal);
        IParallel parallel = threads == 1 ? Sequential.Instance : new Threads(threads);
        PreparedCase.Fit(spec, Columns, rows, shardRows, parallel).Encode().ShouldBe(PreparedCase.Fit(spec, Columns, rows).Encode());
    }

    [Fact]
    public void Threads_do_not_matter_to_principal_axes() => PreparedCase.Fit(Everything, Columns, Rows(9000), 4096, new Threads(4)).Encode()
        .ShouldBe(PreparedCase.Fit(Everything, Columns, Rows(9000), 4096).Encode());

    [Fact]
    public void A_fit_goes_on_from_any_point_with_the_same_bits()
    {
        RowBlock rows = Rows(700);
        IShardWorker[] workers = PreparedCase.Workers(rows, 256);
        byte[] expected = PreparedCase.Fit(Everything, Columns, rows, 256).Encode();
        PreparationTrainer trainer = PreparedCase.Trainer(Everything, Columns);
        int steps = 0;
        for (; trainer.Next is { } step; steps++)
        {
            ReadOnlyMemory<byte>[] statistics = [.. workers.Select(worker => (ReadOnlyMemory<byte>)worker.Execute(step, Sequential.Instance).ToArray())];
            trainer.Advance(StatisticMerge.Merge(statistics).ToArray(), Sequential.Instance);
            trainer = PreparationTrainer.Restore(trainer.Save(), new PreparedTraining("none", StatisticKinds.Shared, _ => Ended(), _ => Ended()));
        }

        steps.ShouldBeGreaterThan(30);
        trainer.Rows!.Fitted.Encode().ShouldBe(expected);
    }

    [Fact]
    public void A_row_is_prepared_to_the_same_bits_alone_and_among_others()
    {
        RowBlock rows = Rows(1000);
        FittedPreparation fitted = FittedPreparation.Decode(PreparedCase.Fit(Everything, Columns, rows).Encode());
        BoundPreparation bound = fitted.Bind(Columns);
        double[] together = bound.Prepare(rows, new Threads(3)).Float64.ToArray();
        for (int i = 0; i < rows.Rows; i++)
        {
            double[] alone = bound.Prepare(rows.Slice(i, 1), Sequential.Instance).Float64.ToArray();
            for (int j = 0; j < alone.Length; j++)
                BitConverter.DoubleToInt64Bits(alone[j]).ShouldBe(BitConverter.DoubleToInt64Bits(together[(i * alone.Length) + j]));
        }
    }

    [Fact]
    public void Another_order_of_categories_and_columns_prepares_to_the_same_bits()
    {
        RowBlock rows = Rows(300);
        FittedPreparation fitted = PreparedCase.Fit(Everything, Columns, rows);
        ImmutableArray<RowColumn> turned = [.. Columns.Reverse().Select(column => column with { Categories = [.. column.Categories.Reverse()] })];
        var values = new double[rows.Rows * Columns.Length];
        for (int at = 0; at < values.Length; at++)
        {
            int column = Columns.Length - 1 - (at % Columns.Length);
            double value = rows.Float64.Span[(at / Columns.Length * Columns.Length) + column];
            values[at] = Columns[column].Type == ColumnType.Category ? Columns[column].Categories.Length - 1 - value : value;
        }

        PreparedCase.Prepare(fitted, turned, new RowBlock(values, Columns.Length)).ShouldBe(PreparedCase.Prepare(fitted, Columns, rows));
    }

    [Theory]
    [InlineData(int.MaxValue, 1)]
    [InlineData(512, 3)]
    public void A_training_over_prepared_rows_is_that_of_rows_prepared_before(int shardRows, int threads)
    {
        RowBlock rows = Rows(2000);
        KMeansSpec spec = KMeansSpec.Create(5, "k-means++", restarts: 2, seed: 3);
        string steps = Everything.Replace(",pca=0.99", "", StringComparison.Ordinal);
        FittedPreparation fitted = PreparedCase.Fit(steps, Columns, rows);
        KMeansResult expected = Train.Run(spec, fitted.Bind(Columns).Prepare(rows, Sequential.Instance));
        KMeansTrainer? inner = null;
        var trainer = new PreparationTrainer(PreparationSpec.Parse(steps), Columns, new PreparedTraining(
            "kmeans", KMeansStatistics.Kinds, prepared => inner = new KMeansTrainer(spec, prepared.Fitted.Outputs.Length), saved =>
                inner = KMeansTrainer.Restore(saved)));
        IShardWorker[] workers = [.. Train.Shards(rows, shardRows).Select(shard => new PreparationShardWorker(shard, block => new KMeansShardWorker(block)))];
        LocalTraining.Run(trainer, workers, threads == 1 ? Sequential.Instance : new Threads(threads));
        inner!.Result!.Model.Digest.ShouldBe(expected.Model.Digest);
    }

    private static RowBlock Rows(int count)
    {
        var random = new Random(11);
        var values = new double[count * 8];
        for (int i = 0; i < count; i++)
        {
            Span<double> row = values.AsSpan(8 * i, 8);
            row[0] = random.Next(10) == 0 ? double.NaN : 1000 * random.NextDouble();
            row[1] = random.Next(7) == 0 ? double.NaN : -Math.Log(random.NextDouble()) - (random.Next(2) * 3);
            row[2] = random.Next(5) == 0 ? 1e-310 : random.NextDouble() - 0.5;
            row[3] = 1e7 + random.Next(100);
            row[4] = random.Next(3) == 0 ? 0 : Math.Pow(10, random.Next(12));
            row[5] = random.Next(9) == 0 ? double.NaN : random.Next(4);
            row[6] = random.Next(2);
            row[7] = Math.Floor(4e9 * (random.NextDouble() - 0.5));
        }

        return new RowBlock(values, 8);
    }

    private static KMeansTrainer Ended()
    {
        var trainer = new KMeansTrainer(KMeansSpec.Create(1, "random"), 1);
        LocalTraining.Run(trainer, Train.Workers(new RowBlock(new double[] { 1, 2 }, 1), 2), Sequential.Instance);
        return trainer;
    }
}
