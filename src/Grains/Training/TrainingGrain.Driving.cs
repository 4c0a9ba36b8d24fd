using System.Diagnostics;
using Orleans.Storage;
using OrleansCluster.Datasets;
using OrleansCluster.Families;
using OrleansCluster.Models;
using OrleansCluster.Monitoring;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Numerics.Training;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Training;

/// <content>Driving the run, beside the calls: beginning, going on, failing, stopping.</content>
public sealed partial class TrainingGrain
{
    /// <summary>How long the activation stays without calls while a run is driven; renewed with every page of the run's life.</summary>
    private static readonly TimeSpan KeepAlive = TimeSpan.FromMinutes(10);

    private TrainingRun? _run;
    private TrainingTrace? _finishedTrace;
    private CancellationTokenSource _stop = new();
    private Task _driving = Task.CompletedTask;

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (Record.Request is null || Record.HasEnded())
            await ForgetReminder();
        else
            await GoOnWithoutAsking();
    }

    /// <summary>Takes up an unfinished job, when this host does so by itself and nobody suspended it.</summary>
    private async Task GoOnWithoutAsking()
    {
        if (!services.Options.AutoResume || _run is not null || Record.Request is null || Record.State is not (JobState.Queued or JobState.Running))
            return;
        try
        {
            await GoOn();
        }
        catch (Exception e) when (e is ClusteringException || StepCalls.IsTransient(e))
        {
            Interrupted(e.Message);
        }
    }

    /// <summary>Goes on from the newest checkpoint, or from the beginning when there is none.</summary>
    private async Task GoOn()
    {
        // The run before may still be letting go of its partitions.
        await _driving;
        JobRecord record = Record;
        if (record.HasEnded())
            return;
        DatasetManifest manifest = await services.Manifests.Get(record.Manifest, CancellationToken.None);
        (ITrainer trainer, TrainingTrace trace) = await ReadCheckpoint(record, manifest);
        await _store.Update(r => r with { State = JobState.Running, Resumed = r.Resumed + 1, Error = "" });
        await Drive(manifest, trainer, trace);
        services.Log.TakenUp(Tenant, record.Request!.Model, Job, trainer.Phase, trainer.Restart, trainer.Iteration, Record.Resumed);
    }

    private async Task<(ITrainer Trainer, TrainingTrace Trace)> ReadCheckpoint(JobRecord record, DatasetManifest manifest)
    {
        IFamily family = services.Families.Find(record.Algorithm);
        TrainingRequest request = record.Request!;
        FittedPreparation? kept = record.Preparation.Length > 0 ? FittedPreparation.Decode(await services.Blobs.Get(record.Preparation)) : null;
        var training = new JobTraining(family, request.Asked(), request.Preparation, manifest, kept);
        byte[] start = record.InitialCentroids.Length > 0 ? await services.Blobs.Get(record.InitialCentroids) : [];
        TrainingTrace trace = Warned(training, record.Adapted);
        if (record.Checkpoint.Length > 0)
        {
            try
            {
                Checkpoint checkpoint = Checkpoint.Decode(Job, await services.Blobs.ReadAsync(record.Checkpoint));
                return (training.Restore(checkpoint.Trainer, Begin), checkpoint.Trace);
            }
            catch (Exception e) when (e is IOException or InvalidDataException)
            {
                // The result follows from rows, options and seed, so the beginning is as good as the checkpoint, only further away.
                trace.Warn($"The job began again because its checkpoint cannot be used: {e.Message}");
                services.Log.CheckpointLost(Tenant, record.Request!.Model, Job, e.Message);
            }
        }

        return (training.Begin(Begin), trace);

        ITrainer Begin(DatasetManifest rows) => start.Length == 0 ? family.Create(request.Asked(), rows)
            : request.Retraining == RetrainingKind.Warm ? family.Continue(request.Asked(), rows, start)
            : family.Create(request.Asked().WithStart(start), rows);
    }

    /// <summary>The trace of a run that begins, with what is worth a warning already.</summary>
    private static TrainingTrace Warned(JobTraining training, string adapted)
    {
        var trace = new TrainingTrace();
        if (adapted.Length > 0)
            trace.Warn(adapted);
        foreach (string warning in training.Warnings())
            trace.Warn(warning);
        return trace;
    }

    private JobShards ShardsOf(ITrainer trainer, string hash, DatasetManifest manifest, string model) => new()
    {
        Tenant = Tenant,
        Job = Job,
        Algorithm = trainer.Algorithm,
        Manifest = hash,
        Shards = manifest.Shards.Length,
        FanIn = services.Options.FanIn,
        Silos = services.Silos.Active(),
        Model = model,
    };

    /// <summary>Begins to drive a run and returns; the run goes on between this grain's calls.</summary>
    private async Task Drive(DatasetManifest manifest, ITrainer trainer, TrainingTrace trace)
    {
        JobShards shards = ShardsOf(trainer, Record.Manifest, manifest, Record.Request!.Model);
        int top = new ReductionTree(shards.Shards, shards.FanIn).TopLevel;
        IReducerGrain root = GrainFactory.GetGrain<IReducerGrain>(GrainKeys.ForReducer(Tenant, Job, top, 0));
        services.HasDriven = true;
        // First, so that a failure here starts nothing.
        await this.RegisterOrUpdateReminder(ReminderName, services.Options.ReminderPeriod, services.Options.ReminderPeriod);
        if (services.Options.Watched)
            await GrainFactory.GetGrain<IJobWatchGrain>(IJobWatchGrain.Key).Add(this.GetPrimaryKeyString());
        _stop = new CancellationTokenSource();
        _run = new TrainingRun(shards, Record, trainer, trace, root, new CheckpointWriter(services.Blobs, _store), services, OnProgress);
        services.Interruptions.TryRemove(this.GetPrimaryKeyString(), out _);
        DelayDeactivation(KeepAlive);
        _driving = DriveToEnd(_run, root, manifest, _stop.Token);
    }

    private void OnProgress()
    {
        DelayDeactivation(KeepAlive);
        Changed();
    }

    /// <summary>The life of a run. Never fails: whatever happens becomes the job's state.</summary>
    private async Task DriveToEnd(TrainingRun run, IReducerGrain root, DatasetManifest manifest, CancellationToken stop)
    {
        using Activity? activity = ClusterTelemetry.Activities.StartActivity("train");
        activity?.SetTag("tenant", Tenant).SetTag("model", Record.Request!.Model).SetTag("job", Job);
        bool mine = true;
#pragma warning disable CA1031 // Nobody awaits the run, so every exception must become a state here.
        try
        {
            await run.Train(stop);
            stop.ThrowIfCancellationRequested();
            ModelVersion version = await Publish(run, manifest, stop);
            activity?.SetTag("model_version", version.Version);
            await End(record => record.Published(version));
            services.Log.Succeeded(Tenant, version.Name, Job, version.Version);
            ClusterTelemetry.JobEnded(Tenant, version.Name, "succeeded");
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Whoever stopped it writes down what becomes of it.
        }
        catch (InconsistentStateException)
        {
            // Another activation drives the job. Its results are the same bits; this one leaves quietly.
            mine = false;
            services.Log.DrivenElsewhere(Tenant, Record.Request!.Model, Job);
            DeactivateOnIdle();
        }
        catch (Exception e)
        {
            activity?.SetStatus(ActivityStatusCode.Error, e.Message);
            await EndBadly(e, JobTraining.Seen(run.Trainer, manifest));
        }
#pragma warning restore CA1031
        finally
        {
            await run.StopCheckpoints();
            _finishedTrace = run.Trace;
            _run = null;
            Changed();
        }

        if (mine)
            await LetGo(root, run.Shards);
    }

    private async Task EndBadly(Exception e, DatasetManifest manifest)
    {
        // A run that cannot go on fails; one whose surroundings failed (disk, cluster, host on its way down) can be gone on with later.
        bool surroundings = e is OperationCanceledException or ObjectDisposedException || Failures.IsOfSurroundings(e) || StepCalls.IsTransient(e);
        Exception told = Failures.Translate(e, manifest.Schema.Columns);
        string message = told is ClusteringException || surroundings ? told.Message : $"Unexpected error: {told.GetType().Name}: {told.Message}";
        if (!surroundings)
        {
            try
            {
                await End(record => record with { State = JobState.Failed, Error = message });
                services.Log.Failed(Tenant, Record.Request!.Model, Job, message);
                ClusterTelemetry.JobEnded(Tenant, Record.Request!.Model, "failed");
                return;
            }
            catch (InconsistentStateException)
            {
                // Another activation drives the job and meets the same end, or a better one.
                services.Log.DrivenElsewhere(Tenant, Record.Request!.Model, Job);
                DeactivateOnIdle();
                return;
            }
            catch (Exception written) when (written is ClusteringException or OrleansException or TimeoutException)
            {
                message = $"{message} (and this could not be written down: {written.Message})";
            }
        }

        Interrupted(message);
    }

    private void Interrupted(string why)
    {
        services.Interruptions[this.GetPrimaryKeyString()] = why;
        services.Log.Interrupted(Tenant, Record.Request!.Model, Job, why);
        ClusterTelemetry.JobEnded(Tenant, Record.Request!.Model, "interrupted");
    }

    /// <summary>Writes the job's end down; then its checkpoint and reminder go.</summary>
    private async Task End(Func<JobRecord, JobRecord> change)
    {
        string checkpoint = "";
        await _store.Update(record =>
        {
            // Of this very moment: one may have been written just before.
            checkpoint = record.Checkpoint;
            return change(record) with { Checkpoint = "" };
        });
        if (checkpoint.Length > 0)
            await services.Blobs.TryDelete(checkpoint);
        try
        {
            await ForgetReminder();
        }
        catch (Exception e) when (e is IOException or OrleansException or TimeoutException)
        {
            // The end is written down, and a reminder that finds it forgets itself.
            services.Log.LeftBehind(Tenant, Record.Request!.Model, Job, e.Message);
        }
    }

    /// <summary>Stops the run, if there is one, and waits until nothing of it is under way.</summary>
    private async Task StopDriving()
    {
        await _stop.CancelAsync();
        await _driving;
    }
    /// <summary>
    /// Tells reducers and partitions that the job is over here. They could be asked at any time again, so a failure to tell them costs memory only.
    /// </summary>
    private async Task LetGo(IReducerGrain root, JobShards shards)
    {
        try
        {
            await root.Release(shards);
        }
        catch (Exception e) when (e is ClusteringException or OperationCanceledException || StepCalls.IsTransient(e))
        {
            // They are collected when they have been idle for long enough.
            services.Log.LeftBehind(Tenant, Record.Request!.Model, Job, e.Message);
        }
    }

    private async Task ForgetReminder()
    {
        if (await this.GetReminder(ReminderName) is { } reminder)
            await this.UnregisterReminder(reminder);
    }
}
