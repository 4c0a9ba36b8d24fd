using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Orleans.Serialization;
using OrleansCluster.Compute;
using OrleansCluster.Contracts;
using OrleansCluster.Datasets;
using OrleansCluster.Families;
using OrleansCluster.Json;
using OrleansCluster.Models.Gates;
using OrleansCluster.Models.Routing;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Serving;
using OrleansCluster.Tenancy;
using OrleansCluster.Training;

namespace OrleansCluster.Models;

/// <inheritdoc cref="IModelGrain"/>
public sealed partial class ModelGrain(
    [PersistentState("model", StorageNames.Grains)] IPersistentState<ModelState> state, Serializer<ModelState> states, IBlobStore blobs,
        FamilyRegistry families, ICompute compute,
    IModelNews news, TimeProvider time, ILogger<ModelGrain> log)
    : Grain, IModelGrain, IModelRoutes, IModelGates, IModelTransfer
{
    /// <summary>As last written: questions interleave with changes, and must not see what may yet fail to be written.</summary>
    private ModelState _model = new();

    private string Tenant => GrainKeys.Parse(this.GetPrimaryKeyString()).Tenant;

    private string Name => GrainKeys.Parse(this.GetPrimaryKeyString()).Name;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _model = state.State;
        return Task.CompletedTask;
    }

    public async Task<ModelVersion?> Get(int version, CancellationToken cancellation = default) =>
        Find(version) is { } found ? await Describe(found, cancellation) : null;

    public async Task<ModelVersion?> FindByJob(string job, CancellationToken cancellation = default)
    {
        ModelState model = _model;
        for (int version = model.Versions.Length; version > 0; version--)
        {
            if (model.Versions[version - 1] is { Deleted: null } entry && entry.Job == job)
                return await Describe(version, cancellation);
        }

        return null;
    }

    public Task<ModelInfo?> Info(CancellationToken cancellation = default) => Task.FromResult(Newest() == 0 ? null : Inform());

    public Task<ResolvedVersion?> Resolve(int version, CancellationToken cancellation = default)
    {
        if (Find(version) is not { } found)
            return Task.FromResult<ResolvedVersion?>(null);
        return Task.FromResult<ResolvedVersion?>(Resolved(found));
    }

    public Task<ResolvedVersion?> ResolveAlias(string alias, CancellationToken cancellation = default)
    {
        if (alias == ModelReference.Newest)
            return Newest() is > 0 and var newest ? Resolve(newest, cancellation) : Task.FromResult<ResolvedVersion?>(null);
        return AliasOf(alias) is { } found ? Resolve(found.Version, cancellation) : Task.FromResult<ResolvedVersion?>(null);
    }

    public async Task<ModelParameters?> Parameters(int version, CancellationToken cancellation = default)
    {
        if (Find(version) is not { } found)
            return null;
        PackageDocument package = await ReadPackage(found, cancellation);
        IModel model = await blobs.ReadModel(families, compute, package.Parameters.Hash);
        ModelParameters told = model.Describe([.. package.Schema.Columns.Select(column => column.Name)]) with { Labels = [.. package.Labels] };
        return PreparationEncoding.Read(package.Preparation) is { } preparation ? Original(told, preparation) : told;
    }

    /// <summary>The parameters with their centres in original units.</summary>
    private static ModelParameters Original(ModelParameters told, FittedPreparation preparation)
    {
        double[] centres = MemoryMarshal.Cast<byte, double>(told.Centroids.Span).ToArray();
        ToldRow[] rows = [.. centres.Chunk(told.Columns.Length).Select(centre => preparation.Undo(centre))];
        return told with
        {
            OriginalColumns = [.. rows[0].Names],
            Originals = MemoryMarshal.AsBytes<double>(rows.SelectMany(row => row.Values).ToArray()).ToArray(),
        };
    }

    /// <summary>The version meant; null when there is none.</summary>
    private int? Find(int version)
    {
        int found = version == 0 ? Default() : version;
        return IsThere(found) ? found : null;
    }

    /// <summary>Whether there is such a version: it was published, and not deleted.</summary>
    private bool IsThere(int version) => version >= 1 && version <= _model.Versions.Length && _model.Versions[version - 1].Deleted is null;

    /// <summary>The newest version; 0: there is none, and no model.</summary>
    private int Newest()
    {
        int version = _model.Versions.Length;
        while (version > 0 && _model.Versions[version - 1].Deleted is not null)
            version--;
        return version;
    }

    /// <summary>The version that the bare name means.</summary>
    private int Default() => AliasOf(ModelReference.Champion)?.Version ?? Newest();

    private ModelAlias? AliasOf(string alias) => _model.Aliases.FirstOrDefault(other => other.Name == alias);

    /// <summary>A version that has its blobs.</summary>
    /// <exception cref="ClusteringException">It was pruned.</exception>
    private ModelVersionEntry Kept(int version)
    {
        ModelVersionEntry entry = _model.Versions[version - 1];
        return entry.Pruned is null
            ? entry
            : throw new ClusteringException(
                $"Version {version} of the model '{Name}' was pruned on {entry.Pruned:yyyy-MM-dd}: its training is still listed, its parameters are gone. "
                    + "Train them again from the dataset and options that the version names.");
    }

    private ModelInfo Inform()
    {
        ModelState model = _model;
        return new ModelInfo
        {
            Name = Name,
            Revision = model.Revision,
            Newest = Newest(),
            Default = Default(),
            Description = model.Description,
            Tags = model.Tags,
            Aliases = model.Aliases,
            Clusters = model.Clusters,
            NextCluster = model.NextCluster,
        };
    }

    private async Task<ModelVersion> Describe(int version, CancellationToken cancellation)
    {
        ModelVersionEntry entry = _model.Versions[version - 1];
        return new ModelVersion
        {
            Tenant = Tenant,
            Name = Name,
            Version = version,
            Training = await ReadReport(entry, cancellation),
            Parameters = entry.Parameters,
            Created = entry.Created,
            Parent = entry.Parent,
            By = entry.By,
            Tags = entry.Tags,
            Description = entry.Description,
            Pruned = entry.Pruned,
            Package = entry.Package,
        };
    }

    private async Task<TrainingReport> ReadReport(ModelVersionEntry entry, CancellationToken cancellation) =>
        ReportEncoding.Decode(families, await blobs.Get(entry.Report, cancellation));
}
