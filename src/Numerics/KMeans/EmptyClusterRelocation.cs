using OrleansCluster.Numerics.Exact;
using OrleansCluster.Numerics.KMeans.Steps;
using OrleansCluster.Numerics.Statistics;

namespace OrleansCluster.Numerics.KMeans;

/// <summary>
/// Gives empty clusters rows that are far from their centres, as scikit-learn does: the farthest row becomes the first empty cluster and leaves its own, and so
/// on. Exactly, in integers; no row is taken that is its cluster's last.
/// </summary>
internal static class EmptyClusterRelocation
{
    /// <summary>Clusters that no row of positive weight belongs to.</summary>
    public static int[] Empty(ClusterTotals totals)
    {
        var empty = new List<int>();
        for (int c = 0; c < totals.K; c++)
        {
            if (totals.Weight(c) == 0)
                empty.Add(c);
        }

        return [.. empty];
    }

    /// <summary>
    /// How many rows must be looked at: one for each empty cluster, and one more for each cluster so light that taking rows might leave it its last, which is
    /// passed over.
    /// </summary>
    /// <param name="totals">Of the iteration.</param>
    /// <param name="empty">How many clusters are empty.</param>
    /// <param name="greatestWeight">Greatest weight of a row, in units.</param>
    public static int RowsNeeded(ClusterTotals totals, int empty, long greatestWeight)
    {
        int needed = empty;
        foreach (Int128 weight in totals.Weights)
        {
            if (weight > 0 && weight <= (Int128)greatestWeight * empty)
                needed++;
        }

        return needed;
    }

    /// <summary>Moves rows to empty clusters.</summary>
    /// <param name="totals">Of the iteration; changed.</param>
    /// <param name="empty">The empty clusters, ascending.</param>
    /// <param name="farthest">Rows by descending distance.</param>
    /// <param name="frame">The grid of the sums.</param>
    /// <returns>The clusters that stay empty: then every row that is left sits on its centre or is its cluster's last, so that
    /// the rows have fewer distinct values than there are clusters.</returns>
    public static int[] Relocate(ClusterTotals totals, int[] empty, IReadOnlyList<SelectedRow> farthest, ColumnFrame frame)
    {
        int filled = 0;
        foreach (SelectedRow row in farthest)
        {
            if (filled == empty.Length)
                break;
            long weight = frame.QuantizeWeight(row.Weight);
            if (totals.Weights[row.Label] <= weight)
                continue;
            int target = empty[filled++];
            totals.Weights[row.Label] -= weight;
            totals.Weights[target] = weight;
            for (int j = 0; j < totals.Columns; j++)
            {
                long value = frame.Quantize(j, row.Values[j], row.Weight);
                totals.Sums(row.Label)[j] -= value;
                totals.Sums(target)[j] = value;
            }
        }

        return empty[filled..];
    }
}
