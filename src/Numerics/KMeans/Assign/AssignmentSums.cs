using OrleansCluster.Numerics.KMeans.Steps;

namespace OrleansCluster.Numerics.KMeans.Assign;

/// <summary>
/// What assigning a shard's rows to their nearest centres adds up to. All integers, so that sums are exact in any order; in one list, the statistic of an
/// iteration (<see cref="ClusterTotals"/>), so that they are sent as they are.
/// </summary>
public sealed class AssignmentSums
{
    /// <summary>All zero.</summary>
    /// <param name="k">Number of centres, at least 1.</param>
    /// <param name="columns">Number of columns, at least 1.</param>
    public AssignmentSums(int k, int columns)
    {
        (K, Columns) = (k, columns);
        Values = new long[ClusterTotals.LengthOf(k, columns)];
    }

    public int K { get; }

    public int Columns { get; }

    /// <summary>All of them: moved | distances | rows k | weights k | sums k × d.</summary>
    internal long[] Values { get; }

    /// <summary>Rows of each cluster, those of weight zero too.</summary>
    public Span<long> Counts => Values.AsSpan(ClusterTotals.Head, K);

    /// <summary>Weight of each cluster, in units of 2^e_w.</summary>
    public Span<long> Weights => Values.AsSpan(ClusterTotals.Head + K, K);

    /// <summary>k × d, row-major: Σ w(x − o), column j in units of 2^e_j.</summary>
    public Span<long> Sums => Values.AsSpan(ClusterTotals.Head + (2 * K));

    /// <summary>Rows whose label differs from that under the previous centres; all rows when there are none.</summary>
    public long Moved
    {
        get => Values[0];
        set => Values[0] = value;
    }

    /// <summary>Distances evaluated: a cost, which varies with what was cached.</summary>
    public long Distances
    {
        get => Values[1];
        set => Values[1] = value;
    }

    /// <summary>Adds another part of the same shard's rows.</summary>
    public void Add(AssignmentSums other)
    {
        if (other.K != K || other.Columns != Columns)
            throw new ArgumentException($"Sums of {other.K} clusters × {other.Columns} columns do not add to {K} × {Columns}.", nameof(other));
        for (int i = 0; i < Values.Length; i++)
            Values[i] += other.Values[i];
    }
}
