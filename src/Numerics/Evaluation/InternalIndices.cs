using OrleansCluster.Numerics.Distances;

namespace OrleansCluster.Numerics.Evaluation;

/// <summary>
/// How compact and how far apart clusters are, judged from the rows alone. Clusters without rows do not count. Both indices compare clusters, and compare
/// them with the rows: with fewer than two, or no more rows than clusters, there is no index, and the answer is NaN.
/// </summary>
public static class InternalIndices
{
    /// <summary>
    /// Calinski–Harabasz index: (B / (k − 1)) / (W / (n − k)), dispersion between over within clusters. Higher is better; +∞ when all rows are at their means.
    /// </summary>
    /// <param name="clusters">k clusters.</param>
    /// <param name="size">The number of rows n that their weights stand for; null: the sum of the weights.</param>
    /// <remarks>T. Caliński, J. Harabasz, Communications in Statistics 3 (1974) 1–27.</remarks>
    public static double CalinskiHarabasz(ClusterDispersions clusters, double? size = null)
    {
        int[] used = Used(clusters);
        double rows = size ?? clusters.Totals.Sum;
        if (!(used.Length >= 2 && rows > used.Length))
            return double.NaN;
        int d = clusters.Columns;
        double n = 0;
        double within = 0;
        double[] mean = new double[d];
        foreach (int c in used)
        {
            n += clusters.Weights[c];
            within += clusters.Inertias[c];
            for (int j = 0; j < d; j++)
                mean[j] += clusters.Weights[c] * (clusters.Means[(c * d) + j] - clusters.Means[(used[0] * d) + j]);
        }

        double between = 0;
        foreach (int c in used)
        {
            double squared = 0;
            for (int j = 0; j < d; j++)
            {
                double difference = clusters.Means[(c * d) + j] - clusters.Means[(used[0] * d) + j] - (mean[j] / n);
                squared += difference * difference;
            }

            between += clusters.Weights[c] * squared;
        }

        // Equal rows in several clusters: nothing within, nothing between, 0 / 0.
        return between / (used.Length - 1) / (within / (rows - used.Length));
    }

    /// <summary>
    /// Davies–Bouldin index: the mean over clusters of the greatest (Sᵢ + Sⱼ) / Mᵢⱼ, S the mean distance of rows from their centroid and M the
    /// distance between means. Lower is better; 0 when every row is at its centroid, and +∞ when two clusters have the same mean.
    /// </summary>
    /// <param name="clusters">k clusters.</param>
    /// <param name="size">The number of rows that their weights stand for; null: the sum of the weights.</param>
    /// <remarks>D. Davies, D. Bouldin, IEEE Trans. Pattern Analysis and Machine Intelligence 1 (1979) 224–227.</remarks>
    public static double DaviesBouldin(ClusterDispersions clusters, double? size = null)
    {
        int[] used = Used(clusters);
        if (!(used.Length >= 2 && (size ?? clusters.Totals.Sum) > used.Length))
            return double.NaN;
        int d = clusters.Columns;
        ReadOnlySpan<double> means = clusters.Means.AsSpan();
        double sum = 0;
        foreach (int c in used)
        {
            double worst = 0;
            foreach (int other in used)
            {
                if (other == c)
                    continue;
                double apart = Math.Sqrt(Distance.Squared(means.Slice(c * d, d), means.Slice(other * d, d)));
                // Two clusters in one place are as alike as can be, however tight they are.
                double alike = apart > 0 ? (clusters.MeanDistances[c] + clusters.MeanDistances[other]) / apart : double.PositiveInfinity;
                worst = Math.Max(worst, alike);
            }

            sum += worst;
        }

        return sum / used.Length;
    }

    private static int[] Used(ClusterDispersions clusters)
    {
        ArgumentNullException.ThrowIfNull(clusters);
        return [.. Enumerable.Range(0, clusters.Weights.Length).Where(c => clusters.Weights[c] > 0)];
    }
}
