using System.Collections.Immutable;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Datasets;

/// <inheritdoc cref="IDatasetGrain"/>
public sealed class DatasetGrain(
    [PersistentState("dataset", StorageNames.Grains)] IPersistentState<DatasetState> state, ManifestCache manifests, TimeProvider time)
    : Grain, IDatasetGrain
{
    public async Task<DatasetVersion> Commit(DatasetCommit commit, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(commit);
        // What is committed must be readable before it is named.
        await manifests.Get(commit.Manifest, cancellation);
        ImmutableArray<DatasetVersionEntry> versions = state.State.Versions;
        if (versions.Length == 0 || versions[^1].Manifest != commit.Manifest)
        {
            (string tenant, string name) = GrainKeys.Parse(this.GetPrimaryKeyString());
            await GrainFactory.GetGrain<ICatalogGrain>(GrainKeys.For(tenant, CatalogKinds.Datasets)).Add(name, cancellation);
            var entry = new DatasetVersionEntry { Manifest = commit.Manifest, Source = commit.Source, Created = time.GetUtcNow() };
            await this.Write(state, new DatasetState { Versions = versions.Add(entry) });
        }

        return await Describe(state.State.Versions.Length, cancellation);
    }

    public async Task<DatasetVersion> CommitAfter(DatasetCommit commit, string after, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(commit);
        if (state.State.Versions.LastOrDefault() is { } newest && newest.Manifest != after && newest.Manifest != commit.Manifest)
        {
            (_, string name) = GrainKeys.Parse(this.GetPrimaryKeyString());
            throw new ClusteringException($"The dataset '{name}' got version {state.State.Versions.Length} while rows were appended to the one before. "
                + "Append them again.");
        }

        return await Commit(commit, cancellation);
    }

    public async Task<DatasetVersion?> Get(int version, CancellationToken cancellation = default)
    {
        int newest = state.State.Versions.Length;
        if (version == 0)
            version = newest;
        return version < 1 || version > newest ? null : await Describe(version, cancellation);
    }

    private async Task<DatasetVersion> Describe(int version, CancellationToken cancellation)
    {
        (string tenant, string name) = GrainKeys.Parse(this.GetPrimaryKeyString());
        DatasetVersionEntry entry = state.State.Versions[version - 1];
        DatasetManifest manifest = await manifests.Get(entry.Manifest, cancellation);
        return new DatasetVersion
        {
            Tenant = tenant,
            Name = name,
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

/// <summary>One version as remembered.</summary>
[GenerateSerializer, Immutable, Alias("oc.DatasetVersionEntry")]
public sealed record DatasetVersionEntry
{
    /// <summary>Content hash of the manifest's blob.</summary>
    [Id(0)] public string Manifest { get; init; } = "";

    [Id(1)] public string Source { get; init; } = "";

    [Id(2)] public DateTimeOffset Created { get; init; }
}
