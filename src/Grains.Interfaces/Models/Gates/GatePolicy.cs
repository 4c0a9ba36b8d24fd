using System.Collections.Immutable;

namespace OrleansCluster.Models.Gates;

/// <summary>What a new version must be like to become a model's champion.</summary>
[GenerateSerializer, Immutable, Alias("oc.GatePolicy")]
public sealed record GatePolicy
{
    /// <summary>The rules, each of another metric; a version that passes all of them becomes champion.</summary>
    [Id(0)] public required ImmutableArray<GateRule> Rules { get; init; }

    /// <summary>
    /// Rows kept back from training, for <see cref="GateMetrics.LogLikelihood"/>: <c>NAME</c> (the newest version) or <c>NAME@VERSION</c>; empty: none.
    /// </summary>
    [Id(1)] public string HeldOut { get; init; } = "";

    /// <summary>The policy with this rule in place of the one of its metric, or after all others.</summary>
    public GatePolicy With(GateRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return Rules.FirstOrDefault(other => other.Metric == rule.Metric) is { } before
            ? this with { Rules = Rules.Replace(before, rule) }
            : this with { Rules = Rules.Add(rule) };
    }

    /// <summary>The policy without the rule of a metric, and without held-out rows that no rule needs then.</summary>
    public GatePolicy Without(string metric) => this with
    {
        Rules = Rules.RemoveAll(rule => rule.Metric == metric),
        HeldOut = metric == GateMetrics.LogLikelihood ? "" : HeldOut,
    };
}

/// <summary>One condition.</summary>
[GenerateSerializer, Immutable, Alias("oc.GateRule")]
public sealed record GateRule
{
    /// <summary>One of <see cref="GateMetrics"/>.</summary>
    [Id(0)] public required string Metric { get; init; }

    /// <summary>Greatest or least value that passes, as the metric says.</summary>
    [Id(1)] public required double Limit { get; init; }

    /// <summary>What a version that fails this rule becomes all the same: <see cref="GateVerdicts.Challenger"/> or <see cref="GateVerdicts.None"/>.</summary>
    [Id(2)] public string Otherwise { get; init; } = GateVerdicts.Challenger;
}

/// <summary>What can be asked of a new version.</summary>
public static class GateMetrics
{
    /// <summary>
    /// By how much its objective is worse than the champion's on the rows it was trained on, as a share of the champion's; below 0: it is better. At most the
    /// limit passes.
    /// </summary>
    public const string Objective = "objective";

    /// <summary>Share of the anchor rows whose stable label changed. At most the limit passes.</summary>
    public const string Churn = "churn";

    /// <summary>Rows of the smallest cluster. At least the limit passes.</summary>
    public const string Size = "size";

    /// <summary>Least confidence of a cluster's match with the champion's. At least the limit passes.</summary>
    public const string Confidence = "confidence";

    /// <summary>Mean log-density of the held-out rows, in nats; of models with densities only. At least the limit passes.</summary>
    public const string LogLikelihood = "log-likelihood";

    /// <summary>Mean silhouette of a sample of the training rows. At least the limit passes.</summary>
    public const string Silhouette = "silhouette";

    /// <summary>All of them.</summary>
    public static ImmutableArray<string> All { get; } = [Objective, Churn, Size, Confidence, LogLikelihood, Silhouette];

    /// <summary>Whether values up to the limit pass, and not those from it on.</summary>
    public static bool IsAtMost(string metric) => metric is Objective or Churn;

    /// <summary>Whether it says how a version differs from the champion, so that without one there is nothing to fail.</summary>
    public static bool IsOfChampion(string metric) => metric is Objective or Churn or Confidence;
}

/// <summary>What becomes of a new version.</summary>
public static class GateVerdicts
{
    /// <summary>The alias <c>champion</c> names it.</summary>
    public const string Champion = "champion";

    /// <summary>The alias <c>challenger</c> names it.</summary>
    public const string Challenger = "challenger";

    /// <summary>No alias names it.</summary>
    public const string None = "none";
}
