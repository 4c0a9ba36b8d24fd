using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Numerics.Tests.Rows;

public sealed class SpreadRowsTests
{
    [Theory]
    [InlineData(1_024, 1_024)]
    [InlineData(1_025, 1_024)]
    [InlineData(3_000, 1_024)]
    [InlineData(65_536, 1_024)]
    [InlineData(65_536, 10)]
    [InlineData(2_000_000, 100_000)]
    public void As_many_are_taken_as_are_wanted(int rows, int wanted) =>
        Enumerable.Range(0, rows).Count(row => SpreadRows.Takes(row, rows, wanted)).ShouldBeInRange(wanted - 4, wanted + 4);

    [Fact]
    public void Of_rows_whose_kinds_take_turns_all_kinds_are_taken_alike()
    {
        foreach (int rows in new[] { 1_500, 3_000, 4_096, 65_536 })
        {
            for (int kinds = 2; kinds <= 12; kinds++)
            {
                int[] taken = [.. Enumerable.Range(0, rows).Where(row => SpreadRows.Takes(row, rows, 1_024))];
                double share = 1_024.0 / kinds;
                for (int kind = 0; kind < kinds; kind++)
                    Math.Abs(taken.Count(row => row % kinds == kind) - share).ShouldBeLessThan(0.15 * share, $"{kind} of {kinds}, {rows} rows");
            }

            // Halves, too.
            Math.Abs(Enumerable.Range(0, rows / 2).Count(row => SpreadRows.Takes(row, rows, 1_024)) - 512).ShouldBeLessThan(8);
        }
    }
}
