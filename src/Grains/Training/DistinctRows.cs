using System.Globalization;
using System.Runtime.InteropServices;
using OrleansCluster.Compute;
using OrleansCluster.Datasets;
using OrleansCluster.Numerics.Exact;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Training;

/// <summary>Whether rows have as many distinct values as a training needs, asked before a job exists that could only fail.</summary>
internal static class DistinctRows
{
    /// <summary>As a rule the first rows of the first shard suffice. Where even so many have too few, the training itself will see.</summary>
    private const int MostShards = 16;

    /// <summary>Counts distinct rows of weights that count until there are enough.</summary>
    /// <param name="needed">Enough, at least 1.</param>
    /// <param name="hash">Content hash of the manifest.</param>
    /// <param name="manifest">The rows.</param>
    /// <param name="services">What reads shards.</param>
    /// <param name="cancellation">Ends the count.</param>
    /// <returns>How many there are when there are fewer; null: there are enough, or too many rows to look at all of them.</returns>
    public static async Task<Shortage?> Lacking(int needed, string hash, DatasetManifest manifest, TrainingServices services, CancellationToken cancellation)
    {
        if (manifest.Shards.Length > MostShards)
            return null;
        // What sums in units of the greatest weight leave of a weight beside the greatest.
        ColumnFrame? sums = manifest.Schema.WeightColumn is null ? null : ColumnFrame.FromRanges([], [], manifest.WeightMaximum, manifest.Shards.Max(entry => entry.WeightTotal));
        var known = new HashSet<byte[]>(RowComparer.Instance);
        (long light, long heaviest) = (0, -1);
        for (int shard = 0; shard < manifest.Shards.Length && known.Count < needed; shard++)
        {
            using ShardLease lease = await services.Shards.Open(hash, shard, cancellation);
            RowBlock rows = lease.Rows;
            light += await services.Compute.Run(ComputePriority.Training, _ => Add(rows, sums, known, needed), cancellation);
            if (heaviest < 0 && rows.Weights.Span.IndexOf(manifest.WeightMaximum) is >= 0 and var row)
                heaviest = rows.FirstRow + row;
        }

        if (known.Count >= needed)
            return null;
        return new Shortage(known.Count, light == 0 ? "" : string.Create(CultureInfo.InvariantCulture,
            $"{light} {(light == 1 ? "row weighs" : "rows weigh")} too little to count beside the greatest weight in column '{manifest.Schema.WeightColumn}', {manifest.WeightMaximum:R} of row {heaviest}, and "));
    }

    /// <returns>How many rows have a weight above 0 and do not count.</returns>
    private static long Add(RowBlock rows, ColumnFrame? sums, HashSet<byte[]> known, int needed)
    {
        long light = 0;
        var values = new double[rows.Columns];
        for (int i = 0; i < rows.Rows && known.Count < needed; i++)
        {
            if (!rows.Weights.IsEmpty && sums?.QuantizeWeight(rows.Weights.Span[i]) == 0)
            {
                light += rows.Weights.Span[i] > 0 ? 1 : 0;
                continue;
            }

            rows.CopyRow(i, values);
            // −0 and 0 are one value.
            for (int j = 0; j < values.Length; j++)
                values[j] += 0.0;
            known.Add(MemoryMarshal.AsBytes<double>(values).ToArray());
        }

        return light;
    }

    /// <summary>Fewer distinct rows than are needed.</summary>
    /// <param name="Found">How many there are.</param>
    /// <param name="Light">What to say before of rows that weigh too little; or nothing.</param>
    internal sealed record Shortage(int Found, string Light);

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
