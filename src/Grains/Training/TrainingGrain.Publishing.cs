using OrleansCluster.Compute;
using OrleansCluster.Contracts;
using OrleansCluster.Datasets;
using OrleansCluster.Families;
using OrleansCluster.Json;
using OrleansCluster.Models;
using OrleansCluster.Models.Gates;
using OrleansCluster.Numerics.Preparation;

namespace OrleansCluster.Training;

/// <content>What a run has found becomes a version.</content>
public sealed partial class TrainingGrain
{
    /// <summary>Publishes the version. The state written first is the fence: of several activations only the one whose ETag holds gets past it.</summary>
    private async Task<ModelVersion> Publish(TrainingRun run, DatasetManifest manifest, CancellationToken stop)
    {
        TrainingRequest request = Record.Request!;
        IFamily family = services.Families.Find(run.Shards.Algorithm);
        TrainingOutcome outcome = family.Finish(JobTraining.Inner(run.Trainer), request.Asked());
        if (request.KeepsThreshold)
            outcome = family.KeepThreshold(outcome, await ParametersOfParent(request, stop));
        FittedPreparation? fitted = (run.Trainer as PreparationTrainer)?.Rows?.Fitted;
        DatasetManifest seen = JobTraining.Seen(run.Trainer, manifest);
        PreparedModel prepared = await services.Compute.Run(
            ComputePriority.Training, services.AccountOf(run.Shards), _ => outcome.Model.Prepare(), stop);
        GateMeasures? measures = await new GateMeter(GrainFactory, services).Measure(run, prepared, request, manifest, stop);
        var file = new ProfileFile
        {
            Tenant = Tenant,
            Model = request.Model,
            Job = Job,
            Profile = await run.Profile(outcome.Model, prepared, manifest, stop),
        };
        stop.ThrowIfCancellationRequested();
        await _store.Update(record => record with { State = JobState.Running, Phase = JobPhases.Publish });
        Changed();
        TrainingReport report = services.Families.Tell(TrainingReports.Create(Job, Record, seen, fitted, outcome, run.Trace, services.Compute.Workers));
        string anchors = await Model().Expects(report.Columns, CancellationToken.None)
            ? await AnchorCollector.Collect(GrainFactory, run.Shards, manifest, fitted, services) : "";
        string parameters = await services.Blobs.Put(outcome.Model.Encode());
        var publication = new ModelPublication
        {
            Report = report,
            Parameters = parameters,
            Parent = request.Parent,
            By = request.By,
            Anchors = anchors,
            Retrained = request.Retraining != RetrainingKind.None,
            OnTrial = request.OnTrial,
            Measures = measures,
            Profile = await services.Blobs.Put(PackageEncoding.Encode(file)),
            Preparation = fitted is null ? "" : await services.Blobs.Put(fitted.Encode()),
            Minima = [.. seen.Columns.Select(column => column.Minimum)],
            Maxima = [.. seen.Columns.Select(column => column.Maximum)],
        };
        // Once it has begun it is seen through: what is published cannot be stopped.
        return await Model().Publish(publication, CancellationToken.None);
    }

    private async Task<byte[]> ParametersOfParent(TrainingRequest request, CancellationToken stop)
    {
        ResolvedVersion parent = await Model().Resolve(request.Parent, stop)
            ?? throw new ClusteringException($"Version {request.Parent} of the model '{request.Model}', whose threshold stays, is gone.");
        return await services.Blobs.Get(parent.Parameters, stop);
    }
}
