using OrleansCluster.Numerics.KMeans;
using OrleansCluster.Numerics.KMeans.Sphere;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Statistics;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.Tests.KMeans.Sphere;

/// <summary>On the sphere, too: one dataset, spec and seed, one digest, however the work is done and the rows lie.</summary>
public sealed class SphericalLawTests
{
    public static TheoryData<string, string> Everything
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (string rows in Adversarial.Names)
            {
                foreach (string init in new[] { "parallel", "k-means++", "random" })
                    data.Add(rows, init);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public void Kernels_threads_acceleration_and_zeros_change_nothing(string name, string init)
    {
        RowBlock rows = Spherical.WithDirection(Adversarial.Rows(name));
        int d = rows.Columns;
        Outcome expected = Outcome.Of(new KMeansTrainer(Spec(init, plain: true), d), Spherical.ScalarWorkers(rows, 100), Sequential.Instance);
        Outcome.Of(new KMeansTrainer(Spec(init), d), Spherical.Workers(rows, 100), new Threads(7)).ShouldBe(expected);
        Outcome.Of(new KMeansTrainer(Spec(init, plain: true), d), Spherical.Workers(rows, 100), Sequential.Instance).ShouldBe(expected);
        Outcome.Of(new KMeansTrainer(Spec(init), d), Spherical.SparseWorkers(rows, 100), new Threads(2), merge: ByFours).ShouldBe(expected);
    }

    [Theory]
    [InlineData("parallel")]
    [InlineData("k-means++")]
    public void Losing_caches_and_resuming_change_nothing(string init)
    {
        RowBlock rows = Adversarial.Rows("weighted");
        Outcome expected = Outcome.Of(new KMeansTrainer(Spec(init), rows.Columns), Spherical.Workers(rows, 100), Sequential.Instance);
        var random = new Random(1);
        var trainer = new KMeansTrainer(Spec(init), rows.Columns);
        IShardWorker[] workers = Spherical.Workers(rows, 100);
        while (trainer.Next is not null)
        {
            if (random.Next(3) == 0)
                workers = Spherical.Workers(rows, 100);
            byte[] saved = trainer.Save();
            trainer = KMeansTrainer.Restore(saved, KMeansGeometry.Sphere);
            trainer.Save().ShouldBe(saved);
            trainer.Advance(StatisticMerge.Merge([.. workers.Select(worker => worker.Execute(trainer.Next!, Sequential.Instance))]), Sequential.Instance);
        }

        Outcome.Of(trainer.Result!).ShouldBe(expected);
        Should.Throw<InvalidDataException>(() => KMeansTrainer.Restore(trainer.Save()));
    }

    [Fact]
    public void Lengths_of_rows_change_nothing()
    {
        RowBlock rows = Adversarial.Rows("blobs");
        double[] longer = [.. rows.Float64.ToArray().Select((value, i) => Math.ScaleB(value, (i / 3 % 500) - 250))];
        Outcome.Of(new KMeansTrainer(Spec("parallel"), 3), Spherical.Workers(new RowBlock(longer, 3), 100), Sequential.Instance)
            .ShouldBe(Outcome.Of(new KMeansTrainer(Spec("parallel"), 3), Spherical.Workers(rows, 100), Sequential.Instance));
    }

    /// <summary>Bounds of groups and screening need many centres.</summary>
    [Theory]
    [InlineData(150, 24)]
    [InlineData(260, 64)]
    public void Many_centres_change_nothing(int k, int columns)
    {
        var rows = new RowBlock(Train.Blobs(2, 3000, columns, 90, spread: 3).Select(value => (float)value).ToArray(), columns);
        Outcome expected = Outcome.Of(
            new KMeansTrainer(Spherical.Spec(k, "random", maxIterations: 7, plain: true), columns), Spherical.ScalarWorkers(rows, 1500), new Threads(2));
        Outcome.Of(new KMeansTrainer(Spherical.Spec(k, "random", maxIterations: 7), columns), Spherical.Workers(rows, 1500), new Threads(2))
            .ShouldBe(expected);
    }

    [Fact]
    public void A_model_reads_what_it_wrote_and_nothing_else()
    {
        var model = new KMeansModel([0.6, 0.8, -1, 0], 2, KMeansGeometry.Sphere);
        KMeansModel read = KMeansModel.Decode(model.Encode(), KMeansGeometry.Sphere);
        (read.Digest, read.Geometry).ShouldBe((model.Digest, KMeansGeometry.Sphere));
        read.Centroids.ShouldBe(model.Centroids);
        Should.Throw<InvalidDataException>(() => KMeansModel.Decode(model.Encode()));
        new KMeansModel(model.Centroids, 2).Digest.ShouldNotBe(model.Digest);
    }

    private static KMeansSpec Spec(string init, bool plain = false) => Spherical.Spec(7, init, restarts: 2, maxIterations: 25, plain: plain);

    private static ReadOnlyMemory<byte> ByFours(IReadOnlyList<ReadOnlyMemory<byte>> statistics)
    {
        while (statistics.Count > 1)
            statistics = [.. statistics.Chunk(4).Select(group => StatisticMerge.Merge(group))];
        return statistics[0];
    }
}
