using OrleansCluster.Numerics.Selection;

namespace OrleansCluster.Numerics.Tests.Selection;

public sealed class ElbowTests
{
    [Fact]
    public void The_elbow_is_where_the_curve_lies_farthest_below_its_chord()
    {
        // The chord from (1, 100) to (5, 20) passes 80, 60, 40; the curve lies 40, 30 and 15 below it, of a height of 80.
        Elbow.Depths([1, 2, 3, 5], [100, 40, 30, 20]).ShouldBe([0, 0.5, 0.375, 0], 1e-15);
        Elbow.Depths([2, 3, 4], [9, 6, 3]).ShouldBe([0, 0, 0], 1e-15);
    }

    [Fact]
    public void Neither_axis_has_a_unit()
        => Elbow.Depths([10, 20, 30, 50], [1.00e9, 0.40e9, 0.30e9, 0.20e9]).ShouldBe(Elbow.Depths([1, 2, 3, 5], [100, 40, 30, 20]), 1e-15);

    [Theory]
    [InlineData(new int[0], new double[0])]
    [InlineData(new[] { 1, 2 }, new[] { 3.0, 1.0 })]
    [InlineData(new[] { 1, 2, 3 }, new[] { 1.0, 1.0, 1.0 })]
    [InlineData(new[] { 1, 2, 3 }, new[] { 1.0, 0.0, 2.0 })]
    public void Without_a_falling_chord_there_is_none(int[] at, double[] values)
        => Elbow.Depths(at, values).ShouldAllBe(depth => double.IsNaN(depth));
}
