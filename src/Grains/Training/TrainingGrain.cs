using System.Collections.Immutable;
using Orleans.Serialization;
using OrleansCluster.Models;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Training;

/// <inheritdoc cref="ITrainingGrain"/>
public sealed partial class TrainingGrain(
    [PersistentState("job", StorageNames.Grains)] IPersistentState<JobRecord> state, Serializer<JobRecord> states, TrainingServices services)
    : Grain, ITrainingGrain, IRemindable
{
    private const string ReminderName = "drive";
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(8);

    private JobStore _store = null!;

    /// <summary>A job is being started and is not yet written down.</summary>
    private bool _starting;

    /// <summary>The run is stopped, and that it is for good is not yet written down.</summary>
    private bool _cancelling;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private string Tenant => GrainKeys.Parse(this.GetPrimaryKeyString()).Tenant;

    private string Job => GrainKeys.Parse(this.GetPrimaryKeyString()).Name;

    private JobRecord Record => _store.Record;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _store = new JobStore(this, state);
        await GoOnWithoutAsking();
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await StopDriving();
        Changed();
    }

    public Task<bool> IsLive(CancellationToken cancellation = default) => Task.FromResult(_starting || (Record.Request is not null && !Record.HasEnded()));

    public async Task<JobStatus?> Status(CancellationToken cancellation = default)
    {
        if (Record.Request is null)
            return null;
        JobStatus status = Describe();
        // Earlier builds did not write down what was published.
        return Record is { State: JobState.Succeeded, K: 0 } && await Report(cancellation) is { } report
            ? status with { K = report.K, Objective = report.Objective }
            : status;
    }

    public async Task<ProgressPage> Progress(long after, TimeSpan wait, CancellationToken cancellation = default)
    {
        CheckStarted();
        if (_run is { } run && run.Trace.Count <= after)
        {
            using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            await Task.WhenAny(_changed.Task, Task.Delay(wait > LongestWait ? LongestWait : wait, services.Time, timer.Token));
            await timer.CancelAsync();
            cancellation.ThrowIfCancellationRequested();
        }

        TrainingTrace? trace = _run?.Trace ?? _finishedTrace;
        (ImmutableArray<IterationRecord> iterations, ImmutableArray<string> warnings) = trace?.After(after) ?? ([], []);
        return new ProgressPage { Cursor = Math.Max(after, trace?.Count ?? 0), Status = Describe(), Iterations = iterations, Warnings = warnings };
    }

    public async Task<JobStatus> Resume(CancellationToken cancellation = default)
    {
        CheckStarted();
        if (!Record.HasEnded() && _run is null)
            await GoOn();
        return Describe();
    }

    public async Task<bool> Wake(CancellationToken cancellation = default)
    {
        await GoOnWithoutAsking();
        return Record.Request is not null && Record.State is JobState.Queued or JobState.Running;
    }

    public async Task<JobStatus> Cancel(CancellationToken cancellation = default)
    {
        CheckStarted();
        _cancelling = true;
        try
        {
            await StopDriving();
            return Record.HasEnded() ? Describe() : await EndCancelled(cancellation);
        }
        finally
        {
            _cancelling = false;
        }
    }

    public Task<JobNeeds> Needs(CancellationToken cancellation = default) => Task.FromResult(NeedsOf(Record));

    private static JobNeeds NeedsOf(JobRecord record) => record.Request is null || record.HasEnded()
        ? new JobNeeds()
        : new JobNeeds
        {
            Blobs = [.. new[] { record.InitialCentroids, record.Checkpoint, record.Preparation }.Where(hash => hash.Length > 0)],
            Manifest = record.Manifest,
        };

    public async Task<string> Delete(bool force, CancellationToken cancellation = default)
    {
        CheckStarted();
        string lost = "";
        if (!Record.HasEnded())
        {
            if (!force)
            {
                throw new ClusteringException($"The job '{Job}' has not ended: cancel it first, or force it. Deleted before its end, it loses what it has "
                    + "trained so far, and publishes nothing.");
            }

            JobStatus ended = await Cancel(cancellation);
            lost = ended.State == JobState.Succeeded ? "" : "what it had trained so far; nothing was published";
        }

        // The name first: what is left, should this be all, is a state that names nothing.
        await GrainFactory.GetGrain<ICatalogGrain>(GrainKeys.For(Tenant, CatalogKinds.Jobs)).Remove(Job, cancellation);
        await this.Clear(state);
        _store = new JobStore(this, state);
        _finishedTrace = null;
        services.Interruptions.TryRemove(this.GetPrimaryKeyString(), out _);
        Changed();
        DeactivateOnIdle();
        return lost;
    }

    private async Task<JobStatus> EndCancelled(CancellationToken cancellation)
    {
        // Killed between publishing and writing that down: what is published cannot be cancelled.
        ModelVersion? published = Record.Phase == JobPhases.Publish ? await Model().FindByJob(Job, cancellation) : null;
        await End(record => published is null
            ? record with { State = JobState.Cancelled }
            : record.Published(published));
        if (published is null)
            services.Log.Stopped(Tenant, Record.Request!.Model, Job, "cancelled");
        return Describe();
    }

    public async Task<JobStatus> Suspend(CancellationToken cancellation = default)
    {
        CheckStarted();
        TrainingRun? run = _run;
        await StopDriving();
        if (Record.HasEnded())
            return Describe();
        if (run is not null)
        {
            await run.SaveCheckpoint();
            await run.FlushCheckpoints();
        }

        await _store.Update(record => record with { State = JobState.Interrupted });
        services.Log.Stopped(Tenant, Record.Request!.Model, Job, "suspended, and can be resumed");
        await ForgetReminder();
        return Describe();
    }

    public async Task<TrainingReport?> Report(CancellationToken cancellation = default)
    {
        CheckStarted();
        return Record.State == JobState.Succeeded ? (await Model().Get(Record.Version, cancellation))?.Training : null;
    }

    public Task<StepChunk> ReadStep(string digest, int offset, CancellationToken cancellation = default)
    {
        if (_run?.Step is not { } step || step.Digest != digest)
            throw new UnavailableException($"The job '{Job}' is not computing the step {digest}.");
        ReadOnlyMemory<byte> rest = step.Bytes[Math.Clamp(offset, 0, step.Bytes.Length)..];
        return Task.FromResult(new StepChunk { Length = step.Bytes.Length, Bytes = rest[..Math.Min(rest.Length, WireLimits.PieceBytes)] });
    }

    private void CheckStarted()
    {
        if (Record.Request is null)
            throw new ClusteringException($"There is no job '{Job}'.");
    }

    private IModelGrain Model() => GrainFactory.GetGrain<IModelGrain>(GrainKeys.For(Tenant, Record.Request!.Model));

    /// <summary>Wakes everybody who waits for progress.</summary>
    private void Changed()
    {
        TaskCompletionSource changed = _changed;
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.TrySetResult();
    }

    private JobStatus Describe()
    {
        JobRecord record = Record;
        ITrainingOptions options = record.Request!.Asked();
        TrainingRun? run = _run;
        (string phase, int restart, int iteration) = run is null || record.Phase is JobPhases.Publish or JobPhases.Done
            ? (record.Phase, record.Restart, record.Iteration)
            : run.Position;
        IterationRecord? newest = (run?.Trace ?? _finishedTrace)?.Newest;
        // Where jobs are taken up without asking, one that nobody drives for the moment only pauses.
        bool pausing = services.Options.AutoResume && record.State is JobState.Queued or JobState.Running;
        bool interrupted = !record.HasEnded() && run is null && !pausing && !_cancelling;
        return new JobStatus
        {
            Id = Job,
            State = interrupted ? JobState.Interrupted : run is not null && !record.HasEnded() ? JobState.Running : record.State,
            Model = record.Request.Model,
            Dataset = record.Request.Dataset,
            DatasetVersion = record.Request.DatasetVersion,
            Rows = record.Rows,
            Phase = phase,
            Restart = restart,
            Restarts = record.Request.Retraining == RetrainingKind.Warm ? 1 : options.Starts(),
            Iteration = iteration,
            MaxIterations = options.MaxIterations,
            Objective = record.Version > 0 ? record.Objective : newest?.Objective ?? record.Objective,
            RowsPerSecond = newest is { Seconds: > 0 } ? record.Rows / newest.Seconds : 0,
            Created = record.Created,
            Error = !record.HasEnded() && run is null && services.Interruptions.TryGetValue(this.GetPrimaryKeyString(), out string? why) ? why : record.Error,
            K = record.K > 0 ? record.K : options.K,
            LargestK = options.LargestK,
            CurrentK = record.HasEnded() || phase is JobPhases.Publish or JobPhases.Done ? 0 : BestSoFar.CurrentK(options, restart),
            Best = run is null ? record.Best : run.Best(restart),
            Version = record.Version,
        };
    }
}
