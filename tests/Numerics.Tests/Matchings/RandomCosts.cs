using OrleansCluster.Numerics.Matchings;

namespace OrleansCluster.Numerics.Tests.Matchings;

/// <summary>Matrices of costs to try matchings on, the same ones on each run.</summary>
internal static class RandomCosts
{
    public enum Kind
    {
        /// <summary>Uniform in [0, 1): one optimum.</summary>
        Real,

        /// <summary>0 … 3: ties everywhere, sums exact.</summary>
        Ties,

        /// <summary>0 … 9 with a third of the pairs forbidden.</summary>
        Forbidden,

        /// <summary>−50 … 49.</summary>
        Negative,
    }

    public static double[] Matrix(Random random, int rows, int columns, Kind kind)
    {
        double[] costs = new double[rows * columns];
        for (int at = 0; at < costs.Length; at++)
        {
            costs[at] = kind switch
            {
                Kind.Real => random.NextDouble(),
                Kind.Ties => random.Next(4),
                Kind.Negative => random.Next(100) - 50,
                _ => random.Next(3) == 0 ? double.PositiveInfinity : random.Next(10),
            };
        }

        return costs;
    }

    /// <summary>Distances between points in the plane: what aligning centroids looks like.</summary>
    public static double[] Distances(Random random, int rows, int columns, double shift)
    {
        (double X, double Y)[] to = [.. Enumerable.Range(0, columns).Select(_ => (random.NextDouble(), random.NextDouble()))];
        double[] costs = new double[rows * columns];
        for (int i = 0; i < rows; i++)
        {
            (double X, double Y) from = (to[i % columns].X + (shift * random.NextDouble()), to[i % columns].Y + (shift * random.NextDouble()));
            for (int j = 0; j < columns; j++)
                costs[(i * columns) + j] = Math.Sqrt(((from.X - to[j].X) * (from.X - to[j].X)) + ((from.Y - to[j].Y) * (from.Y - to[j].Y)));
        }

        return costs;
    }

    /// <summary>A matrix as the solver of limited matchings asks for it.</summary>
    public sealed class Table(double[] costs, int rows, int columns) : IPairCosts
    {
        public int Rows => rows;

        public int Columns => columns;

        public void Row(int row, double limit, Span<double> values)
        {
            for (int j = 0; j < columns; j++)
            {
                double value = costs[(row * columns) + j];
                values[j] = value < limit ? value : double.PositiveInfinity;
            }
        }
    }
}
