using OrleansCluster.Numerics.Matchings;

namespace OrleansCluster.Numerics.Tests.Matchings;

public class MinimumCostMatchingTests
{
    [Theory]
    [InlineData(RandomCosts.Kind.Real)]
    [InlineData(RandomCosts.Kind.Ties)]
    [InlineData(RandomCosts.Kind.Forbidden)]
    [InlineData(RandomCosts.Kind.Negative)]
    internal void Equals_brute_force_on_thousands_of_matrices(RandomCosts.Kind kind)
    {
        Random random = new(7 + (int)kind);
        for (int trial = 0; trial < 3_000; trial++)
        {
            (int rows, int columns) = trial % 3 == 0 ? (8, 8) : (random.Next(0, 9), random.Next(0, 9));
            Check(RandomCosts.Matrix(random, rows, columns, kind), rows, columns, $"trial {trial}");
        }
    }

    [Theory]
    [InlineData(RandomCosts.Kind.Real)]
    [InlineData(RandomCosts.Kind.Ties)]
    [InlineData(RandomCosts.Kind.Negative)]
    internal void Prices_from_an_auction_lead_to_the_least_cost_too(RandomCosts.Kind kind)
    {
        Random random = new(17 + (int)kind);
        for (int trial = 0; trial < 2_000; trial++)
        {
            int size = random.Next(2, 9);
            double[] costs = RandomCosts.Matrix(random, size, size, kind);
            JonkerVolgenant solver = new(size, size) { LeastRowsToBid = 0, MostFree = -1 };
            solver.Solve(costs).ShouldBe(0);
            solver.ColumnOfRow.Select((column, row) => costs[(row * size) + column]).Sum()
                .ShouldBe(BruteForce.Cheapest(costs, size, size).Cost, 1e-12, $"trial {trial}");
            solver.HasBid.ShouldBeTrue();
        }
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(999)]
    public void Where_all_rows_want_the_same_columns_few_scans_lead_to_the_optimum(int size)
    {
        // Σ c(i, n + 1 − i) for c = i · j.
        double[] costs = [.. Enumerable.Range(0, size * size).Select(at => ((at / size) + 1.0) * ((at % size) + 1))];
        JonkerVolgenant solver = new(size, size);
        solver.Solve(costs).ShouldBe(0);
        solver.HasBid.ShouldBeTrue();
        solver.ColumnOfRow.ShouldBe(Enumerable.Range(0, size).Reverse());
        // Shortest paths alone take a quarter of n² scans here.
        solver.Scans.ShouldBeLessThan(150L * size);
    }

    [Theory]
    [InlineData(1e12)]
    [InlineData(-1e300)]
    [InlineData(0)]
    public void An_auction_ends_whatever_the_size_of_the_costs(double offset)
    {
        const int Size = 60;
        Random random = new(8);
        double[] costs = [.. Enumerable.Range(0, Size * Size).Select(_ => offset + random.Next(2))];
        JonkerVolgenant solver = new(Size, Size) { LeastRowsToBid = 0, MostFree = -1 };
        solver.Solve(costs).ShouldBe(0);
        solver.ColumnOfRow.Order().ShouldBe(Enumerable.Range(0, Size));
        if (offset > -1e300)
            solver.ColumnOfRow.Select((column, row) => costs[(row * Size) + column] - offset).Sum().ShouldBe(0);
    }

    private static void Check(double[] costs, int rows, int columns, string which)
    {
        (int pairs, double cost) = BruteForce.Cheapest(costs, rows, columns);
        Matching matching = MinimumCostMatching.Solve(costs, rows, columns);
        matching.Pairs.ShouldBe(pairs, which);
        matching.Cost.ShouldBe(cost, 1e-12, which);
        Recount(matching, costs, columns).ShouldBe(matching.Cost, which);
    }

    /// <summary>The cost of the pairs, after checking that they are pairs.</summary>
    private static double Recount(Matching matching, double[] costs, int columns)
    {
        double cost = 0;
        int pairs = 0;
        for (int i = 0; i < matching.ColumnOfRow.Length; i++)
        {
            if (matching.ColumnOfRow[i] < 0)
                continue;
            matching.RowOfColumn[matching.ColumnOfRow[i]].ShouldBe(i);
            cost += costs[(i * columns) + matching.ColumnOfRow[i]];
            pairs++;
        }

        pairs.ShouldBe(matching.Pairs);
        matching.RowOfColumn.Count(i => i >= 0).ShouldBe(pairs);
        return cost;
    }

    [Theory]
    [InlineData(200, 200, "distances")]
    [InlineData(120, 301, "distances")]
    [InlineData(301, 120, "distances")]
    [InlineData(200, 200, "ties")]
    [InlineData(150, 211, "ties")]
    [InlineData(300, 300, "products")]
    [InlineData(301, 300, "products")]
    [InlineData(270, 300, "products")]
    [InlineData(270, 300, "logarithms")]
    [InlineData(300, 300, "logarithms")]
    public void Prices_prove_the_optimum(int rows, int columns, string kind)
    {
        Random random = new(rows + columns);
        double[] costs = kind switch
        {
            "distances" => RandomCosts.Distances(random, rows, columns, 0.05),
            "ties" => RandomCosts.Matrix(random, rows, columns, RandomCosts.Kind.Ties),
            "products" => [.. Enumerable.Range(0, rows * columns).Select(at => (at / columns) * (at % columns) / (double)(rows * columns))],
            _ => [.. Enumerable.Range(0, rows * columns).Select(at => Math.Log((at / columns) + (at % columns) + 2))],
        };
        Matching matching = MinimumCostMatching.Solve(costs, rows, columns);
        matching.Pairs.ShouldBe(Math.Min(rows, columns));
        double dual = matching.RowPrices.Sum() + matching.ColumnPrices.Sum();
        dual.ShouldBe(matching.Cost, 1e-9);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
                (costs[(i * columns) + j] - matching.RowPrices[i] - matching.ColumnPrices[j]).ShouldBeGreaterThan(-1e-12);
        }

        for (int j = 0; j < columns; j++)
        {
            if (matching.RowOfColumn[j] < 0)
                matching.ColumnPrices[j].ShouldBe(0);
        }
    }

    [Theory]
    [InlineData(97, 97, 1)]
    [InlineData(97, 97, -1)]
    [InlineData(60, 131, -1)]
    [InlineData(3, 3, 1)]
    public void Vectors_and_plain_loops_give_the_same_bits(int rows, int columns, double mostFree)
    {
        Random random = new(5);
        foreach (RandomCosts.Kind kind in Enum.GetValues<RandomCosts.Kind>())
        {
            double[] costs = RandomCosts.Matrix(random, rows, columns, kind);
            JonkerVolgenant plain = new(rows, columns) { Scalar = true, LeastRowsToBid = 0, MostFree = mostFree };
            JonkerVolgenant vectors = new(rows, columns) { LeastRowsToBid = 0, MostFree = mostFree };
            vectors.Solve(costs).ShouldBe(plain.Solve(costs));
            vectors.ColumnOfRow.ShouldBe(plain.ColumnOfRow);
            vectors.ColumnPrices.ShouldBe(plain.ColumnPrices);
            vectors.HasBid.ShouldBe(plain.HasBid);
        }
    }

    [Fact]
    public void Ties_go_to_the_lowest_index()
    {
        Matching matching = MinimumCostMatching.Solve(new double[] { 1, 1, 1, 1, 1, 1 }, 2, 3);
        matching.ColumnOfRow.ShouldBe([0, 1]);
        MinimumCostMatching.Solve(new double[9], 3, 3).ColumnOfRow.ShouldBe([0, 1, 2]);
    }

    [Fact]
    public void Forbidden_pairs_cost_the_cheapest_row_when_one_must_go()
    {
        // Both rows may only have column 0; leaving row 0 alone is cheaper.
        double none = double.PositiveInfinity;
        Matching matching = MinimumCostMatching.Solve([5, none, 3, none], 2, 2);
        matching.ColumnOfRow.ShouldBe([-1, 0]);
        matching.Cost.ShouldBe(3);
        MinimumCostMatching.Solve([none, none], 1, 2).Pairs.ShouldBe(0);
    }

    [Fact]
    public void Bad_costs_are_named()
    {
        Should.Throw<ArgumentException>(() => MinimumCostMatching.Solve(new double[] { 1, 2, 3 }, 2, 2))
            .Message.ShouldContain("3 costs for 2 rows × 2 columns");
        Should.Throw<ArgumentException>(() => MinimumCostMatching.Solve(new double[] { 1, 2, 3, double.NaN }, 2, 2))
            .Message.ShouldContain("row 1 with column 1 is NaN");
        Should.Throw<ArgumentException>(() => MinimumCostMatching.Solve(new double[] { 1, double.NegativeInfinity }, 1, 2))
            .Message.ShouldContain("row 0 with column 1");
    }
}
