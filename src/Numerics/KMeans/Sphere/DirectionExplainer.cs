using OrleansCluster.Numerics.Explanation;

namespace OrleansCluster.Numerics.KMeans.Sphere;

/// <summary>
/// Explains rows by their cosines. A cluster of the direction c fits a row of the direction u by s = cos − 1, of which column j takes u_j (u_j − c_j); so the
/// lead over another of the direction b is Σ_j u_j (c_j − b_j), and a column in which the row is 0 says nothing. The sign of the lead is that of (c − b)·x,
/// which is linear in every column of the row itself, whatever becomes of its length. O(K d) a row.
/// </summary>
/// <param name="centres">K × d, row-major: the directions of the clusters, of length 1. Not copied.</param>
/// <param name="columns">d.</param>
public sealed class DirectionExplainer(double[] centres, int columns) : IRowExplainer
{
    /// <summary>By how much of the row's length a third cluster must fit better to have the row, beyond rounding.</summary>
    private const double Rounding = 1e-12;

    /// <inheritdoc/>
    /// <remarks>−1 for a row of zeros.</remarks>
    public int Best(ReadOnlySpan<double> row)
    {
        var unit = new double[columns];
        return Direction.Find(row, [], unit) ? Best(Cosines(unit), -1) : -1;
    }

    /// <inheritdoc/>
    /// <remarks>A row of zeros has no other cluster, and nothing of it is told.</remarks>
    public RowExplanation Explain(ReadOnlySpan<double> row, int cluster)
    {
        int d = columns;
        double[] unit = new double[d], parts = new double[d], against = new double[d], boundaries = new double[d];
        Array.Fill(boundaries, double.NaN);
        bool isDirected = Direction.Find(row, [], unit);
        double[] cosines = Cosines(unit);
        int other = isDirected ? Best(cosines, cluster) : -1;
        (double distance, double lead) = (0, 0);
        for (int j = 0; j < d; j++)
        {
            // Plus 0, so that none is −0.
            parts[j] = (unit[j] * (unit[j] - Centre(cluster, j))) + 0.0;
            distance += parts[j];
            if (other < 0)
                continue;
            against[j] = (unit[j] * (Centre(cluster, j) - Centre(other, j))) + 0.0;
            lead += against[j];
        }

        if (other >= 0)
        {
            double length = Length(row, unit);
            for (int j = 0; j < d; j++)
                boundaries[j] = Boundary(row, unit, cosines, (cluster, other), lead, j, length);
        }

        return new RowExplanation(
            cluster, other, isDirected ? -distance : double.NaN, other < 0 ? double.NaN : lead, 0, [.. parts], [.. against], [.. boundaries]);
    }

    /// <summary>What a row's length is, from the column that has most of it: squares of large values would overflow.</summary>
    private static double Length(ReadOnlySpan<double> row, double[] unit)
    {
        int most = 0;
        for (int j = 1; j < unit.Length; j++)
            most = Math.Abs(unit[j]) > Math.Abs(unit[most]) ? j : most;
        return row[most] / unit[most];
    }

    /// <summary>The value of a column at which the row lies between two clusters; NaN: none does, or a third one has the row there.</summary>
    private double Boundary(
        ReadOnlySpan<double> row, double[] unit, double[] cosines, (int Own, int Other) pair, double lead, int column, double length)
    {
        if (lead == 0)
            return row[column];
        // In lengths of the row. Where nothing (or next to nothing) is in other columns the row would come to zeros, which have no direction.
        double step = -lead / (Centre(pair.Own, column) - Centre(pair.Other, column)), there = row[column] + (length * step);
        if (!double.IsFinite(there) || Math.Abs(unit[column]) == 1)
            return double.NaN;
        double least = cosines[pair.Other] + (step * Centre(pair.Other, column)) + (Rounding * (1 + Math.Abs(step)));
        for (int c = 0; c < K; c++)
        {
            if (c != pair.Own && c != pair.Other && cosines[c] + (step * Centre(c, column)) > least)
                return double.NaN;
        }

        return there;
    }

    private double[] Cosines(double[] unit)
    {
        var cosines = new double[K];
        for (int c = 0; c < cosines.Length; c++)
        {
            double sum = 0;
            for (int j = 0; j < unit.Length; j++)
                sum = Math.FusedMultiplyAdd(unit[j], Centre(c, j), sum);
            cosines[c] = sum;
        }

        return cosines;
    }

    private int K => centres.Length / columns;

    private double Centre(int cluster, int column) => centres[(cluster * columns) + column];

    private static int Best(double[] cosines, int but)
    {
        int best = -1;
        for (int c = 0; c < cosines.Length; c++)
        {
            if (c != but && (best < 0 || cosines[c] > cosines[best]))
                best = c;
        }

        return best;
    }
}
