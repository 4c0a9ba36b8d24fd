using OrleansCluster.Numerics.Distances;
using OrleansCluster.Numerics.KMeans.Assign;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Tests.Distances;

namespace OrleansCluster.Numerics.Tests.KMeans.Assign;

/// <summary>Shards that compute the same step share its tables and the scratch of its slices, and answer as if each had its own.</summary>
public sealed class AssignmentPoolTests
{
    private static readonly double[] Centres = [1, 2, 3, 4, 5, 6];
    private static readonly double[] Next = [1, 2, 3, 4, 5, 7];
    private static readonly TileFrame Frame = TileFrame.Of(new double[2], 0);

    [Fact]
    public void Shards_that_come_from_the_same_centres_have_the_same_tables()
    {
        var pool = new AssignmentPool();
        CentreTables one = pool.Join(Centres, 3, null);
        pool.Join(Centres, 3, null).ShouldBeSameAs(one);
        one.Scores(Frame, null).ShouldBeSameAs(one.Scores(Frame, null));

        CentreTables next = pool.Join(Next, 3, Centres);
        next.ShouldNotBeSameAs(one);
        pool.Join(Next, 3, Centres).ShouldBeSameAs(next);
        next.Moved(Frame).ToArray().Select(moved => moved > 0).ShouldBe([false, false, true]);
    }

    [Fact]
    public void A_shard_that_lost_its_labels_has_tables_beside_those_of_the_others()
    {
        var pool = new AssignmentPool();
        CentreTables followed = pool.Join(Next, 3, Centres);
        CentreTables lost = pool.Join(Next, 3, null);
        lost.ShouldNotBeSameAs(followed);
        lost.From.ShouldBeNull();
        pool.Join(Next, 3, Centres).ShouldBeSameAs(followed);
        pool.Join(Next, 3, null).ShouldBeSameAs(lost);
    }

    [Fact]
    public void Tables_are_made_anew_only_when_nobody_uses_them()
    {
        var pool = new AssignmentPool();
        CentreTables one = pool.Join(Centres, 3, null);
        pool.Join(Centres, 3, null);
        pool.Leave(one);
        CentreTables next = pool.Join(Next, 3, Centres);
        next.ShouldNotBeSameAs(one);
        one.Centroids.ShouldBeSameAs(Centres);
        pool.Leave(one);
        CentreTables third = pool.Join(Centres, 3, Next);
        third.ShouldBeSameAs(one);
        third.Scores(Frame, next).K.ShouldBe(3);
    }

    [Fact]
    public void Tables_that_one_alone_uses_are_changed_where_they_are()
    {
        var pool = new AssignmentPool();
        CentreTables one = pool.Join(Centres, 3, null);
        one.Scores(Frame, null);
        CentreTables next = pool.Join(Next, 3, Centres, one);
        next.ShouldBeSameAs(one);
        next.Scores(Frame, one).K.ShouldBe(3);
        pool.Leave(one);
        pool.Join(Next, 3, Centres).ShouldBeSameAs(next);
        pool.Join(Centres, 3, Next, next).ShouldNotBeSameAs(next);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_taken_from_the_tables_before_is_what_would_be_made(bool inPlace)
    {
        const int D = 40, K = 300;
        KernelCase c = KernelCase.Make(5, "plain", 10, D, K, single: true, weighted: false);
        double[] to = [.. c.Centroids.Select((value, i) => i / D % 3 == 0 ? value + 0.25 : value)];
        TileFrame frame = TileFrame.Of(c.Frame.Origins, 0);
        CodeKernel kernel = CodeKernel.For(KernelCase.Widths.Last());
        var (before, copied, made) = (new CentreTables(), new CentreTables(), new CentreTables());
        before.Begin(c.Centroids, K, null);
        before.Scores(frame, null);
        before.Codes(frame, null, kernel);
        if (inPlace)
            copied = before;
        copied.Begin(to, K, c.Centroids);
        made.Begin(to, K, null);
        Same(copied.Scores(frame, before), made.Scores(frame, null));
        Same(copied.Codes(frame, before, kernel), made.Codes(frame, null, kernel));

        static unsafe void Same(object copy, object fresh)
        {
            if (copy is CentroidTable a && fresh is CentroidTable b)
            {
                a.Certificate.ShouldBe(b.Certificate);
                new ReadOnlySpan<float>(a.Scores, a.Panels * D * 8).SequenceEqual(new ReadOnlySpan<float>(b.Scores, b.Panels * D * 8)).ShouldBeTrue();
                new ReadOnlySpan<float>(a.Halves, a.Panels * 8).SequenceEqual(new ReadOnlySpan<float>(b.Halves, b.Panels * 8)).ShouldBeTrue();
                new ReadOnlySpan<double>(a.Exact, a.ExactCentres * D).SequenceEqual(new ReadOnlySpan<double>(b.Exact, b.ExactCentres * D)).ShouldBeTrue();
                return;
            }

            var (x, y) = ((CodeTable)copy, (CodeTable)fresh);
            x.Movers.ShouldBe(K / 3);
            for (int centre = 0; centre < K; centre++)
            {
                new ReadOnlySpan<float>(x.Own(centre), x.Stride).SequenceEqual(new ReadOnlySpan<float>(y.Own(centre), y.Stride)).ShouldBeTrue();
                x.Half(centre).ShouldBe(y.Half(centre));
                (int p, int q) = (x.Places[centre], y.Places[centre]);
                for (int fact = 0; fact < CodeTable.FactCount; fact++)
                    x.Facts[FactAt(p, fact)].ShouldBe(y.Facts[FactAt(q, fact)]);
                for (int word = 0; word < x.Stride / sizeof(int); word++)
                    x.Codes[WordAt(p, word, x.Stride)].ShouldBe(y.Codes[WordAt(q, word, y.Stride)]);
            }
        }

        static int FactAt(int place, int fact) => (((place / CodeTable.Panel * CodeTable.FactCount) + fact) * CodeTable.Panel) + (place % CodeTable.Panel);

        static int WordAt(int place, int word, int stride)
            => (((place / CodeTable.Panel * (stride / sizeof(int))) + word) * CodeTable.Panel) + (place % CodeTable.Panel);
    }

    [Theory]
    [InlineData(40, 600, false)]
    [InlineData(40, 600, true)]
    [InlineData(6, 3000, false)]
    [InlineData(8, 20, false)]
    public void Shards_that_share_agree_with_the_oracle_when_some_lose_what_they_kept(int d, int k, bool plain)
    {
        KernelCase c = KernelCase.Make(11, "plain", 400, d, k, single: true, weighted: true);
        RowBlock[] shards = [.. Enumerable.Range(0, 4).Select(s => c.Rows.Slice(s * 100, 100))];
        var pool = new AssignmentPool();
        ShardAssigner[] fast = [.. shards.Select(Make)];
        ScalarAssigner[] oracles = [.. shards.Select(rows => new ScalarAssigner(rows, c.Frame))];
        double[] centroids = c.Centroids;
        double[]? previous = null;
        for (int step = 0; step < 8; step++)
        {
            var total = new AssignmentSums(k, d);
            if (step is 3 or 5)
                fast[step % 4] = Make(shards[step % 4]);
            for (int s = 0; s < shards.Length; s++)
            {
                AssignmentSums expected = oracles[s].Assign(centroids, k, previous, true, Sequential.Instance, default);
                AssignmentSums sums = fast[s].Assign(centroids, k, previous, plain, Sequential.Instance, default);
                ShardAssignerTests.ShouldEqual(sums, expected, $"step {step}, shard {s}");
                fast[s].Labels.SequenceEqual(oracles[s].Labels).ShouldBeTrue();
                total.Add(expected);
            }

            (previous, centroids) = (centroids, c.Step(total, centroids));
        }

        ShardAssigner Make(RowBlock rows) => new(rows, c.Frame) { Pool = pool, EagerGroups = true };
    }

    [Fact]
    public void Shards_that_run_one_after_the_other_use_the_same_scratch()
    {
        KernelCase c = KernelCase.Make(12, "plain", 300, 4, 30, single: true, weighted: false);
        var pool = new AssignmentPool();
        SliceWork work = pool.Take();
        pool.GiveBack(work);
        for (int s = 0; s < 3; s++)
            new ShardAssigner(c.Rows.Slice(s * 100, 100), c.Frame) { Pool = pool }.Assign(c.Centroids, c.K, null, false, Sequential.Instance, default);
        pool.Take().ShouldBeSameAs(work);
        pool.Take().ShouldNotBeSameAs(work);
    }

    [Fact]
    public void A_call_that_fails_gives_back_what_it_used()
    {
        KernelCase c = KernelCase.Make(13, "plain", 300, 4, 30, single: true, weighted: false);
        var pool = new AssignmentPool();
        var assigner = new ShardAssigner(c.Rows, c.Frame) { Pool = pool };
        assigner.Assign(c.Centroids, c.K, null, false, Sequential.Instance, default);
        double[] next = [.. c.Centroids.Select(value => value * 0.5)];
        Should.Throw<OperationCanceledException>(
            () => assigner.Assign(next, c.K, c.Centroids, false, Sequential.Instance, new CancellationToken(canceled: true)));
        // Only the failed call's own tables are in use: a second user of the first is a first one again.
        CentreTables again = pool.Join(c.Centroids, c.K, null);
        again.Users.ShouldBe(1);
        AssignmentSums sums = assigner.Assign(next, c.K, c.Centroids, false, Sequential.Instance, default);
        var oracle = new ScalarAssigner(c.Rows, c.Frame);
        oracle.Assign(c.Centroids, c.K, null, true, Sequential.Instance, default);
        ShardAssignerTests.ShouldEqual(sums, oracle.Assign(next, c.K, c.Centroids, true, Sequential.Instance, default), "after a failure");
    }
}
