using System.Runtime.InteropServices;
using OrleansCluster.Compute;
using OrleansCluster.Datasets;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Training;

/// <summary>Whether rows have as many distinct values as a training needs, asked before a job exists that could only fail.</summary>
internal static class DistinctRows
{
    /// <summary>As a rule the first rows of the first shard suffice. Where even so many have too few, the training itself will see.</summary>
    private const int MostShards = 16;

    /// <summary>Counts distinct rows of positive weight until there are enough.</summary>
    /// <param name="needed">Enough, at least 1.</param>
    /// <param name="hash">Content hash of the manifest.</param>
    /// <param name="manifest">The rows.</param>
    /// <param name="services">What reads shards.</param>
    /// <param name="cancellation">Ends the count.</param>
    /// <returns>How many there are when there are fewer; null: there are enough, or too many rows to look at all of them.</returns>
    public static async Task<int?> Lacking(int needed, string hash, DatasetManifest manifest, TrainingServices services, CancellationToken cancellation)
    {
        if (manifest.Shards.Length > MostShards)
            return null;
        var known = new HashSet<byte[]>(RowComparer.Instance);
        for (int shard = 0; shard < manifest.Shards.Length && known.Count < needed; shard++)
        {
            using ShardLease lease = await services.Shards.Open(hash, shard, cancellation);
            RowBlock rows = lease.Rows;
            await services.Compute.Run(ComputePriority.Training, _ => Add(rows, known, needed), cancellation);
        }

        return known.Count < needed ? known.Count : null;
    }

    private static bool Add(RowBlock rows, HashSet<byte[]> known, int needed)
    {
        var values = new double[rows.Columns];
        for (int i = 0; i < rows.Rows && known.Count < needed; i++)
        {
            if (!rows.Weights.IsEmpty && rows.Weights.Span[i] == 0)
                continue;
            rows.CopyRow(i, values);
            // −0 and 0 are one value.
            for (int j = 0; j < values.Length; j++)
                values[j] += 0.0;
            known.Add(MemoryMarshal.AsBytes<double>(values).ToArray());
        }

        return true;
    }

    private sealed class RowComparer : IEqualityComparer<byte[]>
    {
        public static RowComparer Instance { get; } = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] row)
        {
            var hash = default(HashCode);
            hash.AddBytes(row);
            return hash.ToHashCode();
        }
    }
}
