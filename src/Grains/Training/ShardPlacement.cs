using System.Collections.Immutable;
using System.Globalization;

namespace OrleansCluster.Training;

/// <summary>
/// Where the grains of a job belong. The shards, which have the same number of rows, are cut into contiguous runs, one a silo, whose lengths differ by one at
/// most; a reducer belongs to the silo of the middle of its subtree, which has most of it. The silos are those that took part when the job was
/// taken up, so its grains stay where they are while others join. The place travels with a call as a hint that matters only when the call
/// activates its grain; a host without placement of its own ignores it.
/// </summary>
public static class ShardPlacement
{
    /// <summary>The name of the hint in the request context.</summary>
    public const string HintKey = "oc.place";

    /// <summary>The silo of a shard, as an index into <paramref name="silos"/>.</summary>
    public static int SiloOf(long shard, long shards, int silos) => (int)(shard * silos / shards);

    /// <summary>Reads a hint: the silo wanted, and a number that spreads the grains of a silo that is gone evenly over the others.</summary>
    public static bool TryRead(object? hint, out string silo, out long spread)
    {
        (silo, spread) = ("", 0);
        if (hint is not string text || text.Split('|') is not [var wanted, var number]
            || !long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out spread))
            return false;
        silo = wanted;
        return true;
    }

    /// <summary>Gives the next call the place of a partition.</summary>
    internal static void HintPartition(JobShards job, int shard) => Hint(job, shard, shard);

    /// <summary>Gives the next call the place of a node of the reduction tree.</summary>
    internal static void HintReducer(JobShards job, int level, int index)
    {
        long width = 1;
        for (int i = 0; i <= level; i++)
            width *= job.FanIn;
        long first = index * width, count = Math.Min(width, job.Shards - first);
        Hint(job, first + (count / 2), index);
    }

    /// <summary>Gives the next call the place of a shard.</summary>
    internal static void HintShard(ImmutableArray<string> silos, int shard, int shards) => Hint(silos, shard, Math.Max(shards, shard + 1), shard);

    private static void Hint(JobShards job, long shard, long spread) => Hint(job.Silos, shard, job.Shards, spread);

    private static void Hint(ImmutableArray<string> silos, long shard, long shards, long spread)
    {
        if (!silos.IsDefaultOrEmpty)
            RequestContext.Set(HintKey, string.Create(CultureInfo.InvariantCulture, $"{silos[SiloOf(shard, shards, silos.Length)]}|{spread}"));
    }
}
