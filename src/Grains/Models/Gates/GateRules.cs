using System.Collections.Immutable;
using System.Globalization;
using OrleansCluster.Datasets;

namespace OrleansCluster.Models.Gates;

/// <summary>Decides what becomes of a new version. A function of policy and facts.</summary>
internal static class GateRules
{
    /// <summary>Refuses a policy that could not be carried out.</summary>
    /// <exception cref="ClusteringException">What is wrong with it, and what there is.</exception>
    public static GatePolicy Check(GatePolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        if (policy.Rules.IsDefaultOrEmpty)
            throw new ClusteringException($"The policy has no rules: give at least one of {Known}.");
        foreach (GateRule rule in policy.Rules)
        {
            if (!GateMetrics.All.Contains(rule.Metric, StringComparer.Ordinal))
                throw new ClusteringException($"The policy has a rule for '{rule.Metric}', which is no metric: there are {Known}.");
            if (policy.Rules.Count(other => other.Metric == rule.Metric) > 1)
                throw new ClusteringException($"The policy has two rules for '{rule.Metric}': give one.");
            if (Problem(rule) is { } problem)
                throw new ClusteringException($"The limit on {rule.Metric} is {rule.Limit.ToString("R", CultureInfo.InvariantCulture)}: {problem}.");
            if (rule.Otherwise is not (GateVerdicts.Challenger or GateVerdicts.None))
                throw new ClusteringException($"A version that fails on {rule.Metric} would become '{rule.Otherwise}': it can become "
                    + $"{GateVerdicts.Challenger} or {GateVerdicts.None}.");
        }

        bool needsRows = policy.Rules.Any(rule => rule.Metric == GateMetrics.LogLikelihood);
        if (needsRows && policy.HeldOut.Length == 0)
            throw new ClusteringException($"A rule for {GateMetrics.LogLikelihood} needs rows that are kept back from training: name their dataset.");
        if (needsRows)
            _ = DatasetReference.Parse(policy.HeldOut);
        if (!needsRows && policy.HeldOut.Length > 0)
            throw new ClusteringException($"The policy names held-out rows, '{policy.HeldOut}', but has no rule for {GateMetrics.LogLikelihood}: add one, or "
                + "leave them out.");
        return policy;
    }

    /// <summary>The verdict on a version and its reasons: champion when all rules pass, else the least that a failed rule leaves.</summary>
    public static GateReport Decide(GatePolicy policy, GateFacts facts)
    {
        ImmutableArray<GateOutcome> outcomes = [.. policy.Rules.Select(rule => Judge(rule, facts))];
        string[] left = [.. outcomes.Where(outcome => !outcome.Passed).Select(outcome => outcome.Rule.Otherwise)];
        return new GateReport
        {
            Verdict = left.Length == 0 ? GateVerdicts.Champion : left.Contains(GateVerdicts.None) ? GateVerdicts.None : GateVerdicts.Challenger,
            Champion = facts.Champion,
            Outcomes = outcomes,
        };
    }

    private static string Known => string.Join(", ", GateMetrics.All);

    private static string? Problem(GateRule rule) => rule.Metric switch
    {
        _ when !double.IsFinite(rule.Limit) => "it must be a finite number",
        GateMetrics.Objective when rule.Limit < 0 => "give the share by which it may be worse, 0% or more",
        GateMetrics.Churn or GateMetrics.Confidence when rule.Limit is < 0 or > 1 => "give a share from 0% to 100%",
        GateMetrics.Size when rule.Limit < 0 => "give a number of rows, 0 or more",
        GateMetrics.Silhouette when rule.Limit is < -1 or > 1 => "a silhouette lies between −1 and 1",
        _ => null,
    };

    private static GateOutcome Judge(GateRule rule, GateFacts facts)
    {
        if (GateMetrics.IsOfChampion(rule.Metric) && facts.Champion == 0)
            return Outcome(rule, true, null, "there is no champion to compare with");
        double? value = rule.Metric switch
        {
            GateMetrics.Objective => facts.Worse(),
            GateMetrics.Churn => facts.Churn,
            GateMetrics.Size => facts.LeastSize,
            GateMetrics.Confidence => facts.LeastConfidence,
            GateMetrics.LogLikelihood => facts.LogLikelihood,
            GateMetrics.Silhouette => facts.Silhouette,
            _ => null,
        };
        // Comparisons with NaN are false: what cannot be compared does not pass.
        if (value is not { } measured || double.IsNaN(measured))
            return Outcome(rule, false, null, $"it could not be measured{(facts.Trouble.Length > 0 ? $": {facts.Trouble}" : "")}");
        bool passed = GateMetrics.IsAtMost(rule.Metric) ? measured <= rule.Limit : measured >= rule.Limit;
        string relation = (GateMetrics.IsAtMost(rule.Metric), passed) switch
        {
            (true, true) => "at most",
            (true, false) => "more than",
            (false, true) => "at least",
            (false, false) => "less than",
        };
        string why = rule.Metric == GateMetrics.Objective && measured < 0
            ? $"{Text(rule.Metric, -measured)} better than the champion's"
            : $"{Text(rule.Metric, measured)}{(rule.Metric == GateMetrics.Objective ? " worse" : "")} "
                + $"{(rule.Metric == GateMetrics.Size && measured != 1 ? "are" : "is")} {relation} {Text(rule.Metric, rule.Limit)}";
        return Outcome(rule, passed, measured, why);
    }

    private static GateOutcome Outcome(GateRule rule, bool passed, double? value, string why) =>
        new() { Rule = rule, Passed = passed, Value = value, Why = why };

    private static string Text(string metric, double value) => metric switch
    {
        // 0 is added for what rounds to −0.
        GateMetrics.Objective or GateMetrics.Churn => (Math.Round(value * 100, 4) + 0.0).ToString("0.####", CultureInfo.InvariantCulture) + "%",
        GateMetrics.Size => value.ToString("N0", CultureInfo.InvariantCulture) + (value == 1 ? " row" : " rows"),
        _ => value.ToString("0.####", CultureInfo.InvariantCulture),
    };
}

/// <summary>What is known of a new version when it is judged.</summary>
internal sealed record GateFacts
{
    /// <summary>The champion; 0: there is none.</summary>
    public required int Champion { get; init; }

    /// <summary>Of the new version, on the rows it was trained on.</summary>
    public required double Objective { get; init; }

    /// <summary>Of the champion, on the same rows; null: unknown.</summary>
    public double? ChampionObjective { get; init; }

    /// <summary>Whether less is better, as of an inertia and not of a likelihood.</summary>
    public required bool LessIsBetter { get; init; }

    /// <summary>Share of the anchor rows whose stable label changed; null: unknown.</summary>
    public double? Churn { get; init; }

    /// <summary>Rows of the smallest cluster.</summary>
    public required long LeastSize { get; init; }

    /// <summary>Of the matches with the champion's clusters; null: unknown, or nothing was matched.</summary>
    public double? LeastConfidence { get; init; }

    /// <summary>Mean log-density of the held-out rows; null: unknown.</summary>
    public double? LogLikelihood { get; init; }

    /// <summary>Mean silhouette of sampled rows; null: unknown.</summary>
    public double? Silhouette { get; init; }

    /// <summary>Why something is unknown; empty: nothing is to be said.</summary>
    public string Trouble { get; init; } = "";

    /// <summary>By how much the objective is worse than the champion's, as a share of its magnitude; null: unknown.</summary>
    public double? Worse()
    {
        if (ChampionObjective is not { } before)
            return null;
        double worse = LessIsBetter ? Objective - before : before - Objective;
        // Against an objective of 0 nothing has a share: the same is as good, and anything else is boundlessly better or worse.
        return worse == 0 ? 0 : worse / Math.Abs(before);
    }
}
