using System.Collections.Immutable;

namespace OrleansCluster.Alerts;

/// <summary>When something is wrong, and how it is told.</summary>
[GenerateSerializer, Immutable, Alias("oc.AlertRule")]
public sealed record AlertRule
{
    [Id(0)] public required string Name { get; init; }

    /// <summary>One of <see cref="AlertFigures"/>.</summary>
    [Id(1)] public required string Figure { get; init; }

    /// <summary>More than this is wrong.</summary>
    [Id(2)] public required double Above { get; init; }

    /// <summary>Not more than this is well again; null: <see cref="Above"/>.</summary>
    [Id(3)] public double? Below { get; init; }

    /// <summary>How long it must have been so before it is told.</summary>
    [Id(4)] public TimeSpan For { get; init; }

    /// <summary>Told again after this time while it lasts and nobody has seen to it; what comes back sooner is not told anew.</summary>
    [Id(5)] public TimeSpan Repeat { get; init; } = TimeSpan.FromHours(4);

    /// <summary>Models, with <c>*</c> for any characters.</summary>
    [Id(6)] public string Models { get; init; } = "*";

    /// <summary>One of <see cref="AlertSeverities"/>.</summary>
    [Id(7)] public string Severity { get; init; } = AlertSeverities.Ticket;

    /// <summary>The rules of a tenant that has set none of their names.</summary>
    public static ImmutableArray<AlertRule> Usual { get; } =
    [
        new() { Name = "drift", Figure = AlertFigures.Drift, Above = 0.2, Below = 0.1, For = TimeSpan.FromMinutes(15) },
        new() { Name = "retraining-failed", Figure = AlertFigures.RetrainingFailures, Above = 0 },
        new() { Name = "retraining-stopped", Figure = AlertFigures.RetrainingStopped, Above = 0, Severity = AlertSeverities.Page },
    ];
}

/// <summary>What rules look at, of each model.</summary>
public static class AlertFigures
{
    /// <summary>
    /// How far a column of the champion's newest window is from the training rows, where that is called drift: 1-Wasserstein distance in standard deviations
    /// of numbers, else the Jensen–Shannon distance. Of scores and clusters only where no column explains it.
    /// </summary>
    public const string Drift = "drift";

    /// <summary>Share of the missing values of a column of that window.</summary>
    public const string Missing = "missing";

    /// <summary>Share of the values of a column that are out of the training rows' range, or not among their categories.</summary>
    public const string Outside = "outside";

    /// <summary>1 while retraining by itself has stopped, else 0.</summary>
    public const string RetrainingStopped = "retraining-stopped";

    /// <summary>Runs one after the other, up to now, that failed, were rejected or rolled back.</summary>
    public const string RetrainingFailures = "retraining-failures";

    /// <summary>Age of the champion of a model that is retrained by itself, in days.</summary>
    public const string ChampionAge = "champion-age";

    /// <summary>All of them.</summary>
    public static ImmutableArray<string> All { get; } = [Drift, Missing, Outside, RetrainingStopped, RetrainingFailures, ChampionAge];
}

/// <summary>How urgent an alert is.</summary>
public static class AlertSeverities
{
    /// <summary>Somebody must look now.</summary>
    public const string Page = "page";

    /// <summary>Somebody must look tomorrow.</summary>
    public const string Ticket = "ticket";
}
