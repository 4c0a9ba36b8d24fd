using OrleansCluster.Datasets;
using OrleansCluster.Families;
using OrleansCluster.Models;
using OrleansCluster.Models.Gates;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Numerics.Training;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Training;

/// <content>Taking a request up: what it asks for is checked, found and written down before anything is computed.</content>
public sealed partial class TrainingGrain
{
    public async Task<JobStatus> Start(TrainingRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        GrainKeys.CheckName("job", Job);
        GrainKeys.CheckKept("model", request.Model);
        GrainKeys.CheckKept("dataset", request.Dataset);
        ITrainingOptions options = request.Asked();
        IFamily family = services.Families.Find(options.Family);
        // Memory compares by identity, so what a run starts from is compared by content and left out of the rest.
        ReadOnlyMemory<byte> start = options.Start;
        string startHash = start.IsEmpty ? "" : ContentHash.Of(start.Span);
        if (Record.Request is { } known)
        {
            TrainingRequest asked = known.WithStart(
                default) with
            { DatasetVersion = Record.RequestedDatasetVersion, Preparation = Record.RequestedPreparation };
            // A warm retraining starts from what the parent names, and not from what came with the request.
            bool same = asked == request.WithStart(default) && (request.Retraining == RetrainingKind.Warm || startHash == Record.InitialCentroids);
            return same ? Describe()
                : throw new ClusteringException($"The job '{Job}' exists already, with another request: start a new one under another id.");
        }

        _starting = true;
        try
        {
            family.Description.Check(options);
            await GrainFactory.GetGrain<IQuotaGrain>(GrainKeys.For(Tenant, IQuotaGrain.Name)).AdmitJob(Job, request.Model, cancellation);
            return await Start(request, family, start, startHash, cancellation);
        }
        catch (ClusteringException e)
        {
            services.Log.Refused(Tenant, request.Model, Job, e.Message);
            throw;
        }
        finally
        {
            _starting = false;
        }
    }

    private async Task<JobStatus> Start(TrainingRequest request, IFamily family, ReadOnlyMemory<byte> start, string startHash, CancellationToken cancellation)
    {
        AskedTraining asked = await AskedTraining.Find(GrainFactory, services, Tenant, request, cancellation);
        (DatasetVersion dataset, DatasetManifest manifest, JobTraining training) = (asked.Dataset, asked.Manifest, asked.Training);
        (FittedPreparation? kept, string preparation) = (asked.Kept, asked.Preparation);
        string model = GrainKeys.For(Tenant, request.Model);
        if (start.IsEmpty && !training.IsPrepared && request.Retraining != RetrainingKind.Warm && family.NeededRows(request.Asked()) is > 1 and var needed
            && await Shortage.Find(needed, dataset.Manifest, manifest, services, cancellation) is var (found, light))
        {
            throw new ClusteringException(
                $"k is {needed}, but {light}the {(light.Length == 0 ? "rows" : "others")} have only {found} distinct value{(found == 1 ? "" : "s")}: ask for "
                    + $"at most {found} {family.Description.Part}{(found == 1 ? "" : "s")}.");
        }

        if (request.Adapts && request.Retraining != RetrainingKind.Warm)
            throw new ClusteringException("Only a retraining that goes on from its parent's clusters can adapt them: ask for a warm one, or leave that out.");
        if (request.KeepsThreshold && (request.Retraining == RetrainingKind.None || request.Parent == 0))
            throw new ClusteringException("Only a retraining that names its parent can keep that one's threshold: name the version, or leave that out.");
        ITrainer trainer;
        string adapted = "";
        if (request.Retraining == RetrainingKind.None)
        {
            trainer = training.Begin(rows => family.Create(request.Asked(), rows));
            if (!start.IsEmpty)
                await services.Blobs.Put(start);
        }
        else
        {
            if (!start.IsEmpty)
                throw new ClusteringException("A retraining starts from its parent version or afresh, but starting rows are given: leave them out.");
            ResolvedVersion parent = await GrainFactory.GetGrain<IModelGates>(model).BeginRetraining(Job, request.Parent, cancellation);
            bool warm = request.Retraining == RetrainingKind.Warm;
            byte[] parameters = warm ? await services.Blobs.Get(parent.Parameters, cancellation) : [];
            (trainer, startHash) = warm
                ? (training.Begin(rows => family.Continue(request.Asked(), rows, parameters)), parent.Parameters)
                : (training.Begin(rows => family.Create(request.Asked(), rows)), "");
            if (request.Adapts)
            {
                JobShards shards = ShardsOf(trainer, dataset.Manifest, manifest, request.Model);
                (parameters, adapted) = await AdaptedStart.Of(GrainFactory, services, shards, manifest, kept, parent, family, parameters);
                startHash = await services.Blobs.Put(parameters);
                trainer = training.Begin(rows => family.Continue(request.Asked(), rows, parameters));
            }
        }

        if (asked.Plan(request.Asked(), request.Retraining, services)?.Refusal(TrainingPlan.Limit) is { } tooLarge)
            throw new ClusteringException(tooLarge);
        await GrainFactory.GetGrain<ICatalogGrain>(GrainKeys.For(Tenant, CatalogKinds.Jobs)).Add(Job, cancellation);
        string keptBlob = kept is null ? "" : await services.Blobs.Put(kept.Encode());
        await _store.Update(_ => new JobRecord
        {
            Request = request.WithStart(default) with { DatasetVersion = dataset.Version, Preparation = preparation },
            RequestedPreparation = request.Preparation,
            Preparation = keptBlob,
            RequestedDatasetVersion = request.DatasetVersion,
            InitialCentroids = startHash,
            Adapted = adapted,
            State = JobState.Queued,
            Algorithm = trainer.Algorithm,
            Manifest = dataset.Manifest,
            Rows = dataset.Rows,
            Created = services.Time.GetUtcNow(),
            Phase = trainer.Phase,
        });
        await Drive(manifest, trainer, Warned(training, adapted));
        services.Log.Began(
            Tenant, request.Model, Job, request.Asked().Family, dataset.Name, dataset.Version, dataset.Rows, dataset.Shards,
                Math.Max(1, services.Silos.Active().Length));
        return Describe();
    }
}
