namespace OrleansCluster.Numerics.Distances;

/// <summary>
/// The canonical squared distance: D(x, c) = Σⱼ fma(xⱼ − cⱼ, xⱼ − cⱼ, ·) in float64, j ascending, from 0.
/// Every other way to find a nearest centre must reproduce what this one decides.
/// </summary>
public static class Distance
{
    /// <summary>D of a float64 row and a centre of the same length.</summary>
    public static double Squared(ReadOnlySpan<double> row, ReadOnlySpan<double> centre) => AddSquared(row, centre, 0);

    /// <summary>The same sum, going on from one.</summary>
    internal static double AddSquared(ReadOnlySpan<double> row, ReadOnlySpan<double> centre, double sum)
    {
        centre = centre[..row.Length];
        for (int j = 0; j < row.Length; j++)
        {
            double difference = row[j] - centre[j];
            sum = Math.FusedMultiplyAdd(difference, difference, sum);
        }

        return sum;
    }

    /// <summary>D of a float32 row, widened exactly, and a centre of the same length.</summary>
    public static double Squared(ReadOnlySpan<float> row, ReadOnlySpan<double> centre)
    {
        double sum = 0;
        centre = centre[..row.Length];
        for (int j = 0; j < row.Length; j++)
        {
            double difference = row[j] - centre[j];
            sum = Math.FusedMultiplyAdd(difference, difference, sum);
        }

        return sum;
    }

    /// <summary>The centre of least D; on equal D the lowest index.</summary>
    /// <param name="row">A row of d values.</param>
    /// <param name="centroids">k × d, row-major, k ≥ 1.</param>
    /// <param name="squared">D to that centre.</param>
    public static int Nearest(ReadOnlySpan<double> row, ReadOnlySpan<double> centroids, out double squared)
    {
        int best = 0;
        squared = Squared(row, centroids[..row.Length]);
        int k = centroids.Length / row.Length;
        for (int c = 1; c < k; c++)
        {
            double candidate = Squared(row, centroids.Slice(c * row.Length, row.Length));
            if (candidate < squared)
                (best, squared) = (c, candidate);
        }

        return best;
    }
}
