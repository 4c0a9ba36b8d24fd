using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.Explanation;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Profiles;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Statistics;

namespace OrleansCluster.Numerics.Tests.Profiles;

/// <summary>What a profile says of rows.</summary>
public sealed class RowProfileTests
{
    [Fact]
    public void Four_rows_by_hand()
    {
        // Columns from 0 to 64 and from −1 to 1: a bin is 1 wide in the first and 1/32 in the second.
        var frame = new ProfileFrame([0, -1], [64, 1], K: 3, Scores: 1);
        RowProfile profile = Of(frame, [0, -1, 64, 1, 1.5, 0, 62.5, 0]);
        profile.Rows.ShouldBe(4);
        profile.Means.ToArray().ShouldBe([32, 0]);
        // (32² + 32² + 30.5² + 30.5²) / 4 and (1 + 1) / 4.
        profile.Deviation(0).ShouldBe(Math.Sqrt(977.125), 1e-12);
        profile.Deviation(1).ShouldBe(Math.Sqrt(0.5), 1e-15);
        Filled(profile.Histogram(0)).ShouldBe([(0, 1), (1, 1), (62, 1), (63, 1)]);
        Filled(profile.Histogram(1)).ShouldBe([(0, 1), (32, 2), (63, 1)]);
        // The stand-in's clusters are the row's number modulo 3, and its scores the first column.
        profile.Clusters.ToArray().ShouldBe([2, 1, 1]);
        profile.Scores(0).Select(bin => bin.Count).ShouldBe([1, 1, 1, 1]);
        profile.Scores(0)[0].Edge.ShouldBe(0);
    }

    [Fact]
    public void A_column_with_one_value_has_one_bin_and_no_deviation()
    {
        RowProfile profile = Of(new ProfileFrame([3], [3], K: 3, Scores: 0), [3, 3, 3, 3, 3]);
        Filled(profile.Histogram(0)).ShouldBe([(0, 5)]);
        (profile.Means[0], profile.Deviation(0)).ShouldBe((3, 0));
    }

    [Fact]
    public void Rows_in_two_shards_are_merged_to_the_counts_of_all_and_the_same_moments()
    {
        double[] values = [.. Enumerable.Range(0, 20_000).Select(i => Math.Sin(i) * i)];
        var frame = new ProfileFrame([values.Min(), values.Min()], [values.Max(), values.Max()], K: 3, Scores: 1);
        RowProfile whole = Of(frame, values), left = Of(frame, values[..12_000]);
        left.MergeFrom(Of(frame, values[12_000..], firstRow: 6000));
        left.Rows.ShouldBe(10_000);
        for (int j = 0; j < 2; j++)
        {
            left.Histogram(j).ToArray().ShouldBe(whole.Histogram(j).ToArray());
            left.Means[j].ShouldBe(whole.Means[j], 1e-9);
            left.Deviation(j).ShouldBe(whole.Deviation(j), 1e-9 * whole.Deviation(j));
        }

        left.Clusters.ToArray().ShouldBe(whole.Clusters.ToArray());
        left.Scores(0).ShouldBe(whole.Scores(0));
        double mean = values.Where((_, i) => i % 2 == 0).Average();
        whole.Means[0].ShouldBe(mean, 1e-9);
        whole.Deviation(0).ShouldBe(Math.Sqrt(values.Where((_, i) => i % 2 == 0).Average(value => (value - mean) * (value - mean))), 1e-6);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(7)]
    [InlineData(13)]
    public void Columns_beside_each_other_have_the_bits_that_they_have_alone(int columns)
    {
        double[] values = [.. Enumerable.Range(0, 500 * columns).Select(i => i % columns == 2 ? 5 : Math.Sin(i * i) * Math.Pow(10, i % columns))];
        double[][] each = [.. Enumerable.Range(0, columns).Select(j => values.Where((_, i) => i % columns == j).ToArray())];
        RowProfile whole = Of(new ProfileFrame([.. each.Select(column => column.Min())], [.. each.Select(column => column.Max())], K: 3, Scores: 0), values);
        for (int j = 0; j < columns; j++)
        {
            RowProfile alone = Of(new ProfileFrame([each[j].Min()], [each[j].Max()], K: 3, Scores: 0), each[j]);
            (whole.Means[j], whole.Deviation(j)).ShouldBe((alone.Means[0], alone.Deviation(0)));
            whole.Histogram(j).ToArray().ShouldBe(alone.Histogram(0).ToArray());
        }

        var moments = new Moments(2, columns);
        var scalar = Enumerable.Range(0, columns).Select(_ => new Moments(2, 1)).ToArray();
        for (int i = 0; i < 500; i++)
        {
            moments.Take(i % 2, values.AsSpan(i * columns, columns));
            for (int j = 0; j < columns; j++)
                scalar[j].Take(i % 2, [values[(i * columns) + j]]);
        }

        for (int j = 0; j < columns; j++)
            (moments.Mean(1, j), moments.Deviation(1, j), moments.Skew(1, j)).ShouldBe((scalar[j].Mean(1), scalar[j].Deviation(1), scalar[j].Skew(1)));
    }

    [Fact]
    public void However_many_threads_make_it_the_bytes_are_the_same_and_can_be_read()
    {
        double[] values = [.. Enumerable.Range(0, 30_000).Select(i => Math.Cos(i) * 1e6)];
        var frame = new ProfileFrame([-1e6], [1e6], K: 3, Scores: 1);
        byte[] one = Bytes(Of(frame, values));
        Bytes(Of(frame, values, new Backwards())).ShouldBe(one);
        Bytes(Statistic.Decode<RowProfile>(one)).ShouldBe(one);
        Should.Throw<InvalidDataException>(() => Statistic.Decode<RowProfile>(one.AsMemory(..^3)));
    }

    [Fact]
    public void Profiles_of_two_models_do_not_merge()
    {
        RowProfile profile = Of(new ProfileFrame([0], [1], K: 3, Scores: 1), [0.5]);
        Should.Throw<InvalidDataException>(() => profile.MergeFrom(Of(new ProfileFrame([0], [1], K: 4, Scores: 1), [0.5])));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    [InlineData(-1.0)]
    [InlineData(1.03)]
    [InlineData(-1234.5)]
    [InlineData(5e-324)]
    [InlineData(1.7e308)]
    [InlineData(double.PositiveInfinity)]
    public void A_bin_holds_its_values_and_is_at_most_a_32nd_of_them_wide(double value)
    {
        RowProfile profile = Of(new ProfileFrame([0], [1], K: 3, Scores: 1), [value, value]);
        (double edge, long count) = profile.Scores(0).ShouldHaveSingleItem();
        count.ShouldBe(2);
        edge.ShouldBeGreaterThanOrEqualTo(value);
        if (double.IsFinite(value))
            (edge - value).ShouldBeLessThanOrEqualTo(Math.Max(Math.Abs(value) / 32, double.Epsilon * (1L << 47)));
    }

    [Fact]
    public void Bins_of_a_score_ascend_from_the_least_value_to_the_greatest()
    {
        double[] values = [.. Enumerable.Range(-500, 1000).Select(i => i * Math.Abs(i) * 0.37)];
        RowProfile profile = Of(new ProfileFrame([values[0]], [values[^1]], K: 3, Scores: 1), values);
        double[] edges = [.. profile.Scores(0).Select(bin => bin.Edge)];
        edges.ShouldBe(edges.Order().Distinct());
        profile.Scores(0).Sum(bin => bin.Count).ShouldBe(1000);
        for (int i = 0; i < edges.Length; i++)
            profile.Scores(0)[..(i + 1)].Sum(bin => bin.Count).ShouldBe(values.Count(value => value <= edges[i]), $"at {edges[i]}");
    }

    private static RowProfile Of(ProfileFrame frame, double[] values, IParallel? parallel = null, long firstRow = 0) =>
        Profiler.Profile(new RowBlock(values, frame.Columns, default, firstRow), frame, new StandIn(), parallel ?? Sequential.Instance);

    private static (int Bin, long Rows)[] Filled(ReadOnlySpan<long> histogram)
        => [.. histogram.ToArray().Index().Where(bin => bin.Item > 0).Select(bin => (bin.Index, bin.Item))];

    private static byte[] Bytes(RowProfile profile)
    {
        using PooledBytes bytes = profile.Encode();
        return bytes.Memory.ToArray();
    }

    private sealed class StandIn : IProfiledModel
    {
        public IQuadraticClusters? Centres => null;

        public double Loss(ReadOnlySpan<double> scores) => scores.IsEmpty ? double.NaN : scores[0];

        public void Tell(RowBlock rows, int[] clusters, double[][] scores, IParallel parallel)
        {
            var row = new double[rows.Columns];
            for (int i = 0; i < rows.Rows; i++)
            {
                rows.CopyRow(i, row);
                clusters[i] = (int)((rows.FirstRow + i) % 3);
                foreach (double[] score in scores)
                    score[i] = row[0];
            }
        }
    }

    private sealed class Backwards : IParallel
    {
        public int Workers => 2;

        public void For(int slices, Action<int> body)
        {
            for (int slice = slices - 1; slice >= 0; slice--)
                body(slice);
        }
    }
}
