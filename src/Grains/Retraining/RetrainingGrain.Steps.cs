using OrleansCluster.Datasets;
using OrleansCluster.Models;
using OrleansCluster.Models.Gates;
using OrleansCluster.Models.Routing;
using OrleansCluster.Monitoring;
using OrleansCluster.Tenancy;
using OrleansCluster.Training;

namespace OrleansCluster.Retraining;

/// <content>A run, step by step: trained, judged, tried, promoted or rolled back.</content>
public sealed partial class RetrainingGrain
{
    private const int LongestInJob = 80;

    private string JobOf(int run) => $"auto-{(Name.Length <= LongestInJob ? Name : Name[..LongestInJob])}-{run}";

    /// <summary>Writes the run down, and starts its job.</summary>
    private async Task BeginRun(RetrainingPlan plan, Due due, CancellationToken cancellation)
    {
        ModelInfo info = await Model.Info(cancellation) ?? throw new ClusteringException($"There is no model '{Name}' any more.");
        DatasetVersion rows = await NewestRows(plan, cancellation);
        var run = new RetrainingRun
        {
            Number = state.State.Runs + 1,
            Step = RetrainingStep.Training,
            Cause = due.Cause,
            Because = due.Because,
            By = due.By,
            Job = JobOf(state.State.Runs + 1),
            DatasetVersion = rows.Version,
            Parent = info.Default,
            Began = time.GetUtcNow(),
        };
        await this.Write(state, state.State with { Current = run, Runs = run.Number, Scheduled = time.GetUtcNow() });
        KeepPace();
        log.Began(Tenant, Name, run.Job, run.Because);
        await GoOn(plan, run, cancellation);
    }

    private Task GoOn(RetrainingPlan plan, RetrainingRun run, CancellationToken cancellation) =>
        run.Step == RetrainingStep.Training ? Train(plan, run, cancellation) : Try(plan, run, cancellation);

    private async Task Train(RetrainingPlan plan, RetrainingRun run, CancellationToken cancellation)
    {
        ITrainingGrain job = GrainFactory.GetGrain<ITrainingGrain>(GrainKeys.For(Tenant, run.Job));
        JobStatus? status = await job.Status(cancellation);
        if (status is null)
        {
            try
            {
                status = await job.Start(await Request(plan, run, cancellation), cancellation);
            }
            catch (ClusteringException e)
            {
                await End(RetrainingStep.Failed, e.Message);
                return;
            }
        }

        switch (status.State)
        {
            case JobState.Interrupted:
                await job.Resume(cancellation);
                break;
            case JobState.Failed:
                await End(RetrainingStep.Failed, status.Error);
                break;
            case JobState.Cancelled:
                await End(RetrainingStep.Left, $"the job {run.Job} was cancelled");
                break;
            case JobState.Succeeded:
                await Update(one => one with { Version = status.Version });
                await Judge(plan, state.State.Current!, cancellation);
                break;
            default:
                break;
        }
    }

    private async Task<TrainingRequest> Request(RetrainingPlan plan, RetrainingRun run, CancellationToken cancellation)
    {
        ModelVersion parent = await Model.Get(run.Parent, cancellation)
            ?? throw new ClusteringException($"Version {run.Parent} of the model '{Name}', which it goes on from, is gone.");
        return new TrainingRequest
        {
            Model = Name,
            Dataset = plan.Dataset,
            DatasetVersion = run.DatasetVersion,
            Parent = run.Parent,
            By = Who,
            Retraining = plan.Fresh ? RetrainingKind.Fresh : RetrainingKind.Warm,
            Options = parent.Training.Options,
            OnTrial = !plan.Steps.IsEmpty,
            Adapts = plan.Adapts,
            KeepsThreshold = !plan.AdaptsThreshold,
        };
    }

    /// <summary>What becomes of a version that was published.</summary>
    private async Task Judge(RetrainingPlan plan, RetrainingRun run, CancellationToken cancellation)
    {
        ModelVersion? version = await Model.Get(run.Version, cancellation);
        ModelInfo? info = await Model.Info(cancellation);
        if (version is null || info is null)
        {
            await End(RetrainingStep.Left, $"version {run.Version} is gone");
            return;
        }

        GateReport? gate = version.Training.Gate;
        bool tries = !plan.Steps.IsEmpty;
        if (RetrainingRules.Against(gate, tries) is { Length: > 0 } against)
        {
            await End(gate is null ? RetrainingStep.Left : RetrainingStep.Rejected, against);
            return;
        }

        if (IsChampion(info, run.Version))
        {
            await End(RetrainingStep.Promoted, "it passed every rule of the model's policy");
            return;
        }

        if (!tries)
        {
            await End(RetrainingStep.Left, gate!.Remark.Length > 0 ? gate.Remark : "the policy did not promote it");
            return;
        }

        ModelRoute? route = (await Routes.Route(cancellation))?.Route;
        if (route is not null && route.Canary?.Version != run.Version)
            await End(RetrainingStep.Left, "a route is set, so that it cannot be tried: end the route, or promote the version by hand");
        else if (route is not null || await BeginCanary(plan, run, info, cancellation))
            await Update(one => one with { Step = RetrainingStep.Trying });
    }

    /// <summary>Gives the candidate its first share. False: it was not given one, now or at all.</summary>
    private async Task<bool> BeginCanary(RetrainingPlan plan, RetrainingRun run, ModelInfo info, CancellationToken cancellation)
    {
        var canary = new RouteChange
        {
            Kind = RouteChangeKind.Canary,
            Version = run.Version,
            // The last step is where it has come through all others.
            Steps = [.. plan.Steps, ModelRoute.Whole],
            Every = plan.Every,
            Guards = plan.Guards,
        };
        try
        {
            if (!await Attempt(
                info, () => Routes.SetRoute(Change("canary", info, $"run {run.Number}: {run.Because}"), canary, cancellation), cancellation))
                return false;
        }
        catch (ClusteringException e)
        {
            await End(RetrainingStep.Left, $"it cannot be tried: {e.Message}");
            return false;
        }

        log.Tried(Tenant, Name, run.Version, run.Job);
        return true;
    }

    /// <summary>Looks at what is tried: it goes on, is promoted, or is rolled back.</summary>
    private async Task Try(RetrainingPlan plan, RetrainingRun run, CancellationToken cancellation)
    {
        RouteStatus? status = await Routes.Route(cancellation);
        ModelInfo? info = await Model.Info(cancellation);
        if (info is null || status is null)
        {
            await End(RetrainingStep.Left, "the model is gone");
            return;
        }

        if (IsChampion(info, run.Version))
        {
            await End(RetrainingStep.Promoted, "somebody promoted it meanwhile, or the last look was not written down");
            return;
        }

        if (status.Route?.Canary is not { } canary || canary.Version != run.Version)
        {
            await End(RetrainingStep.Left, "somebody ended or changed the route meanwhile");
            return;
        }

        if (status.Step == canary.Steps.Length - 1)
        {
            if (await Attempt(info, () => Model.SetAlias(
                Change("promote", info, $"run {run.Number}: it came through the canary, {plan.Steps.Length} steps of {plan.Every}"), ModelReference.Champion,
                run.Version, cancellation), cancellation))
                await End(RetrainingStep.Promoted, "its answers were good enough at every step of the canary");
            return;
        }

        if (status.Step != run.CanaryStep)
            await Update(one => one with { CanaryStep = status.Step });
        string against = RetrainingRules.AgainstCanary(status, await Unanswered(status.Route.Number, run.Version, cancellation), plan, time.GetUtcNow());
        if (against.Length == 0)
            against = await DriftOf(plan, run.Version, canary.Began, cancellation);
        if (against.Length > 0 && await EndCanary(run, against, cancellation))
            await End(RetrainingStep.RolledBack, against);
    }

    /// <summary>
    /// How the rows that the candidate itself answers differ from those that it was trained on: one trained on rows that nobody asks about shows here.
    /// </summary>
    private async Task<string> DriftOf(RetrainingPlan plan, int version, DateTimeOffset since, CancellationToken cancellation)
    {
        if (plan.DriftedWindows == 0)
            return "";
        ObservedWindow? window = (await GrainFactory.GetGrain<IMonitorGrain>(this.GetPrimaryKeyString()).Windows(cancellation))
            .LastOrDefault(one => one.Version == version && one.Until >= since && one.Rows >= plan.Thresholds.MinimumRows);
        return window is not null && await Compare(plan, window, cancellation) is { Drifted: true } drift
            ? $"the rows that it answers are not like those that it was trained on: {string.Join("; ", drift.Causes.Take(MostTold))}"
            : "";
    }

    private async Task<long> Unanswered(int route, int version, CancellationToken cancellation)
    {
        RouteAgreement counts = await GrainFactory.GetGrain<IAgreementGrain>(this.GetPrimaryKeyString()).Get(cancellation);
        return counts.Route == route ? counts.Versions.FirstOrDefault(one => one.Version == version)?.Errors ?? 0 : 0;
    }

    /// <summary>Has the champion answer everything again, and takes the candidate its alias. False: somebody changed the model at the same moment.</summary>
    private async Task<bool> EndCanary(RetrainingRun run, string why, CancellationToken cancellation)
    {
        ModelInfo? info = await Model.Info(cancellation);
        if (info is null || (await Routes.Route(cancellation))?.Route?.Canary?.Version != run.Version)
            return true;
        string reason = $"run {run.Number}: {why}";
        if (!await Attempt(info, () => Routes.SetRoute(
            Change("rollback", info, reason), new RouteChange { Kind = RouteChangeKind.Abort }, cancellation), cancellation))
            return false;
        info = await Model.Info(cancellation);
        if (info?.Aliases.Any(alias => alias.Name == ModelReference.Challenger && alias.Version == run.Version) == true)
        {
            await Attempt(
                info, () => Model.RemoveAlias(Change("challenger", info, reason), ModelReference.Challenger, cancellation), cancellation);
        }

        return true;
    }

    /// <summary>Carries out a change of the model. False: another one came first, and it is looked at again.</summary>
    private async Task<bool> Attempt(ModelInfo seen, Func<Task> change, CancellationToken cancellation)
    {
        try
        {
            await change();
            return true;
        }
        catch (ClusteringException)
        {
            if ((await Model.Info(cancellation))?.Revision == seen.Revision)
                throw;
            return false;
        }
    }

    private static bool IsChampion(ModelInfo info, int version) =>
        info.Aliases.Any(alias => alias.Name == ModelReference.Champion && alias.Version == version);
}
