using OrleansCluster.Numerics.Selection;

namespace OrleansCluster.Numerics.Tests.Selection;

public sealed class ElbowTests
{
    [Fact]
    public void The_elbow_is_where_the_curve_lies_farthest_below_its_chord()
        // The chord from (1, 100) to (5, 20) passes 80, 60, 40; the curve lies 40, 30 and 15 below it, of a height of 80.
        => Shown(Elbow.Depths([1, 2, 3, 5], [100, 40, 30, 20])).ShouldBe("NaN 0.5 0.375 NaN");

    [Fact]
    public void Neither_axis_has_a_unit()
        => Shown(Elbow.Depths([10, 20, 30, 50], [1.00e9, 0.40e9, 0.30e9, 0.20e9])).ShouldBe("NaN 0.5 0.375 NaN");

    [Theory]
    [InlineData(new[] { 2, 3, 4 }, new[] { 9.0, 6.0, 3.0 })]
    [InlineData(new[] { 1, 2, 3, 4, 5, 6, 7 }, new[] { 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1 })]
    [InlineData(new[] { 2, 3, 4 }, new[] { 9.0, 8.0, 3.0 })]
    public void A_curve_that_nowhere_lies_below_its_chord_has_no_elbow(int[] at, double[] values)
        => Elbow.Depths(at, values).ShouldAllBe(depth => double.IsNaN(depth));

    [Fact]
    public void A_point_above_the_chord_is_none()
        // Of the chord from (1, 8) to (5, 0) the points lie 1 above, 3 below, 1 below.
        => Shown(Elbow.Depths([1, 2, 3, 4, 5], [8, 7, 1, 1, 0])).ShouldBe("NaN NaN 0.375 0.125 NaN");

    [Theory]
    [InlineData(new int[0], new double[0])]
    [InlineData(new[] { 1, 2 }, new[] { 3.0, 1.0 })]
    [InlineData(new[] { 1, 2, 3 }, new[] { 1.0, 1.0, 1.0 })]
    [InlineData(new[] { 1, 2, 3 }, new[] { 1.0, 0.0, 2.0 })]
    public void Without_a_falling_chord_there_is_none(int[] at, double[] values)
        => Elbow.Depths(at, values).ShouldAllBe(depth => double.IsNaN(depth));

    private static string Shown(double[] depths)
        => string.Join(' ', depths.Select(depth => Math.Round(depth, 14).ToString(System.Globalization.CultureInfo.InvariantCulture)));
}
