using OrleansCluster.Numerics.Exact;

namespace OrleansCluster.Numerics.Tests.Exact;

public sealed class ColumnFrameTests
{
    [Fact]
    public void Hand_computed_frame()
    {
        // o = 3, H = 2: E = 1; four rows of weight 1: e_w = max(2 − 62, 0 − 50).
        ColumnFrame frame = ColumnFrame.FromRanges([1], [5], 1, 4);
        frame.Origins[0].ShouldBe(3);
        frame.RangeExponents[0].ShouldBe(1);
        frame.WeightExponent.ShouldBe(-50);
        frame.Quantize(0, 5, 1).ShouldBe(1L << 50);
        frame.Quantize(0, 2, 1).ShouldBe(-(1L << 49));
        frame.QuantizeWeight(1).ShouldBe(1L << 50);
        frame.Mean(0, (1L << 50) - (1L << 49), 2 * (1L << 50)).ShouldBe(3.5);
    }

    [Fact]
    public void Heavy_shards_coarsen_the_unit_so_that_sums_fit()
    {
        ColumnFrame frame = ColumnFrame.FromRanges([-1], [1], 1, 1 << 20);
        frame.WeightExponent.ShouldBe(-42);
        (frame.Quantize(0, 1, 1) * (1L << 20)).ShouldBe(1L << 62);
    }

    [Fact]
    public void A_constant_column_keeps_its_value()
    {
        foreach (double value in new[] { 0.1, -3e77, double.Epsilon, 0 })
        {
            ColumnFrame frame = ColumnFrame.FromRanges([value], [value], 0.3, 1);
            long q = frame.Quantize(0, value, 0.3);
            q.ShouldBe(0);
            frame.Mean(0, q, frame.QuantizeWeight(0.3)).ShouldBe(value);
        }
    }

    [Fact]
    public void Denormal_columns_are_summed_to_their_last_bit()
    {
        double[] values = [double.Epsilon, 5 * double.Epsilon, 9 * double.Epsilon];
        ColumnFrame frame = ColumnFrame.FromRanges([values[0]], [values[2]], 1, 3);
        frame.SingleScale.ShouldBeFalse();
        long sum = values.Sum(v => frame.Quantize(0, v, 1));
        frame.Mean(0, sum, 3 * frame.QuantizeWeight(1)).ShouldBe(5 * double.Epsilon);
        frame.Quantize(0, values[2], 1).ShouldBe(1L << 50);
    }

    [Fact]
    public void Means_are_as_good_as_float64_allows()
    {
        var random = new Random(3);
        double[] values = [.. Enumerable.Range(0, 1000).Select(_ => 1e6 + random.NextDouble())];
        ColumnFrame frame = ColumnFrame.FromRanges([values.Min()], [values.Max()], 1, 1000);
        Int128 sum = 0;
        foreach (double value in values)
            sum += frame.Quantize(0, value, 1);
        double expected = 1e6 + (values.Sum(v => v - 1e6) / 1000);
        frame.Mean(0, sum, (Int128)1000 * frame.QuantizeWeight(1)).ShouldBe(expected, 1.2e-10);
    }

    [Theory]
    [InlineData(-1e200, 1e200, 1, "divide it")]
    [InlineData(double.MinValue, double.MaxValue, 1, "divide it")]
    [InlineData(0, 1, 1e200, "multiply all weights")]
    public void What_cannot_be_computed_is_refused(double min, double max, double weight, string remedy)
        => Should.Throw<TrainingException>(() => ColumnFrame.FromRanges([min], [max], weight, weight)).Message.ShouldContain(remedy);
}
