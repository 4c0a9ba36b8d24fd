using System.Collections.Immutable;
using System.Runtime.InteropServices;
using OrleansCluster.Compute;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Datasets;

/// <inheritdoc cref="IRowsGrain"/>
public sealed class RowsGrain(ShardCache shards, ManifestCache manifests, IBlobStore blobs, ICompute compute) : Grain, IRowsGrain
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private DatasetVersion? _dataset;
    private ShardLease? _shard;
    private int _number = -1;

    public async Task<DatasetRows> Read(RowsQuery query, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        DatasetVersion dataset = await Find(query, cancellation);
        if (query.Shard < 0 || query.Shard >= dataset.Shards || query.FirstRow < 0
            || query.Columns.Any(column => column < 0 || column >= dataset.Columns.Length))
            throw new ClusteringException($"The dataset '{query.Dataset}' version {query.Version} has {dataset.Shards} shards and {dataset.Columns.Length} "
                + "columns: other ones were asked for.");
        DelayDeactivation(Patience);
        if (_number != query.Shard)
        {
            Release();
            (_shard, _number) = (await shards.Open(dataset.Manifest, query.Shard, cancellation), query.Shard);
        }

        ShardLease shard = _shard!;
        if (query.Sparse)
            return await compute.Run(ComputePriority.Serving, _ => Copy(shard, query.FirstRow, dataset.Name), cancellation);
        // Sparse rows are made dense on the way: as many as a message holds in all columns.
        int rowBytes = Math.Max(1, (shard.Sparse is null ? query.Columns.Length : shard.Columns) * (int)shard.Precision);
        int count = Math.Min(Math.Clamp(WireLimits.PieceBytes / rowBytes, 1, WireLimits.PieceBytes / sizeof(double)), shard.Count - query.FirstRow);
        return count <= 0
            ? new DatasetRows { Rows = 0, Values = default }
            : await compute.Run(ComputePriority.Serving, _ => Copy(shard, query.FirstRow, count, query.Columns), cancellation);
    }

    public async Task<string> Verify(string dataset, int version, int shard, CancellationToken cancellation = default)
    {
        DatasetVersion found = await Find(new RowsQuery { Dataset = dataset, Version = version, Shard = shard, FirstRow = 0, Columns = [] }, cancellation);
        DelayDeactivation(Patience);
        try
        {
            // As it is stored now, not as it is remembered.
            DatasetManifest manifest = DatasetManifest.Decode(await blobs.Get(found.Manifest, cancellation));
            if (shard < 0 || shard >= manifest.Shards.Length)
                throw new ClusteringException($"The dataset '{dataset}' version {version} has {manifest.Shards.Length} shards: there is no shard {shard}.");
            string path = await blobs.StoredPathAsync(manifest.Shards[shard].Hash, cancellation);
            return await compute.Run(ComputePriority.Training, _ => ShardCheck.Find(path, manifest, shard), CancellationToken.None) ?? "";
        }
        catch (Exception e) when (e is IOException or DataFormatException)
        {
            return e.Message;
        }
    }

    public async Task<DatasetHead> Head(string dataset, int version, CancellationToken cancellation = default)
    {
        (string tenant, _) = GrainKeys.Parse(this.GetPrimaryKeyString());
        ImmutableArray<DatasetVersionEntry> entries = await GrainFactory.GetGrain<IDatasetGrain>(
            GrainKeys.For(tenant, GrainKeys.CheckName("dataset", dataset))).Entries(cancellation);
        if (version < 1 || version > entries.Length || !entries[version - 1].IsHere())
            throw new ClusteringException($"There is no version {version} of the dataset '{dataset}'.");
        DelayDeactivation(Patience);
        DatasetManifest first = await manifests.Get(entries[version - 1].Manifest, cancellation);
        for (int later = version + 1; later <= entries.Length; later++)
        {
            if (entries[later - 1].IsHere() && await IsHead(first, await manifests.Get(entries[later - 1].Manifest, cancellation), cancellation))
                return new DatasetHead { Version = version, Within = later, Rows = first.Rows };
        }

        return new DatasetHead { Version = version, Within = 0, Rows = first.Rows };
    }

    public Task Close(CancellationToken cancellation = default)
    {
        Release();
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Release();
        return Task.CompletedTask;
    }

    private async Task<bool> IsHead(DatasetManifest first, DatasetManifest whole, CancellationToken cancellation)
    {
        if (!VersionHead.MayBe(first, whole))
            return false;
        int last = first.Shards.Length - 1;
        string tail = first.Shards[last].Hash, other = whole.Shards[last].Hash;
        if (tail == other)
            return true;
        try
        {
            string path = await blobs.LocalPathAsync(tail, cancellation), otherPath = await blobs.LocalPathAsync(other, cancellation);
            return await compute.Run(ComputePriority.Training, _ => VersionHead.IsHead(path, otherPath), CancellationToken.None);
        }
        catch (Exception e) when (e is IOException or DataFormatException)
        {
            throw Failures.Translate(e);
        }
    }

    /// <summary>Ids are of any length: of as many rows as they leave room for; empty: rows have none.</summary>
    private static ImmutableArray<string> Ids(ShardLease shard, int first, int count)
    {
        if (!shard.HasIds)
            return [];
        ImmutableArray<string>.Builder found = ImmutableArray.CreateBuilder<string>(count);
        for (int bytes = 0; found.Count < count && bytes < WireLimits.PieceBytes; bytes += sizeof(char) * found[^1].Length)
            found.Add(shard.Id(first + found.Count));
        return found.ToImmutable();
    }

    /// <summary>Rows without their zeros, as many as a message holds, but at least one.</summary>
    private static DatasetRows Copy(ShardLease shard, int first, string dataset)
    {
        if (shard.Sparse is not { } all)
            throw new ClusteringException($"The rows of '{dataset}' are stored with their zeros: ask for them so.");
        ReadOnlySpan<uint> offsets = all.Offsets.Span;
        int entry = SparseBlock.EntryBytesOf(all.Precision), count = 0;
        for (long bytes = 0; first + count < shard.Count; count++)
        {
            bytes += sizeof(uint) + ((offsets[first + count + 1] - offsets[first + count]) * (long)entry);
            if (count > 0 && bytes > WireLimits.PieceBytes)
                break;
        }

        if (count == 0)
            return new DatasetRows { Rows = 0, Values = default };
        ImmutableArray<string> ids = Ids(shard, first, count);
        SparseBlock rows = all.Slice(first, shard.HasIds ? ids.Length : count);
        return new DatasetRows
        {
            Rows = rows.Rows,
            Values = SparseRowBytes.Of(rows),
            Sparse = true,
            Weights = rows.Weights.IsEmpty ? default : MemoryMarshal.AsBytes(rows.Weights.Span).ToArray(),
            Ids = ids,
        };
    }

    private static DatasetRows Copy(ShardLease shard, int first, int count, ImmutableArray<int> columns)
    {
        ImmutableArray<string> ids = Ids(shard, first, count);
        RowBlock rows = shard.Dense(first, shard.HasIds ? ids.Length : count);

        return new DatasetRows
        {
            Rows = rows.Rows,
            Values = RowBytes.OfColumns(rows, columns.AsSpan()),
            Weights = rows.Weights.IsEmpty ? default : MemoryMarshal.AsBytes(rows.Weights.Span).ToArray(),
            Ids = ids,
        };
    }

    private async Task<DatasetVersion> Find(RowsQuery query, CancellationToken cancellation)
    {
        if (_dataset is { } known && known.Name == query.Dataset && known.Version == query.Version)
            return known;
        Release();
        (string tenant, _) = GrainKeys.Parse(this.GetPrimaryKeyString());
        return _dataset = await GrainFactory.GetGrain<IDatasetGrain>(GrainKeys.For(tenant, GrainKeys.CheckName("dataset", query.Dataset)))
            .Get(query.Version, cancellation)
            ?? throw new ClusteringException($"There is no version {query.Version} of the dataset '{query.Dataset}'.");
    }

    private void Release()
    {
        _shard?.Dispose();
        (_shard, _number) = (null, -1);
    }
}
