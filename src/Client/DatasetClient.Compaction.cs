using System.Collections.Immutable;
using OrleansCluster.Datasets;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Client;

/// <content>What appending leaves behind.</content>
internal sealed partial class DatasetClient
{
    public async Task<DatasetCompaction> CompactAsync(string name, bool dryRun = false, CancellationToken cancellation = default)
    {
        ImmutableArray<DatasetVersionEntry> entries = await HistoryAsync(name, cancellation).ConfigureAwait(false);
        int[] here = [.. Enumerable.Range(1, entries.Length).Where(version => entries[version - 1].IsHere())];
        if (here.Length == 0)
            throw new ClusteringException($"There is no dataset '{name}'.");
        var shards = new Dictionary<int, List<ShardOrigin>>();
        foreach (int version in here)
            shards.Add(version, await OriginsAsync(name, version, cancellation).ToListAsync(cancellation).ConfigureAwait(false));
        var heads = ImmutableArray.CreateBuilder<DatasetHead>();
        IRowsGrain reading = grains.GetGrain<IRowsGrain>(GrainKeys.For(tenant, newId()));
        try
        {
            foreach (int version in here[..^1])
            {
                DatasetHead head = await Calls.Ask(() => reading.Head(name, version, cancellation), cancellation).ConfigureAwait(false);
                if (head.Within > 0)
                    heads.Add(head);
            }
        }
        finally
        {
            await CloseAsync(reading).ConfigureAwait(false);
        }

        // Last, as what is begun meanwhile may need them.
        ImmutableArray<DatasetUse> uses = await UsesAsync(name, 0, cancellation).ConfigureAwait(false);
        ImmutableArray<DatasetUse> kept = [.. uses.Where(use => heads.Any(head => head.Version == use.DatasetVersion))];
        ImmutableArray<DatasetHead> going = [.. heads.Where(head => kept.All(use => use.DatasetVersion != head.Version))];
        if (!dryRun && !going.IsEmpty)
            await Calls.Ask(() => Dataset(name).Compact(going, cancellation), cancellation).ConfigureAwait(false);
        return new DatasetCompaction(
            going, kept, Stored(here), Stored([.. here.Where(version => going.All(head => head.Version != version))]), IsDone: !dryRun);

        StoredVersions Stored(int[] versions)
        {
            ShardOrigin[] all = [.. versions.SelectMany(version => shards[version]).DistinctBy(shard => shard.Hash)];
            return new StoredVersions(versions.Length, all.Length, all.Sum(shard => shard.Bytes));
        }
    }
}
