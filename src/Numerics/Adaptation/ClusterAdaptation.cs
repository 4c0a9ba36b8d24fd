using System.Collections.Immutable;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Numerics.Adaptation;

/// <summary>
/// What clusters have become, seen on a sample of newer rows: two that nothing lies between any more are one, and one that has a gap within is two. A function
/// of rows and labels alone, to the bit.
/// </summary>
public static class ClusterAdaptation
{
    /// <summary>Clusters with fewer rows in the sample stay as they are.</summary>
    public const int FewestRows = 40;

    /// <summary>A half must have this share of its cluster's rows.</summary>
    private const double LeastHalf = 0.1;

    /// <summary>The clusters to begin with, in the order of the places that they come from; the second halves come last.</summary>
    /// <param name="rows">The sample, as the model sees rows.</param>
    /// <param name="labels">The place of each row's cluster.</param>
    /// <param name="k">Number of clusters.</param>
    public static ImmutableArray<AdaptedCluster> Of(RowBlock rows, ReadOnlySpan<int> labels, int k)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var held = new List<int>[k];
        for (int i = 0; i < k; i++)
            held[i] = [];
        for (int i = 0; i < labels.Length; i++)
        {
            // A row without weight says nothing.
            if (rows.Weights.IsEmpty || rows.Weights.Span[i] > 0)
                held[labels[i]].Add(i);
        }

        List<AdaptedCluster> clusters = [.. held.Select((list, place) => new AdaptedCluster([place], IsHalf: false, [.. list]))];
        Merge(rows, clusters);
        ImmutableArray<AdaptedCluster>.Builder whole = ImmutableArray.CreateBuilder<AdaptedCluster>(), halves = ImmutableArray.CreateBuilder<AdaptedCluster>();
        foreach (AdaptedCluster cluster in clusters)
        {
            if (Split(rows, cluster) is var (one, other))
            {
                whole.Add(one);
                halves.Add(other);
            }
            else
            {
                whole.Add(cluster);
            }
        }

        whole.AddRange(halves);
        return whole.ToImmutable();
    }

    /// <summary>Makes one of the two that are one most clearly, until none are.</summary>
    private static void Merge(RowBlock rows, List<AdaptedCluster> clusters)
    {
        // Clusters are equal when their rows are one array: a cluster stays what it is until it is merged.
        var known = new Dictionary<(AdaptedCluster, AdaptedCluster), ModesApart>();
        while (true)
        {
            (int first, int second, double most) = (-1, -1, 0);
            for (int i = 0; i < clusters.Count; i++)
            {
                for (int j = i + 1; j < clusters.Count; j++)
                {
                    if (Math.Min(clusters[i].Rows.Length, clusters[j].Rows.Length) < FewestRows)
                        continue;
                    if (!known.TryGetValue((clusters[i], clusters[j]), out ModesApart apart))
                        known[(clusters[i], clusters[j])] = apart = ModesApart.Of(rows, clusters[i].Rows, clusters[j].Rows);
                    double filled = apart.AreOne ? apart.Between / (double)apart.AtMeans : 0;
                    if (filled > most)
                        (first, second, most) = (i, j, filled);
                }
            }

            if (first < 0)
                return;
            (AdaptedCluster one, AdaptedCluster other) = (clusters[first], clusters[second]);
            clusters[first] = new AdaptedCluster([.. one.From.Concat(other.From).Order()], IsHalf: false, [.. one.Rows.Concat(other.Rows).Order()]);
            clusters.RemoveAt(second);
        }
    }

    private static (AdaptedCluster One, AdaptedCluster Other)? Split(RowBlock rows, AdaptedCluster cluster)
    {
        if (cluster.From.Length > 1 || cluster.Rows.Length < 2 * FewestRows)
            return null;
        (ImmutableArray<int> one, ImmutableArray<int> other) = Halves.Of(rows, cluster.Rows);
        return Math.Min(one.Length, other.Length) >= LeastHalf * cluster.Rows.Length && ModesApart.Of(rows, one, other).AreTwo
            ? (cluster with { IsHalf = true, Rows = one }, cluster with { IsHalf = true, Rows = other })
            : null;
    }
}
