namespace OrleansCluster.Numerics.Evaluation;

/// <summary>How compact and how far apart clusters are, judged from the rows alone. Clusters without rows do not count.</summary>
public static class InternalIndices
{
    /// <summary>
    /// Calinski–Harabasz index: (B / (k − 1)) / (W / (n − k)), dispersion between over within clusters. Higher is better; 1 when all rows are at their means.
    /// </summary>
    /// <remarks>T. Caliński, J. Harabasz, Communications in Statistics 3 (1974) 1–27.</remarks>
    /// <exception cref="ArgumentException">Fewer than two clusters have rows, or the rows weigh no more than the clusters are many.</exception>
    public static double CalinskiHarabasz(ClusterDispersions clusters)
    {
        int[] used = Used(clusters);
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

        if (!(n > used.Length))
            throw new ArgumentException($"The Calinski–Harabasz index needs more rows than clusters: weight {n}, {used.Length} clusters.", nameof(clusters));
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

        return within == 0 ? 1 : between / (used.Length - 1) / (within / (n - used.Length));
    }

    /// <summary>
    /// Davies–Bouldin index: the mean over clusters of the greatest (Sᵢ + Sⱼ) / Mᵢⱼ, S the mean distance of rows from their centroid and M the
    /// distance between means. Lower is better; 0 when every row is at its centroid. Clusters with the same mean do not count against each other.
    /// </summary>
    /// <remarks>D. Davies, D. Bouldin, IEEE Trans. Pattern Analysis and Machine Intelligence 1 (1979) 224–227.</remarks>
    /// <exception cref="ArgumentException">Fewer than two clusters have rows.</exception>
    public static double DaviesBouldin(ClusterDispersions clusters)
    {
        int[] used = Used(clusters);
        int d = clusters.Columns;
        ReadOnlySpan<double> means = clusters.Means.AsSpan();
        double sum = 0;
        foreach (int c in used)
        {
            double worst = 0;
            foreach (int other in used)
            {
                double apart = Math.Sqrt(Distance.Squared(means.Slice(c * d, d), means.Slice(other * d, d)));
                if (apart > 0)
                    worst = Math.Max(worst, (clusters.MeanDistances[c] + clusters.MeanDistances[other]) / apart);
            }

            sum += worst;
        }

        return sum / used.Length;
    }

    private static int[] Used(ClusterDispersions clusters)
    {
        ArgumentNullException.ThrowIfNull(clusters);
        int[] used = [.. Enumerable.Range(0, clusters.Weights.Length).Where(c => clusters.Weights[c] > 0)];
        if (used.Length < 2)
            throw new ArgumentException($"The index compares clusters: {used.Length} of {clusters.Weights.Length} have rows, at least 2 are needed.", nameof(clusters));
        return used;
    }
}
