using System.Globalization;
using OrleansCluster.Compute;
using OrleansCluster.Datasets;
using OrleansCluster.Numerics.Exact;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Statistics;

namespace OrleansCluster.Training;

/// <summary>Fewer distinct rows than a training needs, found before a job exists that could only fail.</summary>
/// <param name="Found">How many there are.</param>
/// <param name="Light">What to say before of rows that weigh too little; or nothing.</param>
internal sealed record Shortage(int Found, string Light)
{
    /// <summary>As a rule the first rows of the first shard suffice. Where even so many have too few, the training itself will see.</summary>
    private const int MostShards = 16;

    /// <summary>Counts distinct rows of weights that count until there are enough.</summary>
    /// <param name="needed">Enough, at least 1.</param>
    /// <param name="hash">Content hash of the manifest.</param>
    /// <param name="manifest">The rows.</param>
    /// <param name="services">What reads shards.</param>
    /// <param name="cancellation">Ends the count.</param>
    /// <returns>null: there are enough, or too many rows to look at all of them.</returns>
    public static async Task<Shortage?> Find(int needed, string hash, DatasetManifest manifest, TrainingServices services, CancellationToken cancellation)
    {
        if (manifest.Shards.Length > MostShards)
            return null;
        ColumnFrame? sums = manifest.Schema.WeightColumn is null ? null
            : ColumnFrame.FromRanges([], [], manifest.WeightMaximum, manifest.Shards.Max(entry => entry.WeightTotal));
        var distinct = new DistinctRows(needed, sums);
        long heaviest = -1;
        for (int shard = 0; shard < manifest.Shards.Length && !distinct.Suffice; shard++)
        {
            using ShardLease lease = await services.Shards.Open(hash, shard, cancellation);
            // Sparse rows are made dense a few at a time.
            int together = lease.Sparse is null ? lease.Count : Math.Max(1, (1 << 20) / lease.Columns);
            for (int first = 0; first < lease.Count && !distinct.Suffice; first += together)
            {
                RowBlock some = lease.Dense(first, Math.Min(together, lease.Count - first));
                await services.Compute.Run(ComputePriority.Training, _ => distinct.Add(some), cancellation);
            }

            if (heaviest < 0 && lease.Weights.Span.IndexOf(manifest.WeightMaximum) is >= 0 and var row)
                heaviest = DatasetManifest.FirstRow(shard) + row;
        }

        if (distinct.Suffice)
            return null;
        long light = distinct.Light;
        return new Shortage(distinct.Count, light == 0 ? "" : string.Create(CultureInfo.InvariantCulture,
            $"{light} {(light == 1 ? "row weighs" : "rows weigh")} too little to count beside the greatest weight in column "
                + $"'{manifest.Schema.WeightColumn}', {manifest.WeightMaximum:R} of row {heaviest}, and "));
    }
}
