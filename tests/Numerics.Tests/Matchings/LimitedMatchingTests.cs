using OrleansCluster.Numerics.Matchings;

namespace OrleansCluster.Numerics.Tests.Matchings;

public class LimitedMatchingTests
{
    [Theory]
    [InlineData(RandomCosts.Kind.Real, 0.6, 1)]
    [InlineData(RandomCosts.Kind.Real, 0.6, 3)]
    [InlineData(RandomCosts.Kind.Real, 5, 2)]
    [InlineData(RandomCosts.Kind.Ties, 2, 1)]
    [InlineData(RandomCosts.Kind.Ties, 3.5, 2)]
    [InlineData(RandomCosts.Kind.Forbidden, 6, 2)]
    [InlineData(RandomCosts.Kind.Forbidden, 30, 1)]
    internal void Cost_and_margins_equal_brute_force(RandomCosts.Kind kind, double limit, int candidates)
    {
        Random random = new(11 + (int)kind);
        for (int trial = 0; trial < 500; trial++)
        {
            (int rows, int columns) = (random.Next(0, 9), random.Next(0, 9));
            double[] costs = RandomCosts.Matrix(random, rows, columns, kind);
            double least = BruteForce.CheapestLimited(costs, rows, columns, limit);
            LimitedMatching solved = LimitedMatching.Solve(new RandomCosts.Table(costs, rows, columns), limit, candidates);
            (solved.Matching.Cost - (limit * solved.Matching.Pairs)).ShouldBe(least, 1e-12, $"trial {trial}");
            for (int i = 0; i < rows; i++)
            {
                int j = solved.Matching.ColumnOfRow[i];
                if (j < 0)
                    continue;
                solved.PairCost(i).ShouldBe(costs[(i * columns) + j]);
                solved.PairCost(i).ShouldBeLessThan(limit);
                double[] without = [.. costs];
                without[(i * columns) + j] = double.PositiveInfinity;
                double rise = BruteForce.CheapestLimited(without, rows, columns, limit) - least;
                solved.Margin(i).ShouldBe(rise, 1e-12, $"trial {trial}, row {i}");
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(1000)]
    public void Few_candidates_give_the_optimum_of_all_pairs(int candidates)
    {
        const int Rows = 180;
        const int Columns = 170;
        const double Limit = 0.25;
        double[] costs = RandomCosts.Distances(new Random(3), Rows, Columns, 0.2);
        LimitedMatching solved = LimitedMatching.Solve(new RandomCosts.Table(costs, Rows, Columns), Limit, candidates);

        // The dense solver on costs cut at the limit: the same problem, told otherwise.
        double[] cut = [.. costs.Select(c => Math.Min(c, Limit))];
        Matching dense = MinimumCostMatching.Solve(cut, Rows, Columns);
        double alone = Limit * (Columns - solved.Matching.Pairs);
        (solved.Matching.Cost + alone).ShouldBe(dense.Cost, 1e-10);
        solved.CompletedRows.ShouldBeLessThanOrEqualTo(candidates == 1000 ? 0 : Rows);

        for (int i = 0; i < Rows; i++)
        {
            solved.Matching.RowPrices[i].ShouldBeLessThanOrEqualTo(Limit);
            for (int j = 0; j < Columns; j++)
                (costs[(i * Columns) + j] - solved.Matching.RowPrices[i] - solved.Matching.ColumnPrices[j]).ShouldBeGreaterThan(-1e-12);
        }
    }

    [Fact]
    public void Margins_do_not_depend_on_the_candidates_held()
    {
        const int Size = 90;
        double[] costs = RandomCosts.Distances(new Random(4), Size, Size, 0.1);
        LimitedMatching few = LimitedMatching.Solve(new RandomCosts.Table(costs, Size, Size), 0.3, 2);
        LimitedMatching all = LimitedMatching.Solve(new RandomCosts.Table(costs, Size, Size), 0.3, Size);
        few.Matching.ColumnOfRow.ShouldBe(all.Matching.ColumnOfRow);
        few.CompletedRows.ShouldBeGreaterThan(0);
        for (int i = 0; i < Size; i++)
        {
            if (few.Matching.ColumnOfRow[i] >= 0)
                few.Margin(i).ShouldBe(all.Margin(i), 1e-12);
        }
    }

    [Fact]
    public void A_pair_at_the_limit_stays_apart()
    {
        LimitedMatching.Solve(new RandomCosts.Table([1.0], 1, 1), 1).Matching.Pairs.ShouldBe(0);
        LimitedMatching.Solve(new RandomCosts.Table([0.5], 1, 1), 1).Margin(0).ShouldBe(0.5);
    }

    [Fact]
    public void Bad_input_is_named()
    {
        RandomCosts.Table table = new([1, -1], 1, 2);
        Should.Throw<ArgumentException>(() => LimitedMatching.Solve(table, 1)).Message.ShouldContain("row 0 with column 1 is -1");
        Should.Throw<ArgumentOutOfRangeException>(() => LimitedMatching.Solve(table, double.PositiveInfinity));
        LimitedMatching alone = LimitedMatching.Solve(new RandomCosts.Table([2.0], 1, 1), 1);
        Should.Throw<ArgumentException>(() => alone.Margin(0)).Message.ShouldContain("not matched");
    }
}
