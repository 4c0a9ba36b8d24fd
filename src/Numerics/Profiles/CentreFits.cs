using OrleansCluster.Numerics.Explanation;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Numerics.Profiles;

/// <summary>How rows lie to the centres of their clusters. Has scratch of its own: one for each thread.</summary>
/// <param name="centres">The centres.</param>
public sealed class CentreFits(IQuadraticClusters centres)
{
    /// <summary>Most values (clusters × columns) of which means are kept: beyond that, no cluster's are.</summary>
    public const int MostMeans = 16_384;

    /// <summary>About how many rows of a shard or a question have their silhouettes taken: they cost K distances each.</summary>
    private const int SilhouetteRows = 1024, FewestSilhouettes = 16;

    /// <summary>Values of centres that all these rows together may be compared with: of many clusters and columns fewer rows have theirs taken.</summary>
    private const long MostSilhouetteTerms = 1L << 28;

    private readonly double[] _differences = new double[centres.Columns];
    private readonly int _silhouettes = (int)Math.Clamp(MostSilhouetteTerms / ((long)centres.K * centres.Columns), FewestSilhouettes, SilhouetteRows);

    /// <summary>Clusters whose means are kept: all or, where they are too many, none.</summary>
    public static int Kept(IQuadraticClusters? centres) => centres is null ? 0 : Kept(centres.K, centres.Columns);

    /// <inheritdoc cref="Kept(IQuadraticClusters?)"/>
    /// <param name="k">Number of clusters.</param>
    /// <param name="columns">Columns whose means are kept.</param>
    public static int Kept(int k, int columns) => (long)k * columns > MostMeans ? 0 : k;

    /// <summary>Whether a row's silhouette is taken.</summary>
    /// <param name="row">From 0.</param>
    /// <param name="rows">How many rows there are.</param>
    public bool Takes(int row, int rows) => SpreadRows.Takes(row, rows, _silhouettes);

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
