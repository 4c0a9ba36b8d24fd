using System.Collections.Immutable;
using System.Globalization;
using OrleansCluster.Contracts;
using OrleansCluster.Datasets;
using OrleansCluster.Families;
using OrleansCluster.Json;
using OrleansCluster.Models.Gates;
using OrleansCluster.Monitoring;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Numerics.Training;
using OrleansCluster.Tenancy;
using OrleansCluster.Training;

namespace OrleansCluster.Models;

/// <content>Publication: checked, aligned, written, and only then named.</content>
public sealed partial class ModelGrain
{
    public async Task<ModelVersion> Publish(ModelPublication publication, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(publication);
        TrainingReport report = publication.Report;
        if (await FindByJob(report.Job, cancellation) is { } published)
            return published;
        CheckLease(publication);
        int version = _model.Versions.Length + 1;
        int parent = Parent(publication.Parent);
        await CheckColumns(report.Columns, cancellation);
        string anchors = _model.Anchors.Length > 0 ? _model.Anchors : publication.Anchors;
        try
        {
            // What is published must be readable, and hold what its report says, before it is named.
            IModel parameters = await blobs.ReadModel(families, compute, publication.Parameters);
            if (parameters.Digest != report.Digest)
                throw new ClusteringException($"The parameters of job '{report.Job}' do not have the digest that its report names: nothing was published.");
            Aligned aligned = parent == 0 ? Aligned.First(report.K) : await Align(parent, new TrainedVersion(parameters, report), anchors, cancellation);
            string alignment = aligned.Result is null ? ""
                : await blobs.PutAsync(AlignmentEncoding.Encode(Tenant, Name, version, parent, report.Job, aligned.Result), cancellation);
            GateReport? gate = Judge(publication, aligned, parent);
            if (gate is not null)
                log.Judged(Tenant, Name, version, report.Job, gate.Verdict, gate.Outcomes.Count(outcome => outcome.Passed), gate.Outcomes.Length);
            TrainingReport named = report with
            {
                Version = version,
                Gate = gate,
                Clusters = [.. report.Clusters.Select((cluster, index) => cluster with { Label = aligned.Ids[index] })],
                Warnings = [.. report.Warnings.Select(warning => ClusterMark.Name(warning, position => Known(aligned, position)))],
            };
            string written = await blobs.PutAsync(ReportEncoding.Encode(named), cancellation);
            await ClaimParameters(publication.Parameters, report.Job);
            await GrainFactory.GetGrain<ICatalogGrain>(GrainKeys.For(Tenant, CatalogKinds.Models)).Add(Name, cancellation);
            var entry = new ModelVersionEntry
            {
                Job = report.Job,
                Parameters = publication.Parameters,
                Report = written,
                Created = time.GetUtcNow(),
                Parent = parent,
                Alignment = alignment,
                By = publication.By,
                Facts = FactsOf(named),
            };
            FittedPreparation? preparation = publication.Preparation.Length > 0
                ? FittedPreparation.Decode(await blobs.Get(publication.Preparation, cancellation)) : null;
            PackageDocument package = Pack(entry, version, named, publication.Minima, publication.Maxima, publication.Profile, preparation);
            entry = entry with { Package = await blobs.PutAsync(PackageEncoding.Encode(package), cancellation) };
            var next = _model with
            {
                Versions = _model.Versions.Add(entry),
                Columns = named.Columns,
                NextCluster = aligned.NextId,
                Anchors = anchors,
                Retraining = _model.Retraining is { } lease && lease.Job == report.Job ? null : _model.Retraining,
            };
            // The version and its promotion are one write: nobody sees the one without the other.
            (next, ImmutableArray<ModelEvent> promoted) = Promote(next, publication, version, gate);
            await Commit(
                next,
                [new ModelEvent { Revision = 0, At = entry.Created, By = publication.By, Kind = ModelEvents.Published, Version = version, Before = parent,
                    Subject = report.Job, Detail = report.Digest }, .. promoted]);
        }
        catch (IOException e)
        {
            log.Refused(Tenant, Name, report.Job, e.Message);
            throw Failures.Translate(e);
        }
        catch (ClusteringException e)
        {
            log.Refused(Tenant, Name, report.Job, e.Message);
            throw;
        }

        ClusterTelemetry.Published(Tenant, Name, version);
        return await Describe(version, cancellation);
    }

    private static string Known(Aligned aligned, int position) =>
        position < aligned.Ids.Length ? aligned.Ids[position].ToString(CultureInfo.InvariantCulture) : ClusterMark.Lost(position);

    public async Task<bool> Expects(ImmutableArray<string> columns, CancellationToken cancellation = default)
    {
        await CheckColumns(columns, cancellation);
        return _model.Anchors.Length == 0;
    }

    /// <summary>The version to align with; 0: this is the first.</summary>
    private int Parent(int wanted)
    {
        if (wanted == 0)
            return Default();
        if (!IsThere(wanted))
            throw new ClusteringException($"The model '{Name}' has no version {wanted} to align with.");
        Kept(wanted);
        return wanted;
    }

    /// <summary>A version answers rows of the model's columns, in their order.</summary>
    private async Task CheckColumns(ImmutableArray<string> columns, CancellationToken cancellation)
    {
        if (Newest() == 0)
            return;
        ImmutableArray<string> known = await Columns(cancellation);
        if (known.SequenceEqual(columns))
            return;
        string[] missing = [.. known.Except(columns)], strange = [.. columns.Except(known)];
        string difference = (missing, strange) switch
        {
            ([], []) => "the order differs",
            (_, []) => $"missing: {Names(missing)}",
            ([], _) => $"not in the model: {Names(strange)}",
            _ => $"missing: {Names(missing)}; not in the model: {Names(strange)}",
        };
        throw new ClusteringException(
            $"The model '{Name}' has the columns {Names(known)}, these rows have {Names(columns)} ({difference}): clusters over other columns cannot be the "
                + "same clusters. Choose the model's columns in its order, or another model name.");
    }

    private static string Names(IReadOnlyCollection<string> columns)
    {
        const int most = 12;
        string names = string.Join(", ", columns.Take(most));
        return columns.Count > most ? $"{names} and {columns.Count - most} more" : names;
    }
}
