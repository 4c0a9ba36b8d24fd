using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Serialization;
using OrleansCluster.Alerts;
using OrleansCluster.Models;
using OrleansCluster.Models.Gates;
using OrleansCluster.Models.Routing;
using OrleansCluster.Tenancy;
using OrleansCluster.Training;

namespace OrleansCluster.Retraining;

/// <inheritdoc cref="IRetrainingGrain"/>
public sealed partial class RetrainingGrain(
    [PersistentState("retraining", StorageNames.Grains)] IPersistentState<RetrainingState> state, Serializer<RetrainingState> states,
    IOptions<TrainingOptions> options, TimeProvider time, ILogger<RetrainingGrain> log)
    : Grain, IRetrainingGrain, IRemindable
{
    /// <summary>Ended runs that are remembered.</summary>
    private const int MostEnded = 50;

    private const string ReminderName = "look", Who = "retraining";

    /// <summary>Orleans allows no less.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    /// <summary>How often a run under way is looked at, where jobs are driven without asking.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(5);

    /// <summary>Why a run that is due does not begin yet.</summary>
    private string _waiting = "";

    private IGrainTimer? _timer;

    private string Tenant => GrainKeys.Parse(this.GetPrimaryKeyString()).Tenant;

    private string Name => GrainKeys.Parse(this.GetPrimaryKeyString()).Name;

    private IModelGrain Model => GrainFactory.GetGrain<IModelGrain>(this.GetPrimaryKeyString());

    private IModelRoutes Routes => GrainFactory.GetGrain<IModelRoutes>(this.GetPrimaryKeyString());

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        KeepPace();
        return Task.CompletedTask;
    }

    public async Task<RetrainingStatus> Set(RetrainingPlan plan, CancellationToken cancellation = default)
    {
        DateTimeOffset now = time.GetUtcNow();
        RetrainingRules.Check(plan, now);
        ModelInfo info = await Model.Info(cancellation) ?? throw new ClusteringException($"There is no model '{Name}': train it first, or correct the name.");
        await NewestRows(plan, cancellation);
        if (plan.Steps.IsEmpty && (await GrainFactory.GetGrain<IModelGates>(this.GetPrimaryKeyString()).Plan(cancellation)) is null)
        {
            throw new ClusteringException($"The model '{Name}' has no policy and the plan no canary: nothing would keep a bad version from its users. Set a "
                + "policy first, or the steps of a canary.");
        }

        // First: a plan that nothing reminds of would never be looked at.
        await HaveReminded(cancellation);
        RetrainingState before = state.State;
        bool same = before.Plan is { } known && (known.Schedule, known.TimeZone) == (plan.Schedule, plan.TimeZone);
        await this.Write(state, before with { Plan = plan, Scheduled = same ? before.Scheduled : now });
        // Else the next version would answer before anything has judged it.
        if (info.Aliases.All(alias => alias.Name != ModelReference.Champion))
        {
            ModelChange stays = Change("champion", info, "what answers stays until a better version has been judged");
            await Model.SetAlias(stays, ModelReference.Champion, info.Default, cancellation);
        }

        return Describe(plan);
    }

    public async Task Remove(CancellationToken cancellation = default)
    {
        Planned();
        if (state.State.Current is { Step: RetrainingStep.Trying } run)
            await EndCanary(run, "the plan of the retraining was taken away", cancellation);
        if (state.State.Current is not null)
            await End(RetrainingStep.Left, "the plan was taken away");
        await this.Write(state, state.State with { Plan = null, Stopped = "", Failures = 0 });
        await ForgetPlan(cancellation);
    }

    public Task<RetrainingStatus?> Status(CancellationToken cancellation = default) =>
        Task.FromResult(state.State.Plan is { } plan ? Describe(plan) : null);

    public async Task<RetrainingStatus> Look(CancellationToken cancellation = default)
    {
        RetrainingPlan plan = Planned();
        if (state.State.Current is { } run)
            await GoOn(plan, run, cancellation);
        else
            await Consider(plan, cancellation);
        return Describe(plan);
    }

    public async Task<RetrainingStatus> Begin(string by, CancellationToken cancellation = default)
    {
        RetrainingPlan plan = Planned();
        if (state.State.Current is null)
            await BeginRun(plan, new Due(RetrainingCauses.Asked, by.Length > 0 ? $"{by} asked for it" : "somebody asked for it", by), cancellation);
        return Describe(plan);
    }

    public async Task<RetrainingStatus> Resume(CancellationToken cancellation = default)
    {
        RetrainingPlan plan = Planned();
        await this.Write(state, state.State with { Stopped = "", Failures = 0 });
        return Describe(plan);
    }

    public async Task Forget(CancellationToken cancellation = default)
    {
        // The number of runs stays, so that the jobs of the next model of this name are not taken for those of this one.
        if (state.State.Plan is not null || !state.State.Ended.IsEmpty)
            await this.Write(state, new RetrainingState { Runs = state.State.Runs });
        await ForgetPlan(cancellation);
    }

    public Task ReceiveReminder(string reminderName, TickStatus status) =>
        state.State.Plan is null ? ForgetPlan(CancellationToken.None) : LookQuietly(CancellationToken.None);

    private async Task LookQuietly(CancellationToken cancellation)
    {
#pragma warning disable CA1031 // Whatever it was, it is looked at again in a minute.
        try
        {
            await Look(cancellation);
        }
        catch (Exception e)
        {
            log.CannotLook(Tenant, Name, e.Message);
        }
#pragma warning restore CA1031
    }

    /// <summary>Looks more often than reminders can while a run is under way.</summary>
    private void KeepPace()
    {
        bool needed = options.Value.AutoResume && state.State.Current is not null;
        if (!needed)
        {
            _timer?.Dispose();
            _timer = null;
        }
        else
        {
            _timer ??= this.RegisterGrainTimer(LookQuietly, new GrainTimerCreationOptions(Pace, Pace));
        }
    }

    private async Task HaveReminded(CancellationToken cancellation)
    {
        await this.RegisterOrUpdateReminder(ReminderName, Period, Period, cancellation);
        await GrainFactory.GetGrain<ICatalogGrain>(GrainKeys.For(Tenant, CatalogKinds.Retraining)).Add(Name, cancellation);
        await GrainFactory.GetGrain<IAlertsGrain>(GrainKeys.For(Tenant, AlertStatus.Key)).Watch(cancellation);
    }

    private RetrainingPlan Planned() =>
        state.State.Plan ?? throw new ClusteringException($"The model '{Name}' is not retrained by itself: set a plan first.");

    private async Task ForgetPlan(CancellationToken cancellation)
    {
        await GrainFactory.GetGrain<ICatalogGrain>(GrainKeys.For(Tenant, CatalogKinds.Retraining)).Remove(Name, cancellation);
        if (await this.GetReminder(ReminderName, cancellation) is { } reminder)
            await this.UnregisterReminder(reminder, cancellation);
    }

    private RetrainingStatus Describe(RetrainingPlan plan) => new()
    {
        Model = Name,
        Plan = plan,
        Current = state.State.Current,
        Ended = state.State.Ended,
        Stopped = state.State.Stopped,
        Waiting = state.State.Current is null ? _waiting : "",
        Next = plan.NextAfter(state.State.Scheduled),
    };

    /// <summary>A change of the model. The same of a run has the same name, so that it is carried out once.</summary>
    private ModelChange Change(string what, ModelInfo seen, string reason) => new()
    {
        Id = $"{Who} {state.State.Current?.Number ?? 0} {what} {seen.Revision}",
        Expected = seen.Revision,
        By = Who,
        Reason = reason.Length <= 500 ? reason : reason[..499] + "…",
    };

    /// <summary>Writes down where the run stands.</summary>
    private Task Update(Func<RetrainingRun, RetrainingRun> change) =>
        this.Write(state, state.State with { Current = change(state.State.Current!) });

    /// <summary>Writes down how the run ended, and stops when too many came to nothing.</summary>
    private async Task End(RetrainingStep step, string why)
    {
        RetrainingState before = state.State;
        RetrainingRun run = before.Current! with { Step = step, Why = why, EndedAt = time.GetUtcNow() };
        bool failed = run.CameToNothing;
        int failures = failed ? before.Failures + 1 : step == RetrainingStep.Promoted ? 0 : before.Failures;
        string stopped = failures >= before.Plan!.MostFailures && failed
            ? $"{failures} {(failures == 1 ? "run" : "runs one after the other")} came to nothing, the last because {why}"
            : before.Stopped;
        await this.Write(state, before with
        {
            Current = null,
            Ended = [run, .. before.Ended.Take(MostEnded - 1)],
            Failures = failures,
            Stopped = stopped,
            // What was due meanwhile is done with.
            Scheduled = time.GetUtcNow(),
        });
        KeepPace();
        if (failed)
            log.CameToNothing(Tenant, Name, run.Job, step.ToString(), why);
        else
            log.Ended(Tenant, Name, run.Job, step.ToString(), why);
        if (stopped.Length > 0 && before.Stopped.Length == 0)
            log.Stopped(Tenant, Name, stopped);
    }

    /// <summary>What is due.</summary>
    private sealed record Due(string Cause, string Because, string By = "");
}
