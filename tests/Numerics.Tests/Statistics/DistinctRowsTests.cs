using OrleansCluster.Numerics.Exact;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Statistics;

namespace OrleansCluster.Numerics.Tests.Statistics;

public sealed class DistinctRowsTests
{
    [Fact]
    public void Zeros_of_either_sign_are_one_value_and_equal_rows_count_once()
    {
        var distinct = new DistinctRows(10, null);
        distinct.Add(Block([0.0, 1, -0.0, 1, 2, 1, 2, 1]));
        distinct.Add(Block([2.0, 1, 1, 2]));
        distinct.Count.ShouldBe(3);
        distinct.Suffice.ShouldBeFalse();
    }

    [Fact]
    public void It_looks_no_further_when_there_are_enough()
    {
        var distinct = new DistinctRows(2, null);
        distinct.Add(Block([0.0, 0, 1, 1, 2, 2]));
        (distinct.Count, distinct.Suffice).ShouldBe((2, true));
    }

    [Fact]
    public void Rows_that_weigh_too_little_beside_the_heaviest_do_not_count()
    {
        double[] weights = [1e30, 1, 0];
        var distinct = new DistinctRows(10, ColumnFrame.FromRanges([], [], 1e30, 1e30));
        distinct.Add(Block([0.0, 0, 1, 1, 2, 2], weights));
        // The row of weight 0 was never meant to count.
        (distinct.Count, distinct.Light).ShouldBe((1, 1L));
    }

    private static RowBlock Block(double[] values, double[]? weights = null) => new(values, 2, weights);
}
