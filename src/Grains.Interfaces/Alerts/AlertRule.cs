using System.Collections.Immutable;

namespace OrleansCluster.Alerts;

/// <summary>When something is wrong, and how it is told.</summary>
[GenerateSerializer, Immutable, Alias("oc.AlertRule")]
public sealed record AlertRule
{
    [Id(0)] public required string Name { get; init; }

    /// <summary>One of <see cref="AlertFigures"/>.</summary>
    [Id(1)] public required string Figure { get; init; }

    /// <summary>More than this is wrong, or less where <see cref="IsLess"/> says so.</summary>
    [Id(2)] public required double Above { get; init; }

    /// <summary>Not more than this, or not less, is well again; null: <see cref="Above"/>.</summary>
    [Id(3)] public double? Below { get; init; }

    /// <summary>How long it must have been so before it is told.</summary>
    [Id(4)] public TimeSpan For { get; init; }

    /// <summary>Told again after this time while it lasts and nobody has seen to it; what comes back sooner is not told anew.</summary>
    [Id(5)] public TimeSpan Repeat { get; init; } = TimeSpan.FromHours(4);

    /// <summary>Models, with <c>*</c> for any characters.</summary>
    [Id(6)] public string Models { get; init; } = "*";

    /// <summary>One of <see cref="AlertSeverities"/>.</summary>
    [Id(7)] public string Severity { get; init; } = AlertSeverities.Ticket;

    /// <summary>Whether it is wrong when the figure is less: of an accuracy.</summary>
    [Id(8)] public bool IsLess { get; init; }

    /// <summary>Of <see cref="AlertFigures.AnomalyBurn"/>: the share of anomalies that is as it should be.</summary>
    [Id(9)] public double Objective { get; init; } = 0.01;

    /// <summary>Of the same: the short time.</summary>
    [Id(10)] public TimeSpan Fast { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Of the same: the long time.</summary>
    [Id(11)] public TimeSpan Slow { get; init; } = TimeSpan.FromHours(6);

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

    /// <summary>
    /// How fast anomalies use up what the rule's objective allows of them: their share among the rows of a short and of a long time, divided by the objective,
    /// the lesser of both.
    /// </summary>
    public const string AnomalyBurn = "anomaly-burn";

    /// <summary>How much worse a segment of the last check was than the rest, where that was more than chance.</summary>
    public const string SegmentDrop = "segment-drop";

    /// <summary>What the segments of the last check were compared by, of each of them: <c>segment-accuracy</c>.</summary>
    public const string SegmentAccuracy = Segment + "accuracy", SegmentPrecision = Segment + "precision", SegmentRecall = Segment + "recall",
        SegmentMae = Segment + "mae";

    /// <summary>Days since segments were checked.</summary>
    public const string SegmentAge = "segment-age";

    /// <summary>What figures of segments begin with.</summary>
    public const string Segment = "segment-";

    /// <summary>All of them.</summary>
    public static ImmutableArray<string> All { get; } =
    [
        Drift, Missing, Outside, AnomalyBurn, RetrainingStopped, RetrainingFailures, ChampionAge, SegmentAccuracy, SegmentPrecision, SegmentRecall, SegmentMae,
        SegmentDrop, SegmentAge,
    ];
}

/// <summary>How urgent an alert is.</summary>
public static class AlertSeverities
{
    /// <summary>Somebody must look now.</summary>
    public const string Page = "page";

    /// <summary>Somebody must look tomorrow.</summary>
    public const string Ticket = "ticket";
}
