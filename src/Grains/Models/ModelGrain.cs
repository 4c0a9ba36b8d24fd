using System.Collections.Immutable;
using OrleansCluster.Compute;
using OrleansCluster.Datasets;
using OrleansCluster.Monitoring;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Models;

/// <inheritdoc cref="IModelGrain"/>
public sealed class ModelGrain([PersistentState("model", StorageNames.Grains)] IPersistentState<ModelState> state, IBlobStore blobs, ICompute compute, TimeProvider time)
    : Grain, IModelGrain
{
    public async Task<ModelVersion> Publish(ModelPublication publication, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(publication);
        string job = publication.Report.Job;
        if (await FindByJob(job, cancellation) is { } published)
            return published;
        (string tenant, string name) = GrainKeys.Parse(this.GetPrimaryKeyString());
        ImmutableArray<ModelVersionEntry> versions = state.State.Versions;
        int version = versions.Length + 1;
        try
        {
            // What is published must be readable, and hold what its report says, before it is named.
            StoredModel parameters = await blobs.ReadModel(compute, publication.Parameters);
            if (parameters.Digest != publication.Report.Digest)
                throw new ClusteringException($"The parameters of job '{job}' do not have the digest that its report names: nothing was published.");
            string report = await blobs.PutAsync(ReportEncoding.Encode(publication.Report with { Version = version }), cancellation);
            await GrainFactory.GetGrain<ICatalogGrain>(GrainKeys.For(tenant, CatalogKinds.Models)).Add(name, cancellation);
            var entry = new ModelVersionEntry { Job = job, Parameters = publication.Parameters, Report = report, Created = time.GetUtcNow() };
            await this.Write(state, new ModelState { Versions = versions.Add(entry) });
        }
        catch (IOException e)
        {
            throw Failures.Translate(e);
        }

        ClusterTelemetry.Published(tenant, name, version);
        return await Describe(version, cancellation);
    }

    public async Task<ModelVersion?> Get(int version, CancellationToken cancellation = default) =>
        Find(version) is { } found ? await Describe(found, cancellation) : null;

    public async Task<ModelVersion?> FindByJob(string job, CancellationToken cancellation = default)
    {
        for (int version = state.State.Versions.Length; version > 0; version--)
        {
            if (state.State.Versions[version - 1].Job == job)
                return await Describe(version, cancellation);
        }

        return null;
    }

    public async Task<ImmutableArray<ModelVersion>> Versions(CancellationToken cancellation = default)
    {
        var versions = ImmutableArray.CreateBuilder<ModelVersion>();
        for (int version = 1; version <= state.State.Versions.Length; version++)
        {
            ModelVersion described = await Describe(version, cancellation);
            versions.Add(described with { Training = described.Training with { Iterations = [] } });
        }

        return versions.ToImmutable();
    }

    public Task<ResolvedVersion?> Resolve(int version, CancellationToken cancellation = default) =>
        Task.FromResult(Find(version) is { } found
            ? new ResolvedVersion { Version = found, Parameters = state.State.Versions[found - 1].Parameters }
            : null);

    public async Task<ModelParameters?> Parameters(int version, CancellationToken cancellation = default)
    {
        if (Find(version) is not { } found)
            return null;
        ModelVersion described = await Describe(found, cancellation);
        StoredModel model = await blobs.ReadModel(compute, described.Parameters);
        return model.Describe(described.Training.Columns);
    }

    private int? Find(int version)
    {
        int newest = state.State.Versions.Length;
        int found = version == 0 ? newest : version;
        return found < 1 || found > newest ? null : found;
    }

    private async Task<ModelVersion> Describe(int version, CancellationToken cancellation)
    {
        (string tenant, string name) = GrainKeys.Parse(this.GetPrimaryKeyString());
        ModelVersionEntry entry = state.State.Versions[version - 1];
        try
        {
            return new ModelVersion
            {
                Tenant = tenant,
                Name = name,
                Version = version,
                Training = ReportEncoding.Decode(await blobs.ReadAsync(entry.Report, cancellation)),
                Parameters = entry.Parameters,
                Created = entry.Created,
            };
        }
        catch (IOException e)
        {
            throw Failures.Translate(e);
        }
    }
}

/// <summary>What a model grain remembers: names of blobs, not their content.</summary>
[GenerateSerializer, Immutable, Alias("oc.ModelState")]
public sealed record ModelState
{
    /// <summary>Version n is at index n − 1.</summary>
    [Id(0)] public ImmutableArray<ModelVersionEntry> Versions { get; init; } = [];
}

/// <summary>One version as remembered.</summary>
[GenerateSerializer, Immutable, Alias("oc.ModelVersionEntry")]
public sealed record ModelVersionEntry
{
    /// <summary>The job that published it.</summary>
    [Id(0)] public string Job { get; init; } = "";

    /// <summary>Content hash of the parameters' blob.</summary>
    [Id(1)] public string Parameters { get; init; } = "";

    /// <summary>Content hash of the report's blob.</summary>
    [Id(2)] public string Report { get; init; } = "";

    [Id(3)] public DateTimeOffset Created { get; init; }
}
