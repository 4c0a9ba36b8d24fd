using System.Collections.Immutable;

namespace OrleansCluster.Numerics.Alignment;

/// <summary>The stable ids of a version's clusters and of all that died before them. An id, once given, means one cluster for ever.</summary>
public sealed record StableLabels
{
    /// <summary>Ids of a version.</summary>
    /// <param name="ids">The stable id of each cluster, ≥ 0, all different.</param>
    /// <param name="retired">Ids of clusters that died, in ascending order, none of them in <paramref name="ids"/>.</param>
    /// <param name="nextId">The id that the next cluster born will get: above all others.</param>
    /// <exception cref="ArgumentException">An id occurs twice, is negative, or is not below <paramref name="nextId"/>.</exception>
    public StableLabels(ImmutableArray<int> ids, ImmutableArray<int> retired, int nextId)
    {
        HashSet<int> seen = [];
        foreach (int id in ids.Concat(retired))
        {
            if (id < 0 || id >= nextId)
                throw new ArgumentException($"The stable id {id} is not in 0 … {nextId - 1}, below the next free id {nextId}.");
            if (!seen.Add(id))
                throw new ArgumentException(
                    retired.Contains(id) && ids.Contains(id) ? $"The stable id {id} is retired and in use." : $"The stable id {id} occurs twice.");
        }

        (Ids, Retired, NextId) = (ids, retired, nextId);
    }

    /// <summary>The stable id of each cluster, by its index.</summary>
    public ImmutableArray<int> Ids { get; }

    /// <summary>Ids that died, ascending.</summary>
    public ImmutableArray<int> Retired { get; }

    /// <summary>The next free id.</summary>
    public int NextId { get; }

    /// <summary>The ids of a first version: cluster c has the id c.</summary>
    public static StableLabels First(int clusters) => new([.. Enumerable.Range(0, clusters)], [], clusters);
}
