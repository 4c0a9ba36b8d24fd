using OrleansCluster.Numerics.Parallelism;

namespace OrleansCluster.Numerics.Statistics;

/// <summary>
/// Merges the statistics of a shard's chunks along one fixed binary tree over their indices: nodes 2i and 2i + 1 of a level make node i of the next; a node
/// without a right neighbour moves up as it is. Whoever finishes the second child merges, so that few statistics live at a time.
/// </summary>
internal static class FixedTree
{
    /// <summary>The merged statistic of all leaves.</summary>
    /// <param name="leaves">Number of leaves, at least 1.</param>
    /// <param name="leaf">Computes one; called on any thread.</param>
    /// <param name="spent">Takes back a statistic that was merged into another.</param>
    /// <param name="parallel">Where leaves run.</param>
    /// <param name="cancellation">Looked at before each leaf.</param>
    public static T Reduce<T>(int leaves, Func<int, T> leaf, Action<T> spent, IParallel parallel, CancellationToken cancellation)
        where T : Statistic
    {
        int levels = 1;
        for (int width = leaves; width > 1; width = (width + 1) / 2)
            levels++;
        var waiting = new T?[levels][];
        int nodes = leaves;
        for (int level = 0; level < levels; level++, nodes = (nodes + 1) / 2)
            waiting[level] = new T?[(nodes + 1) / 2];
        T? root = null;
        parallel.For(leaves, index =>
        {
            cancellation.ThrowIfCancellationRequested();
            T mine = leaf(index);
            int width = leaves;
            for (int level = 0; ; level++, index /= 2, width = (width + 1) / 2)
            {
                if (width == 1)
                {
                    root = mine;
                    return;
                }

                if (index == width - 1 && index % 2 == 0)
                    continue;
                T? other = Interlocked.Exchange(ref waiting[level][index / 2], mine);
                if (other is null)
                    return;
                (T left, T right) = index % 2 == 0 ? (mine, other) : (other, mine);
                left.MergeFrom(right);
                spent(right);
                mine = left;
            }
        });
        return root!;
    }
}
