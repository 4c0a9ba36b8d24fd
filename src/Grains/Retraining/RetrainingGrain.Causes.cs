using System.Collections.Immutable;
using System.Globalization;
using OrleansCluster.Contracts.Api;
using OrleansCluster.Datasets;
using OrleansCluster.Models;
using OrleansCluster.Monitoring;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Retraining;

/// <content>What causes a run, and what keeps it from beginning.</content>
public sealed partial class RetrainingGrain
{
    /// <summary>Causes of drift that a run tells.</summary>
    private const int MostTold = 3;

    private readonly WindowComparisons _compared = new();

    /// <summary>Begins a run when one is due and nothing is against it.</summary>
    private async Task Consider(RetrainingPlan plan, CancellationToken cancellation)
    {
        _waiting = "";
        if (await Model.Info(cancellation) is not { } info || await Model.Get(info.Default, cancellation) is not { } champion)
            return;
        DatasetVersion rows = await NewestRows(plan, cancellation);
        if (await FindCause(plan, champion, rows, cancellation) is not { } due)
            return;
        _waiting = await Against(plan, due, champion, rows, cancellation);
        if (_waiting.Length == 0)
            await BeginRun(plan, due, cancellation);
        else
            _waiting = $"{due.Because}, but {_waiting}";
    }

    private async Task<Due?> FindCause(RetrainingPlan plan, ModelVersion champion, DatasetVersion rows, CancellationToken cancellation)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (plan.NextAfter(state.State.Scheduled) is { } scheduled && scheduled <= now)
            return new Due(RetrainingCauses.Schedule, $"it was due at {scheduled:yyyy-MM-dd HH:mm} UTC");
        if (plan.DriftedWindows > 0 && await FindDrift(plan, champion.Version, cancellation) is { } drift)
            return drift;
        long more = rows.Rows - champion.Training.Rows;
        CultureInfo plain = CultureInfo.InvariantCulture;
        if (plan.NewRows > 0 && more >= plan.NewRows)
            return new Due(RetrainingCauses.Rows, string.Create(plain, $"the dataset has {more:N0} rows more than version {champion.Version} saw"));
        TimeSpan age = now - champion.Created;
        return age >= plan.OldestChampion
            ? new Due(RetrainingCauses.Age, string.Create(plain, $"version {champion.Version} is {age.TotalDays:0.#} days old"))
            : null;
    }

    /// <summary>Drift of the champion's newest windows, one after the other.</summary>
    private async Task<Due?> FindDrift(RetrainingPlan plan, int version, CancellationToken cancellation)
    {
        ImmutableArray<ObservedWindow> windows = await GrainFactory.GetGrain<IMonitorGrain>(this.GetPrimaryKeyString()).Windows(cancellation);
        ObservedWindow[] newest = [.. windows.Where(one => one.Version == version && one.Rows >= plan.Thresholds.MinimumRows).TakeLast(plan.DriftedWindows)];
        if (newest.Length < plan.DriftedWindows)
            return null;
        DriftDocument last = new();
        foreach (ObservedWindow window in newest)
        {
            last = await Compare(plan, window, cancellation);
            if (!last.Drifted)
                return null;
        }

        string which = newest.Length == 1 ? $"the window {newest[0].Name}" : $"the windows {newest[0].Name} to {newest[^1].Name}";
        return new Due(RetrainingCauses.Drift, $"drift in {which}: {string.Join("; ", last.Causes.Take(MostTold))}");
    }

    private Task<DriftDocument> Compare(RetrainingPlan plan, ObservedWindow window, CancellationToken cancellation) =>
        _compared.Compare(GrainFactory.GetGrain<IObserverGrain>(this.GetPrimaryKeyString()), window, plan.Thresholds, cancellation);

    /// <summary>Why a run that is due does not begin; empty: it does.</summary>
    private async Task<string> Against(RetrainingPlan plan, Due due, ModelVersion champion, DatasetVersion rows, CancellationToken cancellation)
    {
        RetrainingState known = state.State;
        DateTimeOffset now = time.GetUtcNow();
        if (known.Stopped.Length > 0)
            return $"retraining has stopped: {known.Stopped}";
        if (rows.Name == champion.Training.Dataset && rows.Version <= champion.Training.DatasetVersion)
            return $"the dataset {rows.Name} has no rows that version {champion.Version} was not trained on: import or append newer ones";
        if (known.Ended.FirstOrDefault() is { Step: RetrainingStep.Rejected or RetrainingStep.RolledBack } last && last.DatasetVersion == rows.Version)
            return $"what was trained on version {rows.Version} of the dataset {rows.Name} was not good enough: import or append newer rows";
        if (due.Cause != RetrainingCauses.Schedule)
        {
            if (known.Ended.FirstOrDefault()?.EndedAt + plan.Pause is { } until && now < until)
                return $"the last run has just ended: not before {until:yyyy-MM-dd HH:mm} UTC";
            if (!plan.IsOpenAt(now))
                return $"only between {plan.Hours} ({plan.TimeZone})";
        }

        int today = known.Ended.Count(run => run.Cause != RetrainingCauses.Asked && run.Began > now - TimeSpan.FromDays(1));
        if (today >= plan.MostADay)
            return $"{today} began within a day already, the most that the plan allows";
        string key = GrainKeys.For(Tenant, RetrainingBudget.Key);
        return await GrainFactory.GetGrain<IRetrainingBudgetGrain>(key).Take(JobOf(known.Runs + 1), cancellation)
            ? "" : "the tenant's retrainings of a day are used up";
    }

    /// <summary>The rows that would be trained on.</summary>
    private async Task<DatasetVersion> NewestRows(RetrainingPlan plan, CancellationToken cancellation) =>
        await GrainFactory.GetGrain<IDatasetGrain>(GrainKeys.For(Tenant, plan.Dataset)).Get(0, cancellation)
            ?? throw new ClusteringException($"There is no dataset '{plan.Dataset}': import it first, or correct the name.");
}
