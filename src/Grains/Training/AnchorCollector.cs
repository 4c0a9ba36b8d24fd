using System.Runtime.InteropServices;
using OrleansCluster.Compute;
using OrleansCluster.Datasets;
using OrleansCluster.Models;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Training;

/// <summary>Takes the anchor rows of a model out of the dataset that its first version is trained on, through the partitions, which have it mapped.</summary>
internal static class AnchorCollector
{
    /// <returns>Content hash of the blob of anchor rows.</returns>
    public static async Task<string> Collect(
        IGrainFactory grains, JobShards job, DatasetManifest manifest, FittedPreparation? preparation, TrainingServices services) =>
        await services.Blobs.Put(await Sample(grains, job, manifest, preparation, services));

    /// <returns>The rows that would be anchors if this were the model's first version, as <see cref="AnchorRows"/> encodes them.</returns>
    public static async Task<byte[]> Sample(
        IGrainFactory grains, JobShards job, DatasetManifest manifest, FittedPreparation? preparation, TrainingServices services)
    {
        int rowBytes = manifest.Schema.RowBytes, rowsPerMessage = Math.Max(1, WireLimits.PieceBytes / rowBytes);
        using var values = new MemoryStream();
        using var weights = new MemoryStream();
        foreach (IGrouping<int, long> shard in AnchorRows.Positions(manifest.Rows, rowBytes).GroupBy(position => (int)(position / ShardFormat.RowsPerShard)))
        {
            IPartitionGrain partition = grains.GetGrain<IPartitionGrain>(GrainKeys.ForPartition(job.Tenant, job.Manifest, shard.Key, job.Job));
            foreach (long[] rows in shard.Chunk(rowsPerMessage))
            {
                ShardPlacement.HintPartition(job, shard.Key);
                ShardSample taken = await partition.Read([.. rows.Select(row => (int)(row - DatasetManifest.FirstRow(shard.Key)))]);
                values.Write(taken.Values.Span);
                weights.Write(taken.Weights.Span);
            }
        }

        if (preparation is not null)
        {
            RowBlock rows = RowBytes.AsBlock(values.ToArray(), manifest.Schema.Precision, manifest.Schema.Columns.Length);
            RowBlock prepared = await services.Compute.Run(
                ComputePriority.Training, services.AccountOf(job), parallel => preparation.Bind(manifest.RowColumns).Prepare(rows, parallel));
            return AnchorRows.Encode(Precision.Float64, prepared.Columns, MemoryMarshal.AsBytes(prepared.Float64.Span), weights.ToArray());
        }

        return AnchorRows.Encode(manifest.Schema.Precision, manifest.Schema.Columns.Length, values.ToArray(), weights.ToArray());
    }
}
