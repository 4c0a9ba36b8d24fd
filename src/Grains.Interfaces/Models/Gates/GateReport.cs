using System.Collections.Immutable;

namespace OrleansCluster.Models.Gates;

/// <summary>Why a version became what it became. Kept with the version.</summary>
[GenerateSerializer, Immutable, Alias("oc.GateReport")]
public sealed record GateReport
{
    /// <summary>One of <see cref="GateVerdicts"/>.</summary>
    [Id(0)] public required string Verdict { get; init; }

    /// <summary>The champion that it was compared with; 0: there was none.</summary>
    [Id(1)] public required int Champion { get; init; }

    /// <summary>One entry a rule, in the policy's order.</summary>
    [Id(2)] public required ImmutableArray<GateOutcome> Outcomes { get; init; }

    /// <summary>What besides the rules led to the verdict; empty: nothing did.</summary>
    [Id(3)] public string Remark { get; init; } = "";

    /// <summary>The rules that it failed and why, for people; empty: it passed all.</summary>
    public string Against => string.Join("; ", Outcomes.Where(outcome => !outcome.Passed).Select(outcome => $"{outcome.Rule.Metric}: {outcome.Why}"));
}

/// <summary>What came of one rule.</summary>
[GenerateSerializer, Immutable, Alias("oc.GateOutcome")]
public sealed record GateOutcome
{
    [Id(0)] public required GateRule Rule { get; init; }

    [Id(1)] public required bool Passed { get; init; }

    /// <summary>What was measured; null: there was nothing to measure, or it could not be.</summary>
    [Id(2)] public required double? Value { get; init; }

    /// <summary>Why, for people.</summary>
    [Id(3)] public required string Why { get; init; }
}

/// <summary>What a training measured for the gates, beside what its report says.</summary>
[GenerateSerializer, Immutable, Alias("oc.GateMeasures")]
public sealed record GateMeasures
{
    /// <summary>The champion that was measured on the same rows; 0: none was.</summary>
    [Id(0)] public int Champion { get; init; }

    /// <summary>Its objective on the rows of this training; null: not measured.</summary>
    [Id(1)] public double? ChampionObjective { get; init; }

    /// <summary>Mean log-density of the held-out rows under the new version; null: not measured.</summary>
    [Id(2)] public double? LogLikelihood { get; init; }

    /// <summary>Mean silhouette of a sample of the training rows under the new version; null: not measured.</summary>
    [Id(3)] public double? Silhouette { get; init; }

    /// <summary>Why something could not be measured; empty: all of it could.</summary>
    [Id(4)] public string Trouble { get; init; } = "";
}
