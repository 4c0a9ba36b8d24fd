using System.Collections.Immutable;
using OrleansCluster.Numerics.Distances;
using OrleansCluster.Numerics.Parallelism;

namespace OrleansCluster.Numerics.Alignment;

/// <summary>How far a cluster of one version lies from the cluster of the same stable id in another one.</summary>
/// <param name="StableId">The id that both have.</param>
/// <param name="Centres">Euclidean distance of their centroids, in the columns' unit.</param>
/// <param name="Moved">The same in units of spread; null: they are apart, and neither version has any spread to measure by.</param>
/// <param name="Bhattacharyya">Bhattacharyya distance; null unless both are Gaussians with positive definite covariances.</param>
/// <param name="Wasserstein">2-Wasserstein distance, in the columns' unit; null unless both are Gaussians.</param>
public sealed record ClusterDistance(int StableId, double Centres, double? Moved, double? Bhattacharyya, double? Wasserstein);

/// <summary>Distances between the clusters that two versions both have.</summary>
public static class ClusterDistances
{
    /// <summary>Compares clusters of equal stable ids, in the order of the ids.</summary>
    /// <param name="before">The earlier version.</param>
    /// <param name="labels">Its stable ids.</param>
    /// <param name="after">The later version: the same columns, prepared the same way.</param>
    /// <param name="given">Its stable ids.</param>
    /// <param name="parallel">Where pairs are computed; the distances do not depend on it.</param>
    /// <exception cref="ArgumentException">The versions have other columns, or other numbers of ids than clusters.</exception>
    public static ImmutableArray<ClusterDistance> Between(
        VersionClusters before, StableLabels labels, VersionClusters after, StableLabels given, IParallel parallel)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(after);
        ArgumentNullException.ThrowIfNull(given);
        ArgumentNullException.ThrowIfNull(parallel);
        if (labels.Ids.Length != before.Count || given.Ids.Length != after.Count)
            throw new ArgumentException(
                $"{labels.Ids.Length} and {given.Ids.Length} stable ids for {before.Count} and {after.Count} clusters.", nameof(labels));
        var centroids = new CentroidCosts(before, after);
        bool gaussian = before.Covariances.Length > 0 && after.Covariances.Length > 0;
        WassersteinCosts? wasserstein = gaussian ? new WassersteinCosts(before, after) : null;
        BhattacharyyaCosts? bhattacharyya = gaussian && Definite(before) && Definite(after) ? new BhattacharyyaCosts(before, after) : null;
        (int Id, int Old, int New)[] pairs =
        [
            .. from cluster in Enumerable.Range(0, after.Count)
               let old = labels.Ids.IndexOf(given.Ids[cluster])
               where old >= 0
               orderby given.Ids[cluster]
               select (given.Ids[cluster], old, cluster),
        ];
        var distances = new ClusterDistance[pairs.Length];
        parallel.For(pairs.Length, at =>
        {
            (int id, int old, int cluster) = pairs[at];
            double moved = centroids.Between(cluster, old);
            distances[at] = new ClusterDistance(
                id,
                Math.Sqrt(Distance.Squared(before.Centroid(old), after.Centroid(cluster))),
                double.IsFinite(moved) ? moved : null,
                bhattacharyya?.Between(cluster, old),
                wasserstein?.Absolute(cluster, old));
        });
        return [.. distances];
    }

    /// <summary>Whether every covariance has a density: without a floor under them, some may be singular.</summary>
    private static bool Definite(VersionClusters clusters)
    {
        int size = clusters.Covariances.Length / Math.Max(1, clusters.Count);
        for (int c = 0; c < clusters.Count; c++)
        {
            ReadOnlySpan<double> covariance = clusters.Covariances.Span.Slice(c * size, size);
            if (clusters.Diagonal ? covariance.IndexOfAnyExceptInRange(double.Epsilon, double.MaxValue) >= 0
                : SmallMatrix.Cholesky(covariance.ToArray(), clusters.Columns) >= 0)
                return false;
        }

        return true;
    }
}
