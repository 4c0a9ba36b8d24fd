using System.Collections.Immutable;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Numerics.Adaptation;

/// <summary>The two halves of a cluster that lie farthest apart: two means of its rows, begun across the direction in which they vary most.</summary>
internal static class Halves
{
    private const int MostRounds = 50;

    /// <summary>The rows of both halves, in their order; one may be empty.</summary>
    public static (ImmutableArray<int> One, ImmutableArray<int> Other) Of(RowBlock rows, ImmutableArray<int> some)
    {
        int d = rows.Columns;
        double[] mean = new double[d], direction = Direction(rows, some, mean), row = new double[d];
        var second = new bool[some.Length];
        for (int i = 0; i < some.Length; i++)
        {
            rows.CopyRow(some[i], row);
            double place = 0;
            for (int j = 0; j < d; j++)
                place += (row[j] - mean[j]) * direction[j];
            second[i] = place > 0;
        }

        bool moved = true;
        for (int round = 0; moved && round < MostRounds; round++)
        {
            (ImmutableArray<int> one, ImmutableArray<int> other) = Rows(some, second);
            if (one.IsEmpty || other.IsEmpty)
                break;
            (double[] a, double[] b) = (new double[d], new double[d]);
            ModesApart.Add(rows, one, a);
            ModesApart.Add(rows, other, b);
            moved = false;
            for (int i = 0; i < some.Length; i++)
            {
                rows.CopyRow(some[i], row);
                (double toA, double toB) = (0, 0);
                for (int j = 0; j < d; j++)
                {
                    toA += (row[j] - a[j]) * (row[j] - a[j]);
                    toB += (row[j] - b[j]) * (row[j] - b[j]);
                }

                bool nearer = toB < toA;
                moved |= nearer != second[i];
                second[i] = nearer;
            }
        }

        return Rows(some, second);
    }

    /// <summary>About the first principal direction: a few steps of the power method, from the column that varies most.</summary>
    private static double[] Direction(RowBlock rows, ImmutableArray<int> some, double[] mean)
    {
        const int steps = 20;
        int d = rows.Columns;
        ModesApart.Add(rows, some, mean);
        var spread = new double[d];
        double[] row = new double[d], direction = new double[d];
        foreach (int i in some)
        {
            rows.CopyRow(i, row);
            for (int j = 0; j < d; j++)
                spread[j] += (row[j] - mean[j]) * (row[j] - mean[j]);
        }

        direction[Array.IndexOf(spread, spread.Max())] = 1;
        for (int step = 0; step < steps; step++)
        {
            var next = new double[d];
            foreach (int i in some)
            {
                rows.CopyRow(i, row);
                double place = 0;
                for (int j = 0; j < d; j++)
                    place += (row[j] - mean[j]) * direction[j];
                for (int j = 0; j < d; j++)
                    next[j] += place * (row[j] - mean[j]);
            }

            double greatest = next.Max(Math.Abs);
            if (!(greatest > 0))
                break;
            for (int j = 0; j < d; j++)
                direction[j] = next[j] / greatest;
        }

        return direction;
    }

    private static (ImmutableArray<int> One, ImmutableArray<int> Other) Rows(ImmutableArray<int> some, bool[] second) =>
        ([.. some.Where((_, i) => !second[i])], [.. some.Where((_, i) => second[i])]);
}
