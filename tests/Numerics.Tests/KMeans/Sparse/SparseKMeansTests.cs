using OrleansCluster.Numerics.KMeans;
using OrleansCluster.Numerics.KMeans.Sphere;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Selection;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.Tests.KMeans.Sparse;

/// <summary>The law of sparse rows: a training of them has the bits of that of the same rows made dense, every number that it tells.</summary>
public sealed class SparseKMeansTests
{
    public static TheoryData<string> Awkward => [.. Adversarial.Names];

    public static TheoryData<string, int> Starts
    {
        get
        {
            var all = new TheoryData<string, int>();
            foreach (string init in new[] { "parallel", "k-means++", "random", "given" })
            {
                for (int seed = 0; seed < 3; seed++)
                    all.Add(init, seed);
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Starts))]
    public void Sparse_and_dense_rows_train_to_the_same_bits(string init, int seed)
    {
        foreach (Precision precision in new[] { Precision.Float32, Precision.Float64 })
        {
            RowBlock rows = Matrix(seed, 700, 90, 0.08, precision, integers: seed == 1);
            double[] given = init == "given" ? [.. Train.Blobs(seed, 6, 90, 3).Select(value => value / 10)] : [];
            var spec = KMeansSpec.Create(
                init == "given" ? 6 : 9, init, given, restarts: init == "given" ? 1 : 2, maxIterations: 25, tolerance: 0, seed: (ulong)seed);
            (string dense, _) = Told(spec, rows, shard => new KMeansShardWorker(shard), 700, Sequential.Instance);
            (string sparse, _) = Told(spec, rows, shard => new SparseKMeansWorker(SparseBlock.Of(shard)), 700, Sequential.Instance);
            sparse.ShouldBe(dense);
            (string cut, _) = Told(spec, rows, shard => new SparseKMeansWorker(SparseBlock.Of(shard)), 170, new Threads(3));
            cut.ShouldBe(Told(spec, rows, shard => new KMeansShardWorker(shard), 170, Sequential.Instance).Told);
        }
    }

    [Theory]
    [MemberData(nameof(Awkward))]
    public void Awkward_rows_train_to_the_same_bits(string name)
    {
        RowBlock rows = Adversarial.Rows(name);
        foreach (string init in new[] { "parallel", "k-means++" })
        {
            var spec = KMeansSpec.Create(8, init, maxIterations: 40, tolerance: 0, seed: 5);
            (string dense, _) = Told(spec, rows, shard => new KMeansShardWorker(shard), 300, Sequential.Instance);
            (string sparse, _) = Told(spec, rows, shard => new SparseKMeansWorker(SparseBlock.Of(shard)), 300, new Threads(2));
            sparse.ShouldBe(dense);
        }
    }

    [Theory]
    [InlineData("relocate")]
    [InlineData("drop")]
    public void Empty_clusters_have_the_same_bits(string empty)
    {
        RowBlock rows = Matrix(4, 300, 60, 0.1, Precision.Float64, integers: false);
        // Centres that no row is nearest to.
        double[] given = [.. Enumerable.Range(0, 5 * 60).Select(i => i < 60 ? 0.1 : 50.0 + i)];
        var spec = KMeansSpec.Create(5, "given", given, maxIterations: 30, tolerance: 0, empty: empty);
        (string dense, KMeansResult result) = Told(spec, rows, shard => new KMeansShardWorker(shard), 120, Sequential.Instance);
        Told(spec, rows, shard => new SparseKMeansWorker(SparseBlock.Of(shard)), 120, Sequential.Instance).Told.ShouldBe(dense);
        result.Warnings.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(107)]
    public void Any_number_of_centres_has_the_same_bits(int k)
    {
        RowBlock rows = Matrix(k, 600, 40, 0.2, Precision.Float32, integers: k == 31);
        var spec = KMeansSpec.Create(k, "random", maxIterations: 8, tolerance: 0, seed: 2);
        Told(spec, rows, shard => new SparseKMeansWorker(SparseBlock.Of(shard)), 250, Sequential.Instance).Told
            .ShouldBe(Told(spec, rows, shard => new KMeansShardWorker(shard), 250, Sequential.Instance).Told);
    }

    /// <summary>Silhouettes, dispersions and the number chosen.</summary>
    [Theory]
    [InlineData(KMeansGeometry.Euclidean, false)]
    [InlineData(KMeansGeometry.Euclidean, true)]
    [InlineData(KMeansGeometry.Sphere, false)]
    public void Numbers_of_clusters_are_judged_alike(KMeansGeometry geometry, bool weighted)
    {
        RowBlock rows = Matrix(12, 5000, 30, 0.3, Precision.Float32, integers: false);
        rows = weighted ? rows.WithWeights(Train.WeightsFor(2, 5000)) : rows;
        rows = UnitRows.Of(rows, out _, Sequential.Instance);
        KMeansSpec spec = KMeansSpec.Create(2, restarts: 2, seed: 5, maxIterations: 12, geometry: geometry);
        string dense = Judged(shard => new KMeansShardWorker(shard, geometry), Sequential.Instance);
        Judged(shard => new SparseKMeansWorker(SparseBlock.Of(shard), geometry), new Threads(3)).ShouldBe(dense);

        string Judged(Func<RowBlock, IShardWorker> worker, IParallel parallel)
        {
            SelectionTrainer trainer = KMeansSelection.Create(spec, 5, SelectionCriterion.Silhouette, rows.Columns, silhouetteRows: 300);
            LocalTraining.Run(trainer, [.. Train.Shards(rows, 3000).Select(worker)], parallel);
            return KMeansSelection.Result(trainer)!.Model.Digest + string.Join(' ', trainer.Trials.SelectMany(trial => trial.Values)
                .Select(value => BitConverter.DoubleToInt64Bits(value.Value).ToString("x")));
        }
    }

    [Fact]
    public void Lost_caches_change_nothing()
    {
        RowBlock rows = Matrix(6, 400, 50, 0.15, Precision.Float32, integers: true);
        var spec = KMeansSpec.Create(7, "k-means++", maxIterations: 25, tolerance: 0, seed: 3);
        (string dense, _) = Told(spec, rows, shard => new KMeansShardWorker(shard), 400, Sequential.Instance);
        (string forgetful, _) = Told(spec, rows, shard => new Forgetful(SparseBlock.Of(shard)), 400, Sequential.Instance);
        forgetful.ShouldBe(dense);
    }

    [Fact]
    public void Candidates_of_a_start_are_clustered_to_the_same_bits_where_they_are_wide()
    {
        const int Narrow = 200, Wide = 400, Count = 80;
        RowBlock rows = Matrix(9, Count, Narrow, 0.05, Precision.Float64, integers: false);
        var wide = new double[Count * Wide];
        for (int i = 0; i < Count; i++)
            rows.CopyRow(i, wide.AsSpan(i * Wide, Narrow));
        double[] weights = [.. Enumerable.Range(0, Count).Select(i => 1.0 + (i % 7))];
        double[] dense = CandidateClustering.Of(KMeansGeometry.Euclidean).Cluster(rows.Float64.ToArray(), Narrow, weights, 6, 11, Sequential.Instance);
        double[] sparse = CandidateClustering.Of(KMeansGeometry.Euclidean).Cluster(wide, Wide, weights, 6, 11, new Threads(2));
        dense.Length.ShouldBe(6 * Narrow);
        for (int c = 0; c < 6; c++)
        {
            sparse.AsSpan(c * Wide, Narrow).SequenceEqual(dense.AsSpan(c * Narrow, Narrow)).ShouldBeTrue();
            sparse.AsSpan((c * Wide) + Narrow, Wide - Narrow).ContainsAnyExcept(0.0).ShouldBeFalse();
        }
    }

    [Fact]
    public void Rows_without_entries_and_ties_belong_where_the_definition_says()
    {
        var values = new double[40 * 30];
        for (int i = 0; i < 30; i++)
            values[(i * 30) + (i % 4)] = 1 + (i % 2);
        var rows = new RowBlock(values, 30);
        var spec = KMeansSpec.Create(4, "random", maxIterations: 10, tolerance: 0, seed: 11);
        Told(spec, rows, shard => new SparseKMeansWorker(SparseBlock.Of(shard)), 40, Sequential.Instance).Told
            .ShouldBe(Told(spec, rows, shard => new KMeansShardWorker(shard), 40, Sequential.Instance).Told);
    }

    private static (string Told, KMeansResult Result) Told(
        KMeansSpec spec, RowBlock rows, Func<RowBlock, IShardWorker> worker, int shardRows, IParallel parallel)
    {
        var lines = new List<string>();
        var trainer = new KMeansTrainer(spec, rows.Columns);
        LocalTraining.Run(trainer, [.. Train.Shards(rows, shardRows).Select(worker)], parallel, happened =>
        {
            // What was evaluated is a cost, and not a result.
            if (happened is IterationEnded done)
                lines.Add($"{done with { Distances = 0 }} {BitConverter.DoubleToInt64Bits(done.Objective):x}");
        });
        KMeansResult result = trainer.Result!;
        lines.Add($"{result.Model.Digest} {BitConverter.DoubleToInt64Bits(result.Objective):x} {result.Stop} {result.Restart}");
        lines.Add(string.Join(' ', result.Sizes));
        lines.Add(string.Join(' ', result.Weights.Concat(result.Spread).Select(value => BitConverter.DoubleToInt64Bits(value).ToString("x"))));
        lines.AddRange(result.Warnings);
        return (string.Join('\n', lines), result);
    }

    private static RowBlock Matrix(int seed, int rows, int columns, double density, Precision precision, bool integers)
    {
        var random = new Random(seed);
        var values = new double[rows * columns];
        for (int i = 0; i < values.Length; i++)
        {
            // A few columns belong to a kind of rows.
            double chance = i / columns % 5 == i % columns % 5 ? 3 * density : density / 2;
            if (random.NextDouble() < chance)
                values[i] = integers ? random.Next(1, 4) : random.NextDouble() + 0.1;
        }

        return precision == Precision.Float64 ? new RowBlock(values, columns) : new RowBlock(values.Select(value => (float)value).ToArray(), columns);
    }

    /// <summary>Begins anew at every step.</summary>
    private sealed class Forgetful(SparseBlock rows) : IShardWorker
    {
        public Numerics.Encoding.PooledBytes Execute(Numerics.Encoding.EncodedStep step, IParallel parallel, CancellationToken cancellation = default)
            => new SparseKMeansWorker(rows).Execute(step, parallel, cancellation);
    }
}
