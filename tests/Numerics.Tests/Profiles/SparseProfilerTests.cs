using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Profiles;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Statistics;
using OrleansCluster.Numerics.Tests.Monitoring;

namespace OrleansCluster.Numerics.Tests.Profiles;

/// <summary>Profiles of sparse rows beside those of the same rows made dense.</summary>
public sealed class SparseProfilerTests
{
    private const int Columns = 9, Rows = 9000;

    private static readonly CentredRows Model = new([.. Enumerable.Range(0, 3 * Columns).Select(i => Math.Sin(i * 7) * (i % 4))], Columns);

    [Theory]
    [InlineData(Precision.Float32)]
    [InlineData(Precision.Float64)]
    public void They_are_the_same_to_the_bit(Precision precision)
    {
        RowBlock dense = Values(precision);
        ProfileFrame frame = Frame(dense, [.. Enumerable.Range(0, Columns)]);
        byte[] expected = Bytes(Profiler.Profile(dense, frame, Model, Sequential.Instance));
        Bytes(SparseProfiler.Profile(SparseBlock.Of(dense), frame, [], Model, Sequential.Instance)).ShouldBe(expected);
    }

    [Fact]
    public void Some_columns_have_the_bits_that_they_have_among_all()
    {
        RowBlock dense = Values(Precision.Float64);
        int[] columns = [1, 4, 8];
        RowProfile all = Profiler.Profile(dense, Frame(dense, [.. Enumerable.Range(0, Columns)]), Model, Sequential.Instance);
        RowProfile some = SparseProfiler.Profile(SparseBlock.Of(dense), Frame(dense, columns), columns, Model, Sequential.Instance);
        for (int place = 0; place < columns.Length; place++)
        {
            int column = columns[place];
            (some.Means[place], some.Deviation(place)).ShouldBe((all.Means[column], all.Deviation(column)));
            some.Histogram(place).ToArray().ShouldBe(all.Histogram(column).ToArray());
            for (int c = 0; c < 3; c++)
                (some.Centred.Mean(c, place), some.Centred.Skew(c, place)).ShouldBe((all.Centred.Mean(c, column), all.Centred.Skew(c, column)));
        }

        some.Scores(0).ShouldBe(all.Scores(0));
        some.Clusters.ToArray().ShouldBe(all.Clusters.ToArray());
        (some.Fits.Mean(RowProfile.Silhouettes), some.Fits.Skew(RowProfile.Losses))
            .ShouldBe((all.Fits.Mean(RowProfile.Silhouettes), all.Fits.Skew(RowProfile.Losses)));
        Should.Throw<InvalidDataException>(() => SparseProfiler.Profile(SparseBlock.Of(dense), Frame(dense, columns), [], Model, Sequential.Instance));
    }

    [Fact]
    public void Columns_that_vary_most_are_chosen_in_their_order()
    {
        // Variances of 0.25, 0 (a constant), 100, 0.25 and 0 (no values).
        double[] values = [1, 7, 0, 0, 0, 0, 7, 20, 1, 0];
        ColumnSpreads spreads = ColumnSpreads.Of(SparseBlock.Of(new RowBlock(values, 5)));
        spreads.Widest(1).ShouldBe([2]);
        spreads.Widest(2).ShouldBe([0, 2]);
        spreads.Widest(3).ShouldBe([0, 2, 3]);
        spreads.Widest(9).ShouldBe([0, 1, 2, 3, 4]);
        using PooledBytes bytes = spreads.Encode();
        ColumnSpreads read = Statistic.Decode<ColumnSpreads>(bytes.Memory);
        // Beside rows without a change of the first column, that of the last varies more.
        read.MergeFrom(ColumnSpreads.Of(SparseBlock.Of(new RowBlock(new[] { 0.5, 7, 10, 3, 0, 0.5, 7, 10, 3, 0 }, 5))));
        (read.Rows, read.Widest(2).SequenceEqual([2, 3])).ShouldBe((4, true));
        Should.Throw<InvalidDataException>(() => read.MergeFrom(ColumnSpreads.Of(SparseBlock.Of(new RowBlock(new double[] { 1, 2 }, 2)))));
    }

    [Fact]
    public void Values_beyond_what_squares_hold_come_first() =>
        ColumnSpreads.Of(SparseBlock.Of(new RowBlock(new[] { 3, 1e200, 0, -1e200 }, 2))).Widest(1).ShouldBe([1]);

    [Fact]
    public void Steps_are_read_as_they_were_written()
    {
        var step = new ProfileStep(new ProfileFrame([0], [1], 3, 1), new byte[] { 1, 2 }, [7]);
        ProfileStep read = ProfileStep.Decode(step.Encode().Bytes);
        (read.Columns.Single(), read.Frame.K, read.Parameters.Length).ShouldBe((7, 3, 2));
        ReadOnlyMemory<byte> spread = new SpreadStep().Encode().Bytes;
        (SpreadStep.Owns(spread.Span), SpreadStep.Owns(step.Encode().Bytes.Span)).ShouldBe((true, false));
        SpreadStep.Decode(spread).ShouldNotBeNull();
    }

    private static RowBlock Values(Precision precision)
    {
        // The first column is dense, the last is 0, and of those between a row has some.
        double[] values = [.. Enumerable.Range(0, Rows * Columns).Select(i => (i % Columns) switch
        {
            0 => 3 + Math.Sin(i),
            8 => 0,
            _ => i % 5 == 0 ? Math.Cos(i) * (i % Columns) : 0,
        })];
        return precision == Precision.Float64 ? new RowBlock(values, Columns) : new RowBlock(values.Select(value => (float)value).ToArray(), Columns);
    }

    private static ProfileFrame Frame(RowBlock rows, int[] columns)
    {
        double[][] all = [.. Enumerable.Range(0, rows.Rows).Select(i =>
        {
            var row = new double[rows.Columns];
            rows.CopyRow(i, row);
            return row;
        })];
        return new ProfileFrame(
            [.. columns.Select(column => all.Min(row => row[column]))], [.. columns.Select(column => all.Max(row => row[column]))], Model.K, Scores: 1);
    }

    private static byte[] Bytes(RowProfile profile)
    {
        using PooledBytes bytes = profile.Encode();
        return bytes.Memory.ToArray();
    }
}
