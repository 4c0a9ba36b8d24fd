using OrleansCluster.Compute;
using OrleansCluster.Contracts;
using OrleansCluster.Datasets;
using OrleansCluster.Families;
using OrleansCluster.Monitoring;
using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.Monitoring;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Numerics.Profiles;
using OrleansCluster.Numerics.Statistics;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Training;

/// <summary>Drives a trainer from where it stands to its end: one step after the other over the reduction tree. Lives on the coordinator's scheduler.</summary>
internal sealed class TrainingRun(
    JobShards shards, JobRecord job, ITrainer trainer, TrainingTrace trace, IReducerGrain root, CheckpointWriter checkpoints, TrainingServices services,
        Action changed)
{
    private long _lastCheckpoint = services.Time.GetTimestamp();

    public JobShards Shards => shards;

    public ITrainer Trainer => trainer;

    public TrainingTrace Trace => trace;

    /// <summary>The step that partitions are computing; null before the first and after the last.</summary>
    public EncodedStep? Step { get; private set; }

    /// <summary>Where the trainer stood between the last two steps: it must not be asked while it advances on another thread.</summary>
    public (string Phase, int Restart, int Iteration) Position { get; private set; } = (trainer.Phase, trainer.Restart, trainer.Iteration);

    /// <summary>Runs until the trainer is done. After a cancellation the trainer stands between two steps.</summary>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public async Task Train(CancellationToken stop)
    {
        bool due = false;
        while (trainer.Next is { } step)
        {
            stop.ThrowIfCancellationRequested();
            if (checkpoints.Writing.IsFaulted)
                await checkpoints.Writing;
            long started = services.Time.GetTimestamp();
            Task<PooledBytes> statistic = Compute(step, stop);
            // The trainer stands still while the shards compute.
            if (due)
                await SaveCheckpoint();
            IReadOnlyList<TrainingEvent> events = await Advance(trainer, await statistic, stop);
            Record(events, services.Time.GetElapsedTime(started).TotalSeconds);
            bool boundary = (trainer.Phase, trainer.Restart) != (Position.Phase, Position.Restart);
            Position = (trainer.Phase, trainer.Restart, trainer.Iteration);
            if (boundary)
                services.Log.Phase(shards.Tenant, job.Request!.Model, shards.Job, Position.Phase, Position.Restart);
            changed();
            due = boundary || services.Time.GetElapsedTime(_lastCheckpoint) >= services.Options.CheckpointInterval;
        }

        Step = null;
        await checkpoints.Writing;
    }
    /// <summary>
    /// The objective, over the rows of this run, of the parameters that another trainer starts from; takes its passes up to its first iteration.
    /// </summary>
    public async Task<double> ObjectiveOfStart(ITrainer other, CancellationToken stop)
    {
        try
        {
            while (other.Next is { } step)
            {
                stop.ThrowIfCancellationRequested();
                IReadOnlyList<TrainingEvent> events = await Advance(other, await Compute(step, stop), stop);
                if (events.OfType<IterationEnded>().FirstOrDefault() is { } first)
                    return first.Objective;
            }

            throw new InvalidOperationException("The trainer ended without an iteration.");
        }
        finally
        {
            Step = null;
        }
    }

    /// <summary>The best objective so far of restarts that compare with one; NaN: there is none.</summary>
    public double Best(int restart)
    {
        ITrainingOptions options = job.Request!.Asked();
        return BestSoFar.Of(trace.Restarts, options, services.Families.Find(options.Family).Description.LessIsBetter, restart);
    }

    /// <summary>What the rows of this run look like under a finished model, and before they were prepared for it.</summary>
    public async Task<ProfileDocument> Profile(IModel model, PreparedModel prepared, DatasetManifest manifest, CancellationToken stop)
    {
        DatasetManifest seen = JobTraining.Seen(trainer, manifest);
        int[] columns = ProfilePass.Chooses(seen) ? (await Look<ColumnSpreads>(new SpreadStep().Encode(), stop)).Widest(SparseProfiler.MostColumns) : [];
        EncodedStep step = ProfilePass.Step(model, prepared, seen, columns);
        var preparing = trainer as PreparationTrainer;
        ProfileDocument profile = ProfilePass.Tell(await Look<RowProfile>(preparing?.Over(step) ?? step, stop), prepared, seen, columns);
        if (preparing?.Rows?.Fitted is { } fitted)
            profile.Inputs = InputProfiles.Tell(await Look<ObservedRows>(InputProfiles.Step(manifest), stop), manifest, fitted.Inputs);
        return profile;
    }

    /// <summary>Hands the current state to the writer; does not wait for the disk.</summary>
    public async Task SaveCheckpoint()
    {
        _lastCheckpoint = services.Time.GetTimestamp();
        ClusterTelemetry.Saved(shards.Tenant, job.Request!.Model);
        byte[] bytes = await services.Compute.Run(ComputePriority.Training, services.AccountOf(shards), _ => Checkpoint.Encode(shards.Job, trainer, trace));
        checkpoints.Post(
            new CheckpointContent(bytes, Position.Phase, Position.Restart, Position.Iteration, trace.Newest?.Objective ?? double.NaN, Best(Position.Restart)));
    }

    /// <summary>Ends when nothing of the run is under way any more.</summary>
    public Task StopCheckpoints() => checkpoints.Stop();

    /// <summary>Waits until everything handed to the writer is written.</summary>
    public Task FlushCheckpoints() => checkpoints.Writing;

    /// <summary>A pass over the rows beside the training.</summary>
    private async Task<T> Look<T>(EncodedStep step, CancellationToken stop)
        where T : Statistic, IStatistic<T>
    {
        try
        {
            using PooledBytes statistic = await Compute(step, stop, shards with { Algorithm = ProfilePass.Name });
            return Statistic.Decode<T>(statistic);
        }
        finally
        {
            Step = null;
        }
    }

    private Task<PooledBytes> Compute(EncodedStep step, CancellationToken stop, JobShards? pass = null)
    {
        services.Steps.Put(step);
        Step = step;
        var name = new StepName { Job = pass ?? shards, Digest = step.Digest };
        return StepCalls.Await(
            (offset, wait) => AskRoot(name with { Offset = offset }, wait),
            () => services.Statistics.Take(root.GetGrainId(), step.Digest),
            services.Options,
            services.Time,
            stop,
            Retried);
    }

    private void Retried(Exception failure, int times)
    {
        services.Log.Retried(shards.Tenant, job.Request!.Model, shards.Job, "the root of its tree", times, failure.Message);
        ClusterTelemetry.Retried(shards.Tenant, job.Request!.Model);
    }

    private Task<StepReply> AskRoot(StepName name, TimeSpan wait)
    {
        ShardPlacement.HintReducer(shards, new ReductionTree(shards.Shards, shards.FanIn).TopLevel, 0);
        return root.Reduce(name, wait);
    }
    /// <summary>
    /// Naming the next step, megabytes at times, belongs to the advance, and so does writing it down where other silos fetch it: they must not hold up the
    /// scheduler.
    /// </summary>
    private async Task<IReadOnlyList<TrainingEvent>> Advance(ITrainer advanced, PooledBytes statistic, CancellationToken stop)
    {
        IReadOnlyList<TrainingEvent> events = await services.Compute.Run(ComputePriority.Training, services.AccountOf(shards), parallel =>
        {
            IReadOnlyList<TrainingEvent> told = advanced.Advance(statistic, parallel);
            _ = advanced.Next?.Digest;
            if (shards.Silos.Length > 1)
                _ = advanced.Next?.Bytes;
            return told;
        }, stop);
        // Not after a failure: an advance that was given up may still be reading.
        statistic.Dispose();
        return events;
    }

    private void Record(IReadOnlyList<TrainingEvent> events, double seconds)
    {
        foreach (IterationRecord iteration in trace.Add(events, Position.Phase, seconds))
            ClusterTelemetry.IterationEnded(shards.Tenant, job.Request!.Model, job.Rows, iteration.Seconds, iteration.Objective);
        ClusterTelemetry.PhaseLasted(shards.Tenant, job.Request!.Model, Position.Phase, seconds);
    }
}
