using System.Collections.Immutable;
using OrleansCluster.Numerics.Evaluation;
using OrleansCluster.Numerics.Matchings;
using OrleansCluster.Numerics.Parallelism;

namespace OrleansCluster.Numerics.Alignment;

/// <summary>Gives the clusters of a new version the stable ids of the clusters they continue.</summary>
/// <remarks>
/// Clusters are matched so that the sum of (cost − limit) over the pairs is least (<see cref="LimitedMatching"/>); a pair at the
/// limit or beyond is no pair. What is left over in the new version is born and gets the next free ids in index order; what is
/// left over in the old one died and its id is retired. Equal input gives equal output, to the bit.
/// </remarks>
public static class LabelAlignment
{
    /// <summary>Aligns two versions of a model.</summary>
    /// <param name="before">The earlier version.</param>
    /// <param name="labels">The earlier version's stable ids.</param>
    /// <param name="after">The new version: the same columns, prepared the same way; any number of clusters.</param>
    /// <param name="options">Null: centroid distance with its defaults.</param>
    /// <param name="anchors">Labels of the anchor rows by both versions; needed for overlap costs, splits, merges and churn.</param>
    /// <param name="parallel">Where to compute costs.</param>
    /// <exception cref="ArgumentException">The input does not fit together; the message says what.</exception>
    public static AlignmentResult Align(
        VersionClusters before,
        StableLabels labels,
        VersionClusters after,
        AlignmentOptions? options = null,
        AnchorLabels? anchors = null,
        IParallel? parallel = null)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(after);
        options ??= new AlignmentOptions();
        CheckIds(labels, before, "earlier");
        if (options is { Cost: AlignmentCost.Overlap, Limit: > 1 })
            throw new ArgumentException(
                $"The limit {options.Limit} on overlap costs is above 1: clusters without a common row would be matched.", nameof(options));

        CentroidCosts distances = new(before, after, options.LeastSpread);
        ContingencyTable? table = anchors?.Table(before.Count, after.Count);
        LimitedMatching solved = LimitedMatching.Solve(Costs(before, after, options, distances, table), options.Limit, options.Candidates, parallel);
        StableLabels given = Give(labels, solved.Matching.ColumnOfRow, solved.Matching.RowOfColumn);
        return Describe(solved.Matching, labels, given, options, table, anchors, (cluster, old) => Match(solved, cluster, old, options.Limit, distances));
    }

    /// <summary>Compares two versions whose clusters have their stable ids already: a cluster of the same id is the same cluster.</summary>
    /// <param name="before">The earlier version.</param>
    /// <param name="labels">Its stable ids.</param>
    /// <param name="after">The later version: the same columns, prepared the same way.</param>
    /// <param name="given">Its stable ids.</param>
    /// <param name="options">What makes a split or a merger; null: the defaults. Costs are centroid distances.</param>
    /// <param name="anchors">Labels of the anchor rows by both versions; needed for splits, merges and churn.</param>
    /// <exception cref="ArgumentException">The input does not fit together; the message says what.</exception>
    public static AlignmentResult Compare(
        VersionClusters before, StableLabels labels, VersionClusters after, StableLabels given, AlignmentOptions? options = null, AnchorLabels? anchors = null)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(after);
        ArgumentNullException.ThrowIfNull(given);
        options = (options ?? new AlignmentOptions()) with { Cost = AlignmentCost.CentroidDistance };
        CheckIds(labels, before, "earlier");
        CheckIds(given, after, "later");
        Dictionary<int, int> indexes = [];
        for (int c = 0; c < before.Count; c++)
            indexes.Add(labels.Ids[c], c);
        int[] oldOfNew = [.. given.Ids.Select(id => indexes.GetValueOrDefault(id, -1))];
        CentroidCosts distances = new(before, after, options.LeastSpread);
        return Describe(new Matching(oldOfNew, before.Count, 0, [], []), labels, given, options, anchors?.Table(before.Count, after.Count), anchors, Pair);

        ClusterMatch Pair(int cluster, int old)
        {
            double moved = distances.Between(cluster, old);
            return new ClusterMatch
            {
                Index = old,
                Cost = double.IsFinite(moved) ? moved : options.Limit,
                Margin = null,
                Confidence = null,
                Moved = double.IsFinite(moved) ? moved : null,
            };
        }
    }

    private static void CheckIds(StableLabels labels, VersionClusters clusters, string version)
    {
        if (labels.Ids.Length != clusters.Count)
            throw new ArgumentException($"{labels.Ids.Length} stable ids for the {clusters.Count} clusters of the {version} version.", nameof(labels));
    }

    private static AlignmentResult Describe(
        Matching matching, StableLabels labels, StableLabels given, AlignmentOptions options, ContingencyTable? table, AnchorLabels? anchors,
            Func<int, int, ClusterMatch> match)
    {
        Lineage lineage = new(table, matching, options.Majority);
        ImmutableArray<int> oldOfNew = matching.ColumnOfRow;
        ImmutableArray<ClusterAlignment>.Builder clusters = ImmutableArray.CreateBuilder<ClusterAlignment>(oldOfNew.Length);
        for (int c = 0; c < oldOfNew.Length; c++)
        {
            (int parent, double share) = lineage.SplitFrom(c);
            clusters.Add(new ClusterAlignment
            {
                Index = c,
                StableId = given.Ids[c],
                Match = oldOfNew[c] < 0 ? null : match(c, oldOfNew[c]),
                SplitFrom = parent < 0 ? null : labels.Ids[parent],
                SplitShare = parent < 0 ? null : share,
                Jaccard = table is null ? null : Jaccard(table, oldOfNew[c], c),
            });
        }

        ImmutableArray<DeadCluster>.Builder died = ImmutableArray.CreateBuilder<DeadCluster>();
        for (int c = 0; c < labels.Ids.Length; c++)
        {
            if (matching.RowOfColumn[c] >= 0)
                continue;
            (int heir, double share) = lineage.MergedInto(c);
            died.Add(new DeadCluster
            {
                Index = c,
                StableId = labels.Ids[c],
                MergedInto = heir < 0 ? null : given.Ids[heir],
                MergedShare = heir < 0 ? null : share,
            });
        }

        return new AlignmentResult
        {
            Labels = given,
            Clusters = clusters.MoveToImmutable(),
            Died = died.ToImmutable(),
            Cost = options.Cost,
            Limit = options.Limit,
            TotalCost = matching.Cost,
            Anchors = table is null ? null : Follow(table, anchors!.SumOfSquares(), labels, given),
        };
    }

    private static IPairCosts Costs(
        VersionClusters before, VersionClusters after, AlignmentOptions options, CentroidCosts distances, ContingencyTable? table) => options.Cost switch
        {
            AlignmentCost.CentroidDistance => distances,
            AlignmentCost.Bhattacharyya => new BhattacharyyaCosts(before, after),
            AlignmentCost.Wasserstein => new WassersteinCosts(before, after, options.LeastSpread),
            AlignmentCost.Overlap when table is null => throw new ArgumentException("Aligning by overlap needs the labels of anchor rows by both versions."),
            AlignmentCost.Overlap => new OverlapCosts(table),
            _ => throw new ArgumentOutOfRangeException(nameof(options), options.Cost, "Unknown cost."),
        };

    private static StableLabels Give(StableLabels labels, ImmutableArray<int> oldOfNew, ImmutableArray<int> newOfOld)
    {
        int next = labels.NextId;
        ImmutableArray<int>.Builder ids = ImmutableArray.CreateBuilder<int>(oldOfNew.Length);
        foreach (int old in oldOfNew)
            ids.Add(old >= 0 ? labels.Ids[old] : checked(next++));
        IEnumerable<int> dead = Enumerable.Range(0, newOfOld.Length).Where(old => newOfOld[old] < 0).Select(old => labels.Ids[old]);
        return new StableLabels(ids.MoveToImmutable(), [.. labels.Retired.Concat(dead).Order()], next);
    }

    private static ClusterMatch Match(LimitedMatching solved, int cluster, int old, double limit, CentroidCosts distances)
    {
        double margin = solved.Margin(cluster);
        double moved = distances.Between(cluster, old);
        return new ClusterMatch
        {
            Index = old,
            Cost = solved.PairCost(cluster),
            Margin = margin,
            Confidence = margin / limit,
            Moved = double.IsFinite(moved) ? moved : null,
        };
    }

    private static double? Jaccard(ContingencyTable table, int old, int cluster)
    {
        if (old < 0)
            return table.ColumnTotals[cluster] > 0 ? 0 : null;
        double shared = table[old, cluster];
        double union = table.RowTotals[old] + table.ColumnTotals[cluster] - shared;
        return union > 0 ? shared / union : null;
    }

    private static AnchorComparison Follow(ContingencyTable table, double squares, StableLabels before, StableLabels after)
    {
        double changed = 0;
        ImmutableArray<AnchorFlow>.Builder flows = ImmutableArray.CreateBuilder<AnchorFlow>(table.Cells.Length);
        foreach (ContingencyCell cell in table.Cells)
        {
            AnchorFlow flow = new(before.Ids[cell.Row], after.Ids[cell.Column], cell.Weight);
            flows.Add(flow);
            if (flow.From != flow.To)
                changed += cell.Weight;
        }

        return new AnchorComparison
        {
            Weight = table.Total,
            Churn = table.Total > 0 ? changed / table.Total : 0,
            AdjustedRand = ExternalIndices.AdjustedRand(table, squares),
            Flows = flows.MoveToImmutable(),
        };
    }
}
