namespace OrleansCluster.Numerics.Tests.Alignment;

/// <summary>Matchings by trying them all: for a handful of rows and columns.</summary>
internal static class BruteForce
{
    /// <summary>The most pairs that can be had, and the least cost of so many.</summary>
    public static (int Pairs, double Cost) Cheapest(double[] costs, int rows, int columns)
    {
        (int Pairs, double Cost) best = (0, 0);
        Visit(costs, rows, columns, 0, 0, 0, 0, (pairs, cost) =>
        {
            if (pairs > best.Pairs || (pairs == best.Pairs && cost < best.Cost))
                best = (pairs, cost);
        });
        return best;
    }

    /// <summary>The least sum of (cost − limit) over matchings that may leave any row alone.</summary>
    public static double CheapestLimited(double[] costs, int rows, int columns, double limit)
    {
        double best = 0;
        Visit(costs, rows, columns, 0, 0, 0, 0, (pairs, cost) => best = Math.Min(best, cost - (pairs * limit)));
        return best;
    }

    private static void Visit(double[] costs, int rows, int columns, int row, int taken, int pairs, double cost, Action<int, double> visit)
    {
        if (row == rows)
        {
            visit(pairs, cost);
            return;
        }

        Visit(costs, rows, columns, row + 1, taken, pairs, cost, visit);
        for (int j = 0; j < columns; j++)
        {
            double value = costs[(row * columns) + j];
            if ((taken & (1 << j)) == 0 && !double.IsPositiveInfinity(value))
                Visit(costs, rows, columns, row + 1, taken | (1 << j), pairs + 1, cost + value, visit);
        }
    }
}
