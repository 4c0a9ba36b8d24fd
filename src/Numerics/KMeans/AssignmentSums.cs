namespace OrleansCluster.Numerics.KMeans;

/// <summary>What assigning a shard's rows to their nearest centres adds up to. All integers, so that sums are exact in any order.</summary>
public sealed class AssignmentSums
{
    /// <summary>All zero.</summary>
    /// <param name="k">Number of centres, at least 1.</param>
    /// <param name="columns">Number of columns, at least 1.</param>
    public AssignmentSums(int k, int columns)
    {
        (K, Columns) = (k, columns);
        Counts = new long[k];
        Weights = new long[k];
        Sums = new long[checked(k * columns)];
    }

    public int K { get; }

    public int Columns { get; }

    /// <summary>Rows of each cluster, those of weight zero too.</summary>
    public long[] Counts { get; }

    /// <summary>Weight of each cluster, in units of 2^e_w.</summary>
    public long[] Weights { get; }

    /// <summary>k × d, row-major: Σ w(x − o), column j in units of 2^e_j.</summary>
    public long[] Sums { get; }

    /// <summary>Rows whose label differs from that under the previous centres; all rows when there are none.</summary>
    public long Moved { get; set; }

    /// <summary>Distances evaluated: a cost, which varies with what was cached.</summary>
    public long Distances { get; set; }

    /// <summary>Adds another part of the same shard's rows.</summary>
    public void Add(AssignmentSums other)
    {
        if (other.K != K || other.Columns != Columns)
            throw new ArgumentException($"Sums of {other.K} clusters × {other.Columns} columns do not add to {K} × {Columns}.", nameof(other));
        Add(Counts, other.Counts);
        Add(Weights, other.Weights);
        Add(Sums, other.Sums);
        Moved += other.Moved;
        Distances += other.Distances;
    }

    private static void Add(long[] target, long[] source)
    {
        for (int i = 0; i < target.Length; i++)
            target[i] += source[i];
    }
}
