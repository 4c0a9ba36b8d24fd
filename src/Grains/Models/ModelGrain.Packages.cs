using System.Collections.Immutable;
using OrleansCluster.Contracts;
using OrleansCluster.Datasets;
using OrleansCluster.Json;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Training;

namespace OrleansCluster.Models;

/// <content>Packages, and what the state remembers of versions so that listing and resolving them read no report.</content>
public sealed partial class ModelGrain
{
    /// <summary>What reports say of versions that were published before the state remembered it; written down with the next change.</summary>
    private readonly Dictionary<int, VersionFacts> _told = [];

    private ImmutableArray<string> _columns = [];

    public async Task<ModelOutline?> Summary(CancellationToken cancellation = default)
    {
        if (Newest() == 0)
            return null;
        ModelInfo info = Inform();
        ImmutableArray<ModelVersionEntry> entries = _model.Versions;
        var versions = ImmutableArray.CreateBuilder<VersionSummary>(entries.Length);
        for (int version = 1; version <= entries.Length; version++)
        {
            ModelVersionEntry entry = entries[version - 1];
            if (entry.Deleted is not null)
                continue;
            versions.Add(new VersionSummary
            {
                Name = Name,
                Version = version,
                Facts = await Facts(version, cancellation),
                Created = entry.Created,
                Parent = entry.Parent,
                By = entry.By,
                Tags = entry.Tags,
                Description = entry.Description,
                Pruned = entry.Pruned,
            });
        }

        return new ModelOutline { Name = Name, Info = info, Versions = versions.ToImmutable(), Columns = await Columns(cancellation) };
    }

    public async Task<ModelPackage?> Package(int version, CancellationToken cancellation = default)
    {
        if (Find(version) is not { } found)
            return null;
        PackageDocument package = await ReadPackage(found, cancellation);
        return new ModelPackage
        {
            Hash = _model.Versions[found - 1].Package,
            Manifest = PackageEncoding.Encode(package),
            Profile = package.Profile.Length > 0 ? await blobs.Get(package.Profile, cancellation) : default(ReadOnlyMemory<byte>),
        };
    }

    /// <summary>The package of a version; of one that was published before there were packages, what it would be.</summary>
    /// <exception cref="ClusteringException">It was pruned, or cannot be read.</exception>
    private async Task<PackageDocument> ReadPackage(int version, CancellationToken cancellation)
    {
        ModelVersionEntry entry = Kept(version);
        if (entry.Package.Length > 0)
            return PackageEncoding.Decode(await blobs.Get(entry.Package, cancellation));
        return Pack(entry, version, await ReadReport(entry, cancellation), [], [], "", null);
    }

    /// <summary>A version as one thing.</summary>
    private PackageDocument Pack(
        ModelVersionEntry entry, int version, TrainingReport report, ImmutableArray<double> minima, ImmutableArray<double> maxima, string profile,
        FittedPreparation? preparation) => new()
        {
            Tenant = Tenant,
            Model = Name,
            Version = version,
            Schema = new SchemaDocument
            {
                Columns = [.. report.Columns.Select((column, index) => new ColumnDocument
            {
                Name = column,
                Minimum = minima.IsEmpty ? null : minima[index],
                Maximum = maxima.IsEmpty ? null : maxima[index],
            })],
            },
            Preparation = preparation is null ? new PreparationDocument() : PreparationEncoding.Write(preparation, report.Preparation),
            Family = report.Options.Family,
            K = report.K,
            Parameters = new ParametersDocument { Hash = entry.Parameters, Digest = report.Digest },
            Labels = [.. report.Clusters.Select(cluster => cluster.Label)],
            Training = new LineageDocument
            {
                Job = report.Job,
                Report = entry.Report,
                Dataset = report.Dataset,
                DatasetVersion = report.DatasetVersion,
                Rows = report.Rows,
                Parent = entry.Parent,
                Code = report.Code,
            },
            Profile = profile,
        };

    private static VersionFacts FactsOf(TrainingReport report) => new()
    {
        Family = report.Options.Family,
        K = report.K,
        Job = report.Job,
        Dataset = report.Dataset,
        DatasetVersion = report.DatasetVersion,
        Rows = report.Rows,
        Objective = report.Objective,
        ObjectiveName = report.ObjectiveName,
        Seed = report.Options.Seed,
        Restarts = report.Restarts.Length,
        Digest = report.Digest,
    };

    private async Task<VersionFacts> Facts(int version, CancellationToken cancellation)
    {
        ModelVersionEntry entry = _model.Versions[version - 1];
        if (entry.Facts is { } kept)
            return kept;
        if (!_told.TryGetValue(version, out VersionFacts? told))
            _told[version] = told = FactsOf(await ReadReport(entry, cancellation));
        return told;
    }

    /// <summary>The columns of every version.</summary>
    private async Task<ImmutableArray<string>> Columns(CancellationToken cancellation)
    {
        if (!_model.Columns.IsEmpty)
            return _model.Columns;
        return _columns = _columns.IsEmpty ? (await ReadReport(_model.Versions[Newest() - 1], cancellation)).Columns : _columns;
    }

    /// <summary>The state with what was read of reports since it was written.</summary>
    private ModelState Remembering(ModelState next) => next with
    {
        Columns = next.Columns.IsEmpty ? _columns : next.Columns,
        Versions = _told.Count == 0 ? next.Versions : [.. next.Versions.Select((entry, index) =>
            entry.Facts is null && _told.TryGetValue(index + 1, out VersionFacts? told) ? entry with { Facts = told } : entry)],
    };
}
