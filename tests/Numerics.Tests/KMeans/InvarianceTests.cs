using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.KMeans;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Statistics;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.Tests.KMeans;

/// <summary>One dataset, spec and seed: one digest, however the work is done.</summary>
public sealed class InvarianceTests
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
    public void Threads_merging_and_acceleration_change_nothing(string name, string init)
    {
        RowBlock rows = Adversarial.Rows(name);
        Outcome expected = Outcome.Of(Spec(init, plain: true), rows, 100, Sequential.Instance, scalar: true);
        Outcome.Of(Spec(init, plain: false), rows, 100, Sequential.Instance).ShouldBe(expected);
        Outcome.Of(Spec(init, plain: true), rows, 100, new Threads(7)).ShouldBe(expected);
        Outcome.Of(Spec(init, plain: false), rows, 100, new Threads(2), merge: Fan(4)).ShouldBe(expected);
        Outcome.Of(Spec(init, plain: false), rows, 100, new Threads(7), merge: Fan(2)).ShouldBe(expected);
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public void Known_ranges_spare_a_pass_and_change_nothing(string name, string init)
    {
        RowBlock given = Adversarial.Rows(name);
        RowBlock rows = given.Precision == Precision.Float32 ? new RowBlock(given.Float32, given.Columns) : new RowBlock(given.Float64, given.Columns);
        var values = new double[given.Columns];
        double[] minima = [.. values.Select(_ => double.MaxValue)], maxima = [.. values.Select(_ => double.MinValue)];
        for (int i = 0; i < rows.Rows; i++)
        {
            rows.CopyRow(i, values);
            for (int j = 0; j < values.Length; j++)
                (minima[j], maxima[j]) = (Math.Min(minima[j], values[j]), Math.Max(maxima[j], values[j]));
        }

        int passes = 0;
        Outcome surveyed = Outcome.Of(Spec(init, plain: false), rows, 100, Sequential.Instance, sent: step => Count(step, ref passes));
        int all = passes;
        passes = 0;
        Outcome.Of(
            Spec(init, plain: false), rows, 100, Sequential.Instance, sent: step => Count(step, ref passes),
            known: new UnweightedRows(rows.Rows, Math.Min(100, rows.Rows), minima, maxima)).ShouldBe(surveyed);
        passes.ShouldBe(all - Train.Shards(rows, 100).Count());
    }

    private static EncodedStep Count(EncodedStep step, ref int passes)
    {
        passes++;
        return step;
    }

    /// <summary>Shards beside the trainer compute the step that it made, those elsewhere what they read from its bytes.</summary>
    [Theory]
    [MemberData(nameof(Everything))]
    public void Steps_that_travel_change_nothing_and_bear_their_name_ever_after(string name, string init)
    {
        RowBlock rows = Adversarial.Rows(name);
        var steps = new List<EncodedStep>();
        Outcome here = Outcome.Of(Spec(init, plain: false), rows, 100, Sequential.Instance, sent: step =>
        {
            steps.Add(step);
            return step;
        });
        Outcome.Of(Spec(init, plain: false), rows, 100, Sequential.Instance, sent: step => new EncodedStep(step.Digest, step.Bytes)).ShouldBe(here);
        // Nobody changed what a step consists of while it was computed, or since.
        foreach (EncodedStep step in steps.Distinct())
        {
            Convert.ToHexStringLower(SHA256.HashData(step.Bytes.Span)).ShouldBe(step.Digest);
            step.Length.ShouldBe(step.Bytes.Length);
        }
    }

    [Fact]
    public void So_many_candidates_that_their_reduction_is_cut_up_change_nothing()
    {
        var rows = new RowBlock(Train.Blobs(1, 4000, 64, 50), 64);
        KMeansSpec spec = KMeansSpec.Create(400, "parallel", maxIterations: 1, seed: 3);
        Outcome expected = Outcome.Of(spec, rows, 4000, Sequential.Instance);
        Outcome.Of(spec, rows, 700, new Threads(5)).ShouldBe(expected);
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public void Losing_caches_and_resuming_from_any_checkpoint_change_nothing(string name, string init)
    {
        RowBlock rows = Adversarial.Rows(name);
        Outcome expected = Outcome.Of(Spec(init, plain: false), rows, 100, Sequential.Instance);
        var random = new Random(1);
        var trainer = new KMeansTrainer(Spec(init, plain: false), rows.Columns);
        IShardWorker[] workers = Train.Workers(rows, 100);
        byte[] older = trainer.Save();
        while (trainer.Next is { } step)
        {
            // A crash: back to the newest checkpoint, or an older one, with workers that know nothing.
            if (random.Next(4) == 0)
            {
                trainer = KMeansTrainer.Restore(random.Next(3) == 0 ? older : trainer.Save());
                step = trainer.Next!;
            }

            for (int i = 0; i < workers.Length; i++)
            {
                if (random.Next(3) == 0)
                    workers[i] = Train.Workers(rows, 100)[i];
            }

            if (random.Next(5) == 0)
                older = trainer.Save();
            trainer.Advance(StatisticMerge.Merge([.. workers.Select(w => w.Execute(step, Sequential.Instance))]), Sequential.Instance);
            byte[] saved = trainer.Save();
            KMeansTrainer.Restore(saved).Save().ShouldBe(saved);
        }

        Outcome.Of(trainer.Result!).ShouldBe(expected);
    }

    // Up to 4,096 rows of weight 1 the grid does not depend on how rows are cut into shards.
    [Fact]
    public void Small_unweighted_data_may_be_cut_anywhere()
    {
        RowBlock rows = Adversarial.Rows("blobs");
        Outcome expected = Outcome.Of(Spec("parallel", plain: false), rows, int.MaxValue, Sequential.Instance);
        foreach (int shardRows in new[] { 1000, 333, 64, 1 })
            Outcome.Of(Spec("parallel", plain: false), rows, shardRows, Sequential.Instance).ShouldBe(expected);
    }

    [Fact]
    public void Any_grouping_of_a_merge_gives_the_same_bytes()
    {
        RowBlock rows = Adversarial.Rows("weighted");
        var trainer = new KMeansTrainer(Spec("k-means++", plain: false), rows.Columns);
        IShardWorker[] workers = Train.Workers(rows, 37);
        while (trainer.Next is { } step)
        {
            ReadOnlyMemory<byte>[] statistics = [.. workers.Select(w => w.Execute(step, Sequential.Instance))];
            byte[] whole = StatisticMerge.Merge(statistics).ToArray();
            foreach (int fan in new[] { 2, 4, 8, 16 })
                Fan(fan)(statistics).ToArray().ShouldBe(whole);
            trainer.Advance(whole, Sequential.Instance);
        }
    }

    [Fact]
    public void Random_small_problems_give_one_digest()
        => Prop.ForAll(
            (from rows in Gen.Choose(1, 60)
             from columns in Gen.Choose(1, 3)
             from k in Gen.Choose(1, 6)
             from values in Gen.ArrayOf(Gen.Choose(-3, 3), rows * columns)
             from weights in Gen.ArrayOf(Gen.Choose(0, 3), rows)
             where weights.Count(w => w > 0) >= k
             from init in Gen.Elements("parallel", "k-means++", "random")
             from empty in Gen.Elements("relocate", "drop")
             select (columns, k, values, weights, init, empty)).ToArbitrary(),
            c =>
            {
                // Small integers: ties, duplicates and empty clusters abound.
                var block = new RowBlock(c.values.Select(v => (double)v).ToArray(), c.columns, c.weights.Select(w => (double)w).ToArray());
                KMeansSpec spec = KMeansSpec.Create(c.k, c.init, restarts: 2, tolerance: 0, seed: 9, empty: c.empty);
                Outcome expected = Outcome.Of(spec, block, 10, Sequential.Instance, scalar: true);
                return Outcome.Of(spec, block, 10, new Threads(2), merge: Fan(2)) == expected
                    && expected.Stop == "converged"
                    && Math.Abs(expected.Objective - Train.Objective(block, expected.Centroids())) <= 1e-9;
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    private static KMeansSpec Spec(string init, bool plain) => KMeansSpec.Create(7, init, restarts: 2, maxIterations: 25, seed: 3, plain: plain);

    private static Func<IReadOnlyList<ReadOnlyMemory<byte>>, ReadOnlyMemory<byte>> Fan(int fan) => statistics =>
    {
        IReadOnlyList<ReadOnlyMemory<byte>> level = statistics;
        while (level.Count > 1)
            level = [.. level.Chunk(fan).Select(group => StatisticMerge.Merge(group))];
        return level[0];
    };
}
