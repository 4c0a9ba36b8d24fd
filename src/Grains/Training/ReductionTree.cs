namespace OrleansCluster.Training;

/// <summary>
/// The shape of a job's reduction tree: node <c>index</c> on <c>level</c> has the children <c>index·fanIn … index·fanIn + fanIn − 1</c> below it,
/// which are shards for level 0. With a power of two as fan-in every node owns an aligned subtree of the binary tree over shards.
/// </summary>
internal readonly record struct ReductionTree
{
    public ReductionTree(int shards, int fanIn)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shards, 1);
        if (fanIn < 2 || (fanIn & (fanIn - 1)) != 0)
            throw new ArgumentOutOfRangeException(nameof(fanIn), fanIn, "The fan-in of the reduction tree must be a power of two, at least 2.");
        (Shards, FanIn) = (shards, fanIn);
        for (int nodes = Parents(shards); nodes > 1; nodes = Parents(nodes))
            TopLevel++;
    }

    public int Shards { get; }

    public int FanIn { get; }

    /// <summary>The level of the one node that owns all shards.</summary>
    public int TopLevel { get; }

    /// <summary>The children of a node, on the level below it.</summary>
    public (int First, int Count) Children(int level, int index)
    {
        int below = Shards;
        for (int i = 0; i < level; i++)
            below = Parents(below);
        int first = checked(index * FanIn);
        if (level > TopLevel || first >= below)
            throw new ArgumentOutOfRangeException(nameof(index), index, $"A tree over {Shards} shards has no such node on level {level}.");
        return (first, Math.Min(FanIn, below - first));
    }

    private int Parents(int nodes) => (nodes - 1) / FanIn + 1;
}
