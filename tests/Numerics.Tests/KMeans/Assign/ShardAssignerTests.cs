using OrleansCluster.Numerics.Exact;
using OrleansCluster.Numerics.KMeans.Assign;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Simd;
using OrleansCluster.Numerics.Tests.Distances;

namespace OrleansCluster.Numerics.Tests.KMeans.Assign;

/// <summary>The fast assigner against the scalar oracle: the same integers and labels, whatever the width, the rows and the cache.</summary>
public sealed class ShardAssignerTests
{
    public static TheoryData<string> Kinds => [.. KernelCase.Kinds];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Agrees_with_the_oracle_on_every_kind_of_rows(string kind)
    {
        var random = new Random(kind.Length);
        for (int round = 0; round < 12; round++)
        {
            int n = random.Next(1, 700);
            KernelCase c = KernelCase.Make(
                random.Next(), kind, n, random.Next(1, 41), random.Next(1, round % 3 == 0 ? 300 : 30), single: round % 2 == 0, weighted: round % 4 > 1);
            Compare(c);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(31)]
    [InlineData(33)]
    [InlineData(64)]
    public void Agrees_with_the_oracle_for_every_number_of_columns(int d)
    {
        foreach (int k in new[] { 1, 2, 7, 8, 9, 16, 33 })
            Compare(KernelCase.Make(d + k, "plain", 257, d, k, single: k % 2 == 0, weighted: false));
    }

    [Fact]
    public void Weight_zero_rows_may_lie_anywhere()
    {
        double[] values = [0, 1, 2, 3, 1e200, -1e300, double.MaxValue, 5];
        double[] weights = [1, 1, 1, 1, 0, 0, 0, 2];
        ColumnFrame frame = ColumnFrame.FromRanges([0], [5], 2, 6);
        double[] centroids = [1, 4, 2];
        foreach (SimdWidth width in KernelCase.Widths)
        {
            var rows = new RowBlock(values, 1, weights);
            AssignmentSums expected = new ScalarAssigner(rows, frame).Assign(centroids, 3, null, true, Sequential.Instance, default);
            var assigner = new ShardAssigner(rows, frame, width);
            ShouldEqual(assigner.Assign(centroids, 3, null, true, Sequential.Instance, default), expected, $"{width}");
        }
    }

    [Fact]
    public void A_cancelled_call_leaves_nothing_behind()
    {
        KernelCase c = KernelCase.Make(5, "plain", 5000, 6, 20, single: true, weighted: false);
        var assigner = new ShardAssigner(c.Rows, c.Frame);
        AssignmentSums first = assigner.Assign(c.Centroids, c.K, null, false, Sequential.Instance, default);
        double[] next = c.Step(first, c.Centroids);
        using var source = new CancellationTokenSource();
        source.Cancel();
        Should.Throw<OperationCanceledException>(() => assigner.Assign(next, c.K, c.Centroids, false, Sequential.Instance, source.Token));

        AssignmentSums expected = new ScalarAssigner(c.Rows, c.Frame).Assign(next, c.K, c.Centroids, false, Sequential.Instance, default);
        ShouldEqual(assigner.Assign(next, c.K, c.Centroids, false, Sequential.Instance, default), expected, c.Name);
    }

    [Fact]
    public void Rejects_what_does_not_fit()
    {
        KernelCase c = KernelCase.Make(6, "plain", 10, 3, 2, single: true, weighted: false);
        var assigner = new ShardAssigner(c.Rows, c.Frame);
        Should.Throw<ArgumentException>(() => assigner.Assign(new double[7], 2, null, true, Sequential.Instance, default))
            .Message.ShouldContain("7 values are not 2 centres of 3 columns");
        Should.Throw<ArgumentException>(() => assigner.Assign(c.Centroids, 2, new double[5], true, Sequential.Instance, default))
            .Message.ShouldContain("5 values are not whole centres");
        Should.Throw<ArgumentException>(() => new ShardAssigner(c.Rows, ColumnFrame.FromRanges([0], [1], 1, 1)))
            .Message.ShouldContain("3 columns in a frame of 1");
    }

    /// <summary>A few Lloyd steps, then a jump, then back, with the cache kept and dropped: always the oracle's integers.</summary>
    internal static void Compare(KernelCase c)
    {
        var oracle = new ScalarAssigner(c.Rows, c.Frame);
        var path = new List<(double[] Centroids, double[]? Previous)> { (c.Centroids, null) };
        var expected = new List<(AssignmentSums Sums, int[] Labels)>();
        for (int step = 0; step < 6; step++)
        {
            (double[] centroids, double[]? previous) = path[step];
            AssignmentSums sums = oracle.Assign(centroids, centroids.Length / c.Rows.Columns, previous, true, Sequential.Instance, default);
            expected.Add((sums, oracle.Labels.ToArray()));
            path.Add(step switch
            {
                // Other centres than the ones before: another number, compared with what the cache does not hold.
                3 => (centroids[..(Math.Max(1, c.K / 2) * c.Rows.Columns)], c.Centroids),
                4 => (c.Centroids, c.Centroids),
                _ => (c.Step(sums, centroids), centroids),
            });
        }

        foreach (SimdWidth width in KernelCase.Widths)
        {
            foreach (bool plain in new[] { true, false })
            {
                var kept = new ShardAssigner(c.Rows, c.Frame, width);
                for (int step = 0; step < expected.Count; step++)
                {
                    (double[] centroids, double[]? previous) = path[step];
                    int k = centroids.Length / c.Rows.Columns;
                    string name = $"{c.Name}; {width}, plain: {plain}, step {step}";
                    AssignmentSums sums = kept.Assign(centroids, k, previous, plain, Sequential.Instance, default);
                    ShouldEqual(sums, expected[step].Sums, name);
                    kept.Labels.SequenceEqual(expected[step].Labels).ShouldBeTrue(name);
                    if (step is not (1 or 4))
                        continue;
                    var dropped = new ShardAssigner(c.Rows, c.Frame, width);
                    ShouldEqual(dropped.Assign(centroids, k, previous, plain, new Threads(3), default), expected[step].Sums, name + ", nothing cached");
                }
            }
        }
    }

    internal static void ShouldEqual(AssignmentSums actual, AssignmentSums expected, string name)
    {
        actual.Counts.ToArray().ShouldBe(expected.Counts.ToArray(), name);
        actual.Weights.ToArray().ShouldBe(expected.Weights.ToArray(), name);
        actual.Sums.SequenceEqual(expected.Sums).ShouldBeTrue(name);
        actual.Moved.ShouldBe(expected.Moved, name);
    }

    /// <summary>Slices on threads of the pool, in whatever order.</summary>
    internal sealed class Threads(int workers) : IParallel
    {
        public int Workers => workers;

        public void For(int slices, Action<int> body)
            => Parallel.For(0, slices, new ParallelOptions { MaxDegreeOfParallelism = workers }, body);
    }
}
