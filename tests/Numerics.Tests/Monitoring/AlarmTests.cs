using OrleansCluster.Numerics.Monitoring;
using OrleansCluster.Numerics.Randomness;

namespace OrleansCluster.Numerics.Tests.Monitoring;

/// <summary>
/// How often the default rules cry wolf, and how soon they notice, in simulated weeks of four normal columns under a reference of 20,000 rows.
/// </summary>
public sealed class AlarmTests
{
    private const int Columns = 4;

    /// <summary>As many comparisons as a report of four columns and one score makes.</summary>
    private const int Tests = 24;

    private static readonly DriftRules Rules = new();
    private static readonly (ValueBins Bins, BinCounts Counts)[] References = [.. Enumerable.Range(0, Columns).Select(Reference)];

    [Theory]
    [InlineData(100)]
    [InlineData(1000)]
    public void Two_hundred_stationary_weeks_raise_no_alarm(int rows) => Enumerable.Range(0, 200).Count(week => Alarm(week, rows, 0)).ShouldBe(0);

    [Theory]
    [InlineData(100, 1)]
    [InlineData(500, 0.5)]
    [InlineData(2000, 0.25)]
    public void A_shift_is_noticed_in_the_first_week_that_has_it(int rows, double shift)
    {
        for (int run = 0; run < 20; run++)
            Alarm(1000 + run, rows, shift).ShouldBeTrue($"run {run}");
    }

    [Fact]
    public void Without_effect_there_is_no_alarm_however_many_rows_there_are() => Alarm(7, 100_000, 0.05).ShouldBeFalse();

    /// <summary>Whether a week in which the first column is shifted, in standard deviations, raises an alarm.</summary>
    private static bool Alarm(int week, int rows, double shift) => Enumerable.Range(0, Columns).Any(column =>
    {
        (ValueBins bins, BinCounts before) = References[column];
        var now = new BinCounts(bins.Count);
        for (int i = 0; i < rows; i++)
            now.Add(bins, Normal((ulong)(column + 1), week + 1, i) + (column == 0 ? shift : 0));
        return Comparison.Of(bins, before, now, Rules, Tests).IsDrifted;
    });

    private static (ValueBins Bins, BinCounts Counts) Reference(int column)
    {
        double[] values = [.. Enumerable.Range(0, 20_000).Select(i => Normal((ulong)(column + 1), 0, i))];
        var bins = ValueBins.Even(values.Min(), values.Max());
        var counts = new BinCounts(bins.Count);
        foreach (double value in values)
            counts.Add(bins, value);
        return (bins, counts);
    }

    /// <summary>A normal number by its name (Box and Muller).</summary>
    internal static double Normal(ulong column, int week, int row)
    {
        (uint a, uint b, uint c, uint d) = Philox.Block((uint)row, (uint)week, (uint)column, 0, 11, 12);
        double u = (((ulong)a << 20 | b >> 12) + 0.5) / (1L << 52), v = (((ulong)c << 20 | d >> 12) + 0.5) / (1L << 52);
        return Math.Sqrt(-2 * Math.Log(u)) * Math.Cos(2 * Math.PI * v);
    }
}
