namespace OrleansCluster.Cli.Tests;

/// <summary>Generated tables: noisy groups, the same on every machine.</summary>
internal static class Blobs
{
    /// <summary><paramref name="rows"/> × <paramref name="columns"/> values in <paramref name="groups"/> overlapping groups.</summary>
    public static double[,] Make(int rows, int columns, int groups, int seed = 1, double spread = 6)
    {
        var random = new Random(seed);
        double[,] centres = new double[groups, columns];
        for (int g = 0; g < groups; g++)
        {
            for (int j = 0; j < columns; j++)
                centres[g, j] = spread * random.NextDouble();
        }

        double[,] values = new double[rows, columns];
        for (int i = 0; i < rows; i++)
        {
            int g = random.Next(groups);
            // A sum of uniforms is bell-shaped enough, and exact on every machine.
            for (int j = 0; j < columns; j++)
                values[i, j] = centres[g, j] + random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5;
        }

        return values;
    }
}
