using System.Collections.Immutable;
using Orleans.Serialization;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Datasets;

/// <inheritdoc cref="IDatasetGrain"/>
public sealed partial class DatasetGrain(
    [PersistentState("dataset", StorageNames.Grains)] IPersistentState<DatasetState> state, Serializer<DatasetState> states,
    ManifestCache manifests, IBlobStore blobs, TimeProvider time)
    : Grain, IDatasetGrain
{
    private ImmutableArray<DatasetVersionEntry> Versions => state.State.Versions;

    private string Tenant => GrainKeys.Parse(this.GetPrimaryKeyString()).Tenant;

    private string Name => GrainKeys.Parse(this.GetPrimaryKeyString()).Name;

    public async Task<DatasetVersion> Commit(DatasetCommit commit, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(commit);
        // What is committed must be readable before it is named.
        await Keep(commit.Manifest, cancellation);
        if (Newest() is not (> 0 and var newest) || Versions[newest - 1].Manifest != commit.Manifest
            || (!commit.Expectations.IsEmpty && !commit.Expectations.SequenceEqual(Versions[newest - 1].Expectations)))
        {
            await Catalog().Add(Name, cancellation);
            var entry = new DatasetVersionEntry
            {
                Manifest = commit.Manifest,
                Source = commit.Source,
                Created = time.GetUtcNow(),
                By = commit.By,
                Expectations = commit.Expectations,
            };
            await this.Write(state, new DatasetState { Versions = Versions.Add(entry) });
        }

        return await Describe(Newest(), cancellation);
    }

    public async Task<DatasetVersion> CommitAfter(DatasetCommit commit, string after, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(commit);
        int newest = Newest();
        if (newest == 0)
            throw new ClusteringException($"The dataset '{Name}' was deleted while rows were appended to it: nothing was published.");
        if (Versions[newest - 1].Manifest is var manifest && manifest != after && manifest != commit.Manifest)
        {
            throw new ClusteringException(Versions.Any(version => version.IsHere() && version.Manifest == after)
                ? $"The dataset '{Name}' got version {newest} while rows were appended to the one before. Append them again."
                : $"The version of the dataset '{Name}' that rows were appended to was deleted meanwhile. Append them to version {newest}.");
        }

        return await Commit(commit, cancellation);
    }

    public async Task<DatasetVersion?> Get(int version, CancellationToken cancellation = default)
    {
        int found = version == 0 ? Newest() : version;
        // What is gone from here by another name is still what is meant.
        if (version == 0 && found == 0)
            found = Versions.Length;
        if (found < 1 || found > Versions.Length)
            return null;
        DatasetVersionEntry entry = Versions[found - 1];
        return entry.Moved.Length > 0 ? await Other(entry.Moved).Get(version, cancellation)
            : entry.Deleted is null ? await Describe(found, cancellation) : null;
    }

    /// <summary>Makes sure that a manifest and its shards stay until they are named.</summary>
    private async Task Keep(string manifest, CancellationToken cancellation)
    {
        DatasetManifest content = await manifests.Get(manifest, cancellation);
        await blobs.Keep(content.Shards.Select(shard => shard.Hash).Append(manifest), cancellation);
    }

    /// <summary>The newest version that is here; 0: none is.</summary>
    private int Newest()
    {
        int version = Versions.Length;
        while (version > 0 && !Versions[version - 1].IsHere())
            version--;
        return version;
    }

    private ICatalogGrain Catalog() => GrainFactory.GetGrain<ICatalogGrain>(GrainKeys.For(Tenant, CatalogKinds.Datasets));

    private IDatasetGrain Other(string name) => GrainFactory.GetGrain<IDatasetGrain>(GrainKeys.For(Tenant, name));

    private async Task<DatasetVersion> Describe(int version, CancellationToken cancellation)
    {
        DatasetVersionEntry entry = Versions[version - 1];
        DatasetManifest manifest = await manifests.Get(entry.Manifest, cancellation);
        return new DatasetVersion
        {
            Tenant = Tenant,
            Name = Name,
            Version = version,
            Rows = manifest.Rows,
            Columns = [.. manifest.RowColumns.Select((column, j) => new ColumnInfo
            {
                Name = column.Name,
                Type = manifest.Schema.Types.IsEmpty ? "" : RowColumn.NameOf(column.Type),
                Missing = manifest.Columns[j].Missing,
                Categories = column.Categories,
                Minimum = manifest.Columns[j].Minimum,
                Maximum = manifest.Columns[j].Maximum,
                Mean = manifest.Columns[j].Sum / Math.Max(1, manifest.Rows - manifest.Columns[j].Missing),
            })],
            Precision = Precisions.Name(manifest.Schema.Precision),
            IdColumn = manifest.Schema.IdColumn,
            WeightColumn = manifest.Schema.WeightColumn,
            Manifest = entry.Manifest,
            Shards = manifest.Shards.Length,
            Created = entry.Created,
            Source = entry.Source,
            Bytes = manifest.Bytes,
            By = entry.By,
            Expectations = entry.Expectations,
            Layout = manifest.Schema.IsSparse ? DatasetLayouts.Sparse : "",
        };
    }
}

/// <summary>What a dataset grain remembers: the manifests' names, not their content.</summary>
[GenerateSerializer, Immutable, Alias("oc.DatasetState")]
public sealed record DatasetState
{
    /// <summary>Version n is at index n − 1.</summary>
    [Id(0)] public ImmutableArray<DatasetVersionEntry> Versions { get; init; } = [];
}
