using OrleansCluster.Numerics.Exact;
using OrleansCluster.Numerics.KMeans.Assign;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Simd;
using OrleansCluster.Numerics.Tests.Distances;

namespace OrleansCluster.Numerics.Tests.KMeans.Assign;

/// <summary>Bounds are a cache: they save distances and never change a bit, however long they are carried and whenever they are lost.</summary>
public sealed class BoundsTests
{
    public static TheoryData<string> Kinds => [.. KernelCase.Kinds];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Long_walks_of_the_centres_agree_with_the_oracle(string kind)
    {
        for (int seed = 0; seed < 4; seed++)
        {
            var random = new Random(seed + (1000 * kind.Length));
            KernelCase c = KernelCase.Make(seed, kind, random.Next(30, 400), random.Next(1, 20), random.Next(1, 40), single: seed % 2 == 0, weighted: seed > 1);
            foreach (SimdWidth width in KernelCase.Widths)
                Walk(c, width, new Random(seed));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Long_walks_of_many_centres_agree_with_the_oracle(string kind)
    {
        // Enough multiply-adds a row to screen them, or for bounds by groups: of one panel each, of several where columns are few, the last one not full.
        (int D, int K)[] shapes = [(130, 128), (33, 499), (5, 3300), (31, 600)];
        for (int seed = 0; seed < shapes.Length; seed++)
        {
            (int d, int k) = shapes[seed];
            KernelCase c = KernelCase.Make(seed + (1000 * kind.Length), kind, 100, d, k, single: seed != 1, weighted: seed == 2);
            foreach (SimdWidth width in KernelCase.Widths)
            {
                Walk(c, width, new Random(seed), eager: true);
                Walk(c, width, new Random(seed));
            }
        }
    }

    [Theory]
    [InlineData(33, 520)]
    [InlineData(31, 530)]
    public void Many_centres_may_go_out_of_range_and_come_back(int d, int k)
    {
        KernelCase c = KernelCase.Make(21, "plain", 200, d, k, single: true, weighted: false);
        double[] far = [.. c.Centroids.Select((value, i) => i < d ? 1e60 : value)];
        foreach (SimdWidth width in KernelCase.Widths)
        {
            var oracle = new ScalarAssigner(c.Rows, c.Frame);
            var assigner = new ShardAssigner(c.Rows, c.Frame, width) { EagerGroups = true };
            double[]? previous = null;
            foreach (double[] centroids in new[] { c.Centroids, far, far, c.Centroids, c.Centroids })
            {
                AssignmentSums expected = oracle.Assign(centroids, k, previous, true, Sequential.Instance, default);
                ShardAssignerTests.ShouldEqual(assigner.Assign(centroids, k, previous, false, Sequential.Instance, default), expected, $"{width}");
                previous = centroids;
            }
        }
    }

    [Theory]
    [InlineData(1e-8)]
    [InlineData(1e-3)]
    [InlineData(0.3)]
    public void Rows_on_the_border_between_centres_are_never_passed_over_wrongly(double step)
    {
        // Rows about the border of two centres; centres that creep towards, past and away from them.
        var random = new Random(17);
        var values = new double[600];
        for (int i = 0; i < values.Length; i += 2)
            (values[i], values[i + 1]) = ((random.NextDouble() - 0.5) * Math.Pow(10, -random.Next(1, 9)), random.NextDouble() - 0.5);
        var rows = new RowBlock(values, 2);
        ColumnFrame frame = ColumnFrame.FromRanges([-2, -1], [2, 1], 1, 300);
        foreach (SimdWidth width in KernelCase.Widths)
        {
            var oracle = new ScalarAssigner(rows, frame);
            var assigner = new ShardAssigner(rows, frame, width);
            double[] centroids = [-1, 0, 1, 0, 0, 5];
            double[]? previous = null;
            for (int i = 0; i < 60; i++)
            {
                AssignmentSums expected = oracle.Assign(centroids, 3, previous, true, Sequential.Instance, default);
                ShardAssignerTests.ShouldEqual(assigner.Assign(centroids, 3, previous, false, Sequential.Instance, default), expected, $"{width}, step {i}");
                previous = centroids;
                double drift = Math.Sin(i) * step;
                centroids = [centroids[0] + drift, centroids[1], centroids[2] + (drift * random.NextDouble()), centroids[3], centroids[4], centroids[5]];
            }
        }
    }

    [Fact]
    public void Distances_are_saved_once_centres_settle()
    {
        var random = new Random(3);
        var values = new float[4000 * 6];
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)((10 * (i / 6 % 8 >> (i % 6 % 3) & 1)) + random.NextDouble());
        var rows = new RowBlock(values, 6);
        ColumnFrame frame = ColumnFrame.FromRanges([.. Enumerable.Repeat(0.0, 6)], [.. Enumerable.Repeat(11.0, 6)], 1, 4000);
        var centroids = new double[8 * 6];
        for (int i = 0; i < centroids.Length; i++)
            centroids[i] = values[i];
        foreach (SimdWidth width in KernelCase.Widths)
        {
            var assigner = new ShardAssigner(rows, frame, width);
            assigner.Assign(centroids, 8, null, false, Sequential.Instance, default).Distances.ShouldBe(4000 * 8);
            double[] next = [.. centroids.Select(c => c + 0.01)];
            assigner.Assign(next, 8, centroids, false, Sequential.Instance, default).Distances.ShouldBe(0);
            assigner.Assign(next, 8, next, true, Sequential.Instance, default).Distances.ShouldBe(4000 * 8, "plain evaluates every distance");
            assigner.Assign(next, 8, next, false, Sequential.Instance, default).Distances.ShouldBe(4000 * 8, "a plain step leaves no bounds");
            assigner.Assign(next, 8, next, false, Sequential.Instance, default).Distances.ShouldBe(0);
        }
    }

    [Fact]
    public void A_centre_that_races_ahead_costs_its_group_only()
    {
        // Sixteen clouds about each of 34 places along a line: the group of a place has all of its clouds.
        const int K = 16 * 34;
        const int D = 31;
        var random = new Random(4);
        var start = new double[K * D];
        for (int c = 0; c < K; c++)
        {
            for (int j = 0; j < D; j++)
                start[(c * D) + j] = (j == 0 ? 60 * (c / 16) : 0) + (10 * random.NextDouble());
        }

        var values = new float[K * D * 8];
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)(start[i % start.Length] + random.NextDouble());
        var rows = new RowBlock(values, D);
        ColumnFrame frame = ColumnFrame.FromRanges([.. Enumerable.Repeat(0.0, D)], [60 * (K / 16), .. Enumerable.Repeat(20.0, D - 1)], 1, rows.Rows);
        double[] next = [.. start.Select((value, i) => value + (i < D ? 30 : 0))];
        foreach (SimdWidth width in KernelCase.Widths)
        {
            var assigner = new ShardAssigner(rows, frame, width);
            assigner.Assign(start, K, null, false, Sequential.Instance, default).Distances.ShouldBe(rows.Rows * K);
            // Hardly a row moves when one centre does, but one bound a row is spent for all: groups begin.
            assigner.Assign(next, K, start, false, Sequential.Instance, default).Moved.ShouldBeLessThan(rows.Rows / 16);
            assigner.Assign(start, K, next, false, Sequential.Instance, default).Distances.ShouldBeGreaterThanOrEqualTo(rows.Rows * K);
            AssignmentSums sums = assigner.Assign(next, K, start, false, Sequential.Instance, default);
            ShardAssignerTests.ShouldEqual(sums, new ScalarAssigner(rows, frame).Assign(next, K, start, true, Sequential.Instance, default), $"{width}");
            // One bound a row would have all of them scored against all centres.
            sums.Distances.ShouldBeInRange(1, rows.Rows * 20);
        }
    }

    [Fact]
    public void Centres_that_move_are_the_only_ones_looked_at()
    {
        const int K = 512;
        const int D = 48;
        var random = new Random(6);
        double[] start = [.. Enumerable.Range(0, K * D).Select(_ => random.NextDouble() * 20)];
        float[] values = [.. Enumerable.Range(0, K * D * 8).Select(i => (float)(start[i % start.Length] + random.NextDouble()))];
        var rows = new RowBlock(values, D);
        ColumnFrame frame = ColumnFrame.FromRanges([.. Enumerable.Repeat(0.0, D)], [.. Enumerable.Repeat(21.0, D)], 1, rows.Rows);
        // A third of the centres change places with each other, the others stay: no bound of the past says anything of those.
        double[] next = [.. start.Select((value, i) => i / D < 170 ? start[((i / D * 7 % 170) * D) + (i % D)] : value)];
        foreach (SimdWidth width in KernelCase.Widths)
        {
            var assigner = new ShardAssigner(rows, frame, width);
            assigner.Assign(start, K, null, false, Sequential.Instance, default).Distances.ShouldBe(rows.Rows * K);
            AssignmentSums sums = assigner.Assign(next, K, start, false, Sequential.Instance, default);
            ShardAssignerTests.ShouldEqual(sums, new ScalarAssigner(rows, frame).Assign(next, K, start, true, Sequential.Instance, default), $"{width}");
            // Rows of centres that moved away are screened against all, the others against the six panels of those that moved;
            // of each batch of rows, a few of the others share a pass with the former.
            sums.Distances.ShouldBeInRange(1, (170 * 8 * (K + 2)) + ((K - 170) * 8 * ((6 * 32) + 2)) + (8 * 15 * K));
            assigner.Assign(next, K, next, false, Sequential.Instance, default).Distances.ShouldBe(0);
        }
    }

    [Theory]
    [InlineData(16, 32)]
    [InlineData(16, 1024)]
    [InlineData(32, 512)]
    public void A_step_that_goes_on_allocates_its_result_only(int d, int k)
    {
        KernelCase c = KernelCase.Make(9, "plain", 5000, d, k, single: true, weighted: false);
        var assigner = new ShardAssigner(c.Rows, c.Frame) { EagerGroups = true };
        double[] centroids = c.Centroids;
        double[]? previous = null;
        for (int step = 0; step < 4; step++)
        {
            AssignmentSums sums = assigner.Assign(centroids, c.K, previous, false, Sequential.Instance, default);
            (previous, centroids) = (centroids, c.Step(sums, centroids));
        }

        long result = Allocated(() => _ = new AssignmentSums(c.K, d));
        long step5 = Allocated(() => assigner.Assign(centroids, c.K, previous, false, Sequential.Instance, default));
        step5.ShouldBeLessThanOrEqualTo(result + 256);
    }

    private static long Allocated(Action action)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static void Walk(KernelCase c, SimdWidth width, Random random, bool eager = false)
    {
        var oracle = new ScalarAssigner(c.Rows, c.Frame);
        var assigner = new ShardAssigner(c.Rows, c.Frame, width) { EagerGroups = eager };
        double[] centroids = c.Centroids;
        double[]? previous = null;
        double reach = 1;
        for (int step = 0; step < 25; step++)
        {
            AssignmentSums expected = oracle.Assign(centroids, c.K, previous, true, Sequential.Instance, default);
            if (random.Next(9) == 0)
                assigner = new ShardAssigner(c.Rows, c.Frame, width) { EagerGroups = eager };
            bool plain = random.Next(8) == 0;
            AssignmentSums actual = assigner.Assign(centroids, c.K, previous, plain, Sequential.Instance, default);
            ShardAssignerTests.ShouldEqual(actual, expected, $"{c.Name}; {width}, step {step}");
            assigner.Labels.SequenceEqual(oracle.Labels).ShouldBeTrue($"{c.Name}; {width}, step {step}");

            // Some centres stay, some creep by ever smaller steps, once in a while one jumps onto another.
            previous = centroids;
            centroids = (double[])centroids.Clone();
            reach *= 0.7;
            for (int centre = 0; centre < c.K; centre++)
            {
                if (random.Next(3) == 0)
                    continue;
                int towards = random.Next(c.K);
                double share = random.Next(60) == 0 ? 1 : random.NextDouble() * reach * 0.5;
                for (int j = 0; j < c.Rows.Columns; j++)
                {
                    double from = centroids[(centre * c.Rows.Columns) + j];
                    centroids[(centre * c.Rows.Columns) + j] = from + ((previous[(towards * c.Rows.Columns) + j] - from) * share);
                }
            }

            if (step % 10 == 9)
                previous = null;
        }
    }
}
