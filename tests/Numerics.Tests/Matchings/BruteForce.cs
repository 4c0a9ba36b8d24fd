namespace OrleansCluster.Numerics.Tests.Matchings;

/// <summary>Matchings by trying them all: row after row, for every set of columns that may be taken by then. For a handful of rows and columns.</summary>
internal static class BruteForce
{
    /// <summary>The most pairs that can be had, and the least cost of so many.</summary>
    public static (int Pairs, double Cost) Cheapest(double[] costs, int rows, int columns) =>
        Sets(costs, rows, columns).OrderByDescending(set => set.Pairs).ThenBy(set => set.Cost).First();

    /// <summary>The least sum of (cost − limit) over matchings that may leave any row alone.</summary>
    public static double CheapestLimited(double[] costs, int rows, int columns, double limit) =>
        Sets(costs, rows, columns).Min(set => set.Cost - (set.Pairs * limit));

    /// <summary>For every set of columns that can be taken together the number of its columns and the least cost.</summary>
    private static IEnumerable<(int Pairs, double Cost)> Sets(double[] costs, int rows, int columns)
    {
        double[] least = new double[1 << columns];
        Array.Fill(least, double.PositiveInfinity, 1, least.Length - 1);
        for (int i = 0; i < rows; i++)
        {
            // Larger sets first, so that what is read is without this row.
            for (int set = least.Length - 1; set > 0; set--)
            {
                for (int j = 0; j < columns; j++)
                {
                    if ((set & (1 << j)) != 0)
                        least[set] = Math.Min(least[set], least[set & ~(1 << j)] + costs[(i * columns) + j]);
                }
            }
        }

        return least.Select((cost, set) => (int.PopCount(set), cost)).Where(set => !double.IsPositiveInfinity(set.cost));
    }
}
