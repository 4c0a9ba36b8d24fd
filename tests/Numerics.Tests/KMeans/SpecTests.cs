using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.KMeans;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Statistics;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.Tests.KMeans;

public sealed class SpecTests
{
    [Fact]
    public void What_is_not_valid_is_refused_with_a_remedy()
    {
        Refused(() => KMeansSpec.Create(0)).ShouldBe("k is 0: ask for at least 1 cluster.");
        Refused(() => KMeansSpec.Create(2, "kmeans")).ShouldContain("parallel, k-means++, random");
        Refused(() => KMeansSpec.Create(2, empty: "ignore")).ShouldContain("relocate, drop or fail");
        Refused(() => KMeansSpec.Create(2, restarts: 0)).ShouldContain("between 1 and");
        Refused(() => KMeansSpec.Create(2, maxIterations: 0)).ShouldContain("at least 1");
        Refused(() => KMeansSpec.Create(2, tolerance: double.NaN)).ShouldContain("at least 0");
        Refused(() => KMeansSpec.Create(2, "given", new double[] { 1, 2, 3 })).ShouldContain("not 2 rows of equal length");
        Refused(() => KMeansSpec.Create(2, "given", new double[] { 1, 2, 3, double.NaN }))
            .ShouldBe("Starting centre 2, column 2 is NaN: it must be a finite number.");
        Refused(() => KMeansSpec.Create(2, "given", new double[] { 1, 2 }, restarts: 2)).ShouldContain("leave it at 1");
        Refused(() => KMeansSpec.Create(2, initialCentroids: new double[] { 1, 2 })).ShouldContain("leave one of them out");
        Refused(() => _ = new KMeansTrainer(KMeansSpec.Create(2, "given", new double[] { 1, 2 }), 2))
            .ShouldContain("The starting centres have 1 column, the rows 2");
    }

    [Theory]
    [InlineData(5, 0, "k is 6, but only 5 rows exist: ask for at most 5 clusters.")]
    [InlineData(5, 2, "k is 6, but only 3 rows have a weight above 0: ask for at most 3 clusters.")]
    [InlineData(5, 5, "Every row has the weight 0: there is nothing to cluster.")]
    [InlineData(0, 0, "The dataset has no rows.")]
    public void Too_few_rows_are_found_in_the_survey(int rows, int absent, string message)
    {
        double[] weights = [.. Enumerable.Range(0, rows).Select(i => i < absent ? 0.0 : 1)];
        var block = new RowBlock(new double[rows], 1, weights);
        var trainer = new KMeansTrainer(KMeansSpec.Create(6), 1);
        Should.Throw<TrainingException>(() => LocalTraining.Run(trainer, [new KMeansShardWorker(block)], Sequential.Instance)).Message.ShouldBe(message);
    }

    [Fact]
    public void Numbers_that_arithmetic_cannot_hold_are_refused()
    {
        Failed(new RowBlock(new double[] { 0, 1e200 }, 1)).ShouldContain("Column 0 (from 0) reaches from 0 to 1E+200");
        Failed(new RowBlock(new double[] { 0, double.NaN }, 1)).ShouldContain("Column 0");
        Failed(new RowBlock(new double[] { 0, 1 }, 1, new double[] { 1, -1 })).ShouldContain("Row 2 has the weight -1");
        Failed(new RowBlock(new double[] { 0, 1 }, 1, new double[] { 1, 1e200 })).ShouldContain("multiply all weights");
        Failed(new RowBlock(new double[] { 0, 1 }, 1), "given", 1e200).ShouldContain("too far from the rows");
    }

    [Fact]
    public void A_column_at_fault_goes_by_its_name_where_that_is_known()
    {
        var failed = TrainingException.OfColumn(1, " is constant: leave it out.");
        failed.Message.ShouldBe("Column 1 (from 0) is constant: leave it out.");
        failed.Told(["alpha", "beta", "gamma"]).ShouldBe("Column 'beta' (position 1 from 0) is constant: leave it out.");
        failed.Told([]).ShouldBe(failed.Message);
        failed.Scope.ShouldBe(TrainingScope.Rows);
        new TrainingException("There are no rows.").Told(["alpha"]).ShouldBe("There are no rows.");
    }

    [Fact]
    public void A_model_survives_its_encoding_and_has_one_zero()
    {
        var model = new KMeansModel([-0.0, 1.5, 2, -3], 2);
        KMeansModel read = KMeansModel.Decode(model.Encode());
        (read.K, read.Columns, read.Digest).ShouldBe((2, 2, model.Digest));
        read.Centroids.ShouldBe([0, 1.5, 2, -3]);
        model.Digest.ShouldBe(new KMeansModel([0, 1.5, 2, -3], 2).Digest);
        double.IsNegative(model.Centroids[0]).ShouldBeFalse();
    }

    [Fact]
    public void Damaged_bytes_are_refused()
    {
        byte[] model = new KMeansModel([1, 2], 1).Encode();
        byte[] state = new KMeansTrainer(KMeansSpec.Create(2), 1).Save();
        var worker = new KMeansShardWorker(new RowBlock(new double[] { 1 }, 1));
        for (int length = 0; length < model.Length; length++)
            Should.Throw<InvalidDataException>(() => KMeansModel.Decode(model.AsMemory(0, length)));
        for (int length = 0; length < state.Length; length++)
            Should.Throw<InvalidDataException>(() => KMeansTrainer.Restore(state.AsMemory(0, length)));
        Should.Throw<InvalidDataException>(() => KMeansModel.Decode(state));
        Should.Throw<InvalidDataException>(() => worker.Execute(new EncodedStep("", model), Sequential.Instance));
        Should.Throw<InvalidDataException>(() => StatisticMerge.Merge([model, model]));
        Should.Throw<InvalidDataException>(() => worker.Execute(new KMeansTrainer(KMeansSpec.Create(2), 3).Next!, Sequential.Instance))
            .Message.ShouldContain("3 columns");
    }

    [Fact]
    public void A_cancelled_step_can_be_asked_for_again()
    {
        var rows = new RowBlock(Train.Blobs(1, 3000, 2, 4), 2);
        KMeansResult expected = Train.Run(KMeansSpec.Create(4), rows);
        var trainer = new KMeansTrainer(KMeansSpec.Create(4), 2);
        var worker = new KMeansShardWorker(rows);
        while (trainer.Next is { } step)
        {
            Should.Throw<OperationCanceledException>(() => worker.Execute(step, Sequential.Instance, new CancellationToken(true)));
            trainer.Advance(worker.Execute(step, Sequential.Instance), Sequential.Instance);
        }

        trainer.Result!.Model.Digest.ShouldBe(expected.Model.Digest);
    }

    private static string Refused(Action action) => Should.Throw<ArgumentException>(action).Message;

    private static string Failed(RowBlock rows, string init = "parallel", params double[] start)
        => Should.Throw<TrainingException>(() => Train.Run(KMeansSpec.Create(1, init, start), rows)).Message;
}
