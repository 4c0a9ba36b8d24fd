using System.Collections.Immutable;
using OrleansCluster.Models.Gates;
using OrleansCluster.Models.Routing;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Retraining;

/// <summary>What a plan must be like, and what a canary's answers decide. Functions of what is given.</summary>
internal static class RetrainingRules
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(3650);

    /// <summary>Refuses a plan that could not be carried out.</summary>
    /// <exception cref="ClusteringException">What is wrong with it.</exception>
    public static RetrainingPlan Check(RetrainingPlan plan, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(plan);
        GrainKeys.CheckKept("dataset", plan.Dataset);
        if (plan.NextAfter(now) is null && plan.Schedule.Length > 0)
            throw new ClusteringException($"The schedule '{plan.Schedule}' has no time to come: correct it.");
        _ = plan.IsOpenAt(now);
        if (plan.Schedule.Length == 0 && plan.DriftedWindows == 0 && plan.NewRows == 0 && plan.OldestChampion is null)
            throw new ClusteringException("Nothing would ever begin a retraining: give a schedule, drifted windows, new rows or a greatest age.");
        if (plan.Adapts && plan.Fresh)
            throw new ClusteringException("The plan begins afresh and adapts the champion's clusters: ask for one or the other.");
        Least("drifted windows", plan.DriftedWindows, 0);
        Least("new rows", plan.NewRows, 0);
        Least("most runs a day", plan.MostADay, 1);
        Least("most failures", plan.MostFailures, 1);
        Span("greatest age of the champion", plan.OldestChampion ?? TimeSpan.FromDays(1), least: TimeSpan.FromMinutes(1));
        Span("pause", plan.Pause, TimeSpan.Zero);
        Span("step of the canary", plan.Every, TimeSpan.FromSeconds(1));
        Span("patience", plan.Patience, TimeSpan.FromSeconds(1));
        GuardRules.Check(plan.Guards);
        ImmutableArray<int> steps = plan.Steps;
        if (steps.Length >= RouteChanges.MostSteps || steps.Any(step => step is < 1 or >= ModelRoute.Whole)
            || !steps.Zip(steps.Skip(1), (one, next) => next > one).All(grows => grows))
        {
            string given = string.Join(", ", steps.Select(step => RouteChanges.Share(step)));
            throw new ClusteringException($"The steps of the canary are {given}: give shares between 0% and 100% that grow, fewer than "
                + $"{RouteChanges.MostSteps}, as in 5%, 25%, 50%.");
        }

        return plan;
    }

    /// <summary>Why what was trained may not be tried; empty: it may.</summary>
    public static string Against(GateReport? gate, bool tried)
    {
        if (gate is null)
            return tried ? "" : "the model has no policy, so that nothing judged it";
        return gate.Against;
    }

    /// <summary>Why a canary must go, by its answers since its step began; empty: it need not.</summary>
    /// <param name="status">The route with what came of its guards.</param>
    /// <param name="unanswered">Rows that it should have answered under this route and could not.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="now">The moment.</param>
    public static string AgainstCanary(RouteStatus status, long unanswered, RetrainingPlan plan, DateTimeOffset now)
    {
        GuardOutcome? rows = status.Guards.FirstOrDefault(guard => guard.Guard == "rows");
        if (rows is null)
            return "";
        string[] failed = [.. status.Guards.Where(guard => !guard.Passed && guard.Guard != "rows").Select(guard => $"{guard.Guard}: {guard.Why}")];
        // What cannot be answered is never compared.
        if (failed.Length > 0 && (rows.Passed || unanswered >= plan.Guards.LeastRows))
            return string.Join("; ", failed);
        return !rows.Passed && status.Route?.Canary is { } canary && now >= canary.Began + canary.Every + plan.Patience
            ? $"too few answers to judge it by: {rows.Why} since {canary.Began:yyyy-MM-dd HH:mm} UTC"
            : "";
    }

    private static void Least(string what, long value, long least)
    {
        if (value < least)
            throw new ClusteringException($"The number of {what} is {value}: give {least} or more.");
    }

    private static void Span(string what, TimeSpan value, TimeSpan least)
    {
        if (value < least || value > Longest)
            throw new ClusteringException($"The {what} is {value}: give {least} to {Longest.TotalDays:0} days.");
    }
}
