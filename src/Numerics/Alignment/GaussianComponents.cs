using OrleansCluster.Numerics.Functions;

namespace OrleansCluster.Numerics.Alignment;

/// <summary>A version's Gaussians made ready for comparing: Cholesky factors, log-determinants, traces.</summary>
internal sealed class GaussianComponents
{
    private readonly VersionClusters _clusters;
    private readonly double[] _factors;
    private readonly int _size;

    /// <param name="clusters">With covariances.</param>
    /// <param name="full">Whether to hold matrices even where only variances are given.</param>
    /// <param name="definite">Whether a covariance that is not positive definite is an error.</param>
    public GaussianComponents(VersionClusters clusters, bool full, bool definite)
    {
        if (clusters.Covariances.Length == 0 && clusters.Count > 0)
            throw new ArgumentException("Comparing Gaussians needs covariances; clusters without them are compared by centroid distance or overlap.");
        _clusters = clusters;
        int d = clusters.Columns;
        _size = full ? d * d : d;
        Covariances = full && clusters.Diagonal && d > 1 ? Expand(clusters) : clusters.Covariances;
        _factors = new double[clusters.Count * _size];
        HalfLogDeterminants = new double[clusters.Count];
        Traces = new double[clusters.Count];
        for (int c = 0; c < clusters.Count; c++)
            Prepare(c, d, full, definite);
    }

    public int Count => _clusters.Count;

    /// <summary>½ ln |Σ| of each component; −∞ when singular.</summary>
    public double[] HalfLogDeterminants { get; }

    public double[] Traces { get; }

    private ReadOnlyMemory<double> Covariances { get; }

    public ReadOnlySpan<double> Mean(int component) => _clusters.Centroid(component);

    /// <summary>d variances or a d × d matrix.</summary>
    public ReadOnlySpan<double> Covariance(int component) => Covariances.Span.Slice(component * _size, _size);

    /// <summary>d standard deviations or the lower Cholesky factor, row-major.</summary>
    public ReadOnlySpan<double> Factor(int component) => _factors.AsSpan(component * _size, _size);

    private void Prepare(int c, int d, bool full, bool definite)
    {
        Span<double> factor = _factors.AsSpan(c * _size, _size);
        Covariance(c).CopyTo(factor);
        int stride = full ? d + 1 : 1;
        for (int j = 0; j < d; j++)
            Traces[c] += factor[j * stride];
        int defect = -1;
        if (full)
        {
            defect = SmallMatrix.Cholesky(factor, d);
        }
        else
        {
            for (int j = d - 1; j >= 0; j--)
            {
                defect = factor[j] > 0 ? defect : j;
                factor[j] = Math.Sqrt(Math.Max(0, factor[j]));
            }
        }

        if (defect >= 0 && definite)
            throw new ArgumentException(
                $"The covariance of cluster {c} is not positive definite (found at column {defect}): its density has no Bhattacharyya distance. Use the "
                    + "Wasserstein distance, or train with a covariance floor.");
        for (int j = 0; j < d; j++)
            HalfLogDeterminants[c] += factor[j * stride] > 0 ? Elementary.Log(factor[j * stride]) : double.NegativeInfinity;
    }

    private static double[] Expand(VersionClusters clusters)
    {
        int d = clusters.Columns;
        double[] matrices = new double[clusters.Count * d * d];
        for (int at = 0; at < clusters.Count * d; at++)
            matrices[((at / d) * d * d) + ((at % d) * (d + 1))] = clusters.Covariances.Span[at];
        return matrices;
    }
}
