using OrleansCluster.Numerics.Explanation;

namespace OrleansCluster.Numerics.Profiles;

/// <summary>How rows lie to the centres of their clusters. Has scratch of its own: one for each thread.</summary>
/// <param name="centres">The centres.</param>
public sealed class CentreFits(IQuadraticClusters centres)
{
    /// <summary>Most values (clusters × columns) of which means are kept: beyond that, no cluster's are.</summary>
    public const int MostMeans = 16_384;

    /// <summary>Rows of a shard or a question whose silhouettes are taken, evenly spaced: they cost K distances each.</summary>
    public const int SilhouetteRows = 1024;

    private readonly double[] _differences = new double[centres.Columns];

    /// <summary>Clusters whose means are kept: all or, where they are too many, none.</summary>
    public static int Kept(IQuadraticClusters? centres) => centres is null || (long)centres.K * centres.Columns > MostMeans ? 0 : centres.K;

    /// <summary>From how many rows silhouettes are taken of one.</summary>
    public static int Stride(int rows) => Math.Max(1, (rows + SilhouetteRows - 1) / SilhouetteRows);

    /// <summary>x − c of a cluster; good until the next call.</summary>
    public ReadOnlySpan<double> Differences(ReadOnlySpan<double> row, int cluster)
    {
        centres.Subtract(cluster, row, _differences);
        return _differences;
    }

    /// <summary>
    /// The simplified silhouette of a row (Hruschka, de Castro and Campello, 2004): (b − a) / max(a, b) with a its distance to the centre of its cluster and b
    /// the least to another's; 0 where both are 0, NaN where there is no other.
    /// </summary>
    /// <param name="row">As the model sees it.</param>
    /// <param name="cluster">Its cluster.</param>
    public double Silhouette(ReadOnlySpan<double> row, int cluster)
    {
        (double own, double other) = (0, double.PositiveInfinity);
        for (int c = 0; c < centres.K; c++)
        {
            if (c != cluster && double.IsNegativeInfinity(centres.Constant(c)))
                continue;
            centres.Subtract(c, row, _differences);
            double sum = 0;
            foreach (double difference in _differences)
                sum += difference * difference;
            if (c == cluster)
                own = sum;
            else
                other = Math.Min(other, sum);
        }

        if (double.IsPositiveInfinity(other))
            return double.NaN;
        (double a, double b) = (Math.Sqrt(own), Math.Sqrt(other));
        double greater = Math.Max(a, b);
        return greater > 0 ? (b - a) / greater : 0;
    }
}
