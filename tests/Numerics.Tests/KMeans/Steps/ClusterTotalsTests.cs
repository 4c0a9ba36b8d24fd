using OrleansCluster.Numerics.Distances;
using OrleansCluster.Numerics.Exact;
using OrleansCluster.Numerics.KMeans.Sphere;
using OrleansCluster.Numerics.KMeans.Steps;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Statistics;

namespace OrleansCluster.Numerics.Tests.KMeans.Steps;

/// <summary>What the trainer makes of totals has the same bits whether they are held in 64 bits or 128, several at a time or one by one.</summary>
public sealed class ClusterTotalsTests
{
    [Theory]
    [InlineData(3, 5, 0)]
    [InlineData(700, 27, 0)]
    [InlineData(1100, 16, 0)]
    [InlineData(1100, 16, -395)]
    [InlineData(1100, 16, 395)]
    public void Means_and_objective_do_not_tell_how_totals_are_held(int k, int columns, int exponent)
    {
        var random = new Random(k + exponent);
        for (int round = 0; round < 4; round++)
        {
            double[] minima = [.. Enumerable.Range(0, columns).Select(j => Math.ScaleB(random.NextDouble() - 1, j == 3 ? exponent : 0))];
            double[] maxima = [.. minima.Select((least, j) => j == 1 ? least : least + Math.ScaleB(random.NextDouble(), j == 3 ? exponent : 0))];
            ColumnFrame frame = ColumnFrame.FromRanges(minima, maxima, 1, 1000);
            long[] values = [0, 0, .. Enumerable.Range(0, 2 * k).Select(_ => Weight(random)), .. Enumerable.Range(0, k * columns).Select(i => Sum(random, i))];
            long[] earlier = [.. values];
            for (int change = 0; change < k / 3; change++)
                earlier[random.Next(2 + k, earlier.Length)]++;
            double[] current = [.. Enumerable.Range(0, k * columns).Select(i => random.Next(9) == 0 ? frame.Origins[i % columns]
                : minima[i % columns] + (random.NextDouble() * (maxima[i % columns] - minima[i % columns])))];
            var moments = new Moments(new ExactTotals([.. Enumerable.Range(0, 2 + (2 * columns)).Select(_ => (Int128)random.NextInt64() << 40)]));

            ClusterTotals narrow = new(new ExactTotals(values), columns), before = new(new ExactTotals(earlier), columns);
            ClusterTotals wide = new(Wide(values), columns), wideBefore = new(Wide(earlier), columns);
            double[] means = narrow.Means(frame, current, null, KMeansGeometry.Euclidean, Sequential.Instance);
            means.ShouldBe(wide.Means(frame, current, null, KMeansGeometry.Euclidean, Sequential.Instance));
            double[] from = before.Means(frame, current, null, KMeansGeometry.Euclidean, Sequential.Instance);
            foreach (ClusterTotals known in new[] { before, wideBefore })
            {
                narrow.Means(frame, from, known, KMeansGeometry.Euclidean, new Threads(3))
                    .ShouldBe(means.Select((mean, i) => WeightOf(values, i / columns) == 0 ? from[i] : mean));
                wide.Means(frame, from, known, KMeansGeometry.Euclidean, Sequential.Instance)
                    .ShouldBe(narrow.Means(frame, from, null, KMeansGeometry.Euclidean, Sequential.Instance));
            }

            ClusterTotals.Shift(current, means, columns).ShouldBe(Distance.Squared((ReadOnlySpan<double>)means, current));
            ClusterTotals.Shift(from, means, columns).ShouldBe(Distance.Squared((ReadOnlySpan<double>)means, from));
            double objective = wide.Objective(frame, moments, current, Sequential.Instance);
            BitConverter.DoubleToInt64Bits(narrow.Objective(frame, moments, current, new Threads(3))).ShouldBe(BitConverter.DoubleToInt64Bits(objective));
        }

        static long Weight(Random random) => random.Next(6) switch
        {
            0 => 0,
            1 => random.NextInt64() | 1,
            2 => uint.MaxValue,
            3 => (uint.MaxValue + 2L) << 20,
            _ => (long)random.Next() << random.Next(30),
        };

        long WeightOf(long[] values, int cluster) => values[2 + k + cluster];
    }

    /// <summary>Quotients in the middle between two doubles, and one unit beside it.</summary>
    [Fact]
    public void Means_of_sums_that_are_hard_to_round_are_rounded_once()
    {
        const int K = 200, Columns = 8;
        ColumnFrame frame = ColumnFrame.FromRanges([.. Enumerable.Repeat(-1.0, Columns)], [.. Enumerable.Repeat(1.0, Columns)], 1, 1000);
        var random = new Random(7);
        for (int round = 0; round < 50; round++)
        {
            long[] weights = [.. Enumerable.Range(0, K).Select(_ => (random.NextInt64(1, 1 << random.Next(1, 10)) | 1) << random.Next(20))];
            long[] sums = [.. Enumerable.Range(0, K * Columns).Select(i =>
            {
                long odd = weights[i / Columns] >> (int)long.TrailingZeroCount(weights[i / Columns]);
                long middle = (1L << 53) + (random.NextInt64(1L << 52) * 2) + 1;
                return (random.Next(2) == 0 ? -1 : 1) * ((odd * middle) + random.Next(-1, 2));
            })];
            long[] values = [0, 0, .. Enumerable.Repeat(1L, K), .. weights, .. sums];
            new ClusterTotals(new ExactTotals(values), Columns).Means(frame, new double[K * Columns], null, KMeansGeometry.Euclidean, Sequential.Instance)
                .ShouldBe(sums.Select((sum, i) => frame.Mean(i % Columns, sum, weights[i / Columns])));
        }
    }

    [Fact]
    public void Integers_and_arithmetic_have_the_bits_of_the_scalar_operations_in_every_lane()
    {
        var random = new Random(6);
        for (int round = 0; round < 20_000; round++)
        {
            long[] integers = [.. Enumerable.Range(0, 4).Select(i => Sum(random, round + i))];
            DoubleDouble[] scalar = [.. integers.Select(value => DoubleDouble.From(value))];
            DoubleDouble[] others = [.. Enumerable.Range(0, 4)
                .Select(_ => DoubleDouble.Difference(random.NextDouble() - 0.5, (random.NextDouble() - 0.5) * 1e-9))];
            var lanes = DoubleDoubleLanes.From(System.Runtime.Intrinsics.Vector256.Create(integers));
            var otherLanes = DoubleDoubleLanes.Load(others);
            ShouldBe(lanes, scalar);
            ShouldBe(lanes + otherLanes, [.. scalar.Zip(others, (a, b) => a + b)]);
            ShouldBe(lanes - otherLanes, [.. scalar.Zip(others, (a, b) => a - b)]);
            ShouldBe(lanes * otherLanes, [.. scalar.Zip(others, (a, b) => a * b)]);
        }
    }

    private static void ShouldBe(DoubleDoubleLanes lanes, DoubleDouble[] expected)
    {
        var actual = new DoubleDouble[4];
        lanes.Store(actual);
        actual.Select(Bits).ShouldBe(expected.Select(Bits));

        static (long High, long Low) Bits(DoubleDouble value) => (BitConverter.DoubleToInt64Bits(value.High), BitConverter.DoubleToInt64Bits(value.Low));
    }

    private static long Sum(Random random, int i) => (i % 7) switch
    {
        0 => 0,
        1 => i % 2 == 0 ? long.MinValue : long.MaxValue,
        2 => random.Next(-3, 3),
        _ => random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64),
    };

    private static ExactTotals Wide(long[] values) => new([.. values.Select(value => (Int128)value)]);
}
