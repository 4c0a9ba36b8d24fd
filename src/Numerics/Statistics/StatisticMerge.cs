using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.Parallelism;

namespace OrleansCluster.Numerics.Statistics;

/// <summary>Merges the statistics of neighbouring shards along one fixed binary tree over the shards' indices.</summary>
public static class StatisticMerge
{
    /// <summary>
    /// Merges the statistics of consecutive aligned subtrees: each covers the same power of two of shards (the last may cover fewer), and the first begins at a
    /// multiple of the span that all cover together, rounded up to a power of two. Then any grouping merges the same pairs in the same order.
    /// </summary>
    /// <param name="adjacent">At least one statistic, in shard order.</param>
    /// <param name="parallel">Where parts of long statistics run; null: here.</param>
    /// <param name="kinds">The kinds that there are; null: those of all families.</param>
    /// <exception cref="InvalidDataException">A statistic is damaged, or they do not belong to the same step.</exception>
    public static PooledBytes Merge(IReadOnlyList<ReadOnlyMemory<byte>> adjacent, IParallel? parallel = null, StatisticKinds? kinds = null)
    {
        ArgumentNullException.ThrowIfNull(adjacent);
        if (adjacent.Count == 0)
            throw new ArgumentException("There is nothing to merge.", nameof(adjacent));
        if (adjacent.Count == 1)
            return PooledBytes.Of(adjacent[0]);
        return ExactTotals.TryMerge(adjacent, parallel ?? Sequential.Instance) ?? MergeRange(adjacent, 0, adjacent.Count, kinds ?? StatisticKinds.Shared)
            .Encode();
    }

    private static Statistic MergeRange(IReadOnlyList<ReadOnlyMemory<byte>> adjacent, int start, int count, StatisticKinds kinds)
    {
        if (count == 1)
            return kinds.Decode(adjacent[start]);
        // The left child is the greatest full subtree: the same pairs as level by level, but few are decoded at a time.
        int left = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)count) / 2;
        Statistic merged = MergeRange(adjacent, start, left, kinds);
        Statistic right = MergeRange(adjacent, start + left, count - left, kinds);
        if (merged.GetType() != right.GetType())
            throw new InvalidDataException($"A {merged.GetType().Name} does not merge with a {right.GetType().Name}.");
        merged.MergeFrom(right);
        return merged;
    }
}
