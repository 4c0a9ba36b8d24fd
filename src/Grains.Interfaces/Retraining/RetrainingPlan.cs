using System.Collections.Immutable;
using OrleansCluster.Models.Routing;
using OrleansCluster.Monitoring;

namespace OrleansCluster.Retraining;

/// <summary>When a model is retrained by itself, and what becomes of the result.</summary>
[GenerateSerializer, Immutable, Alias("oc.RetrainingPlan")]
public sealed record RetrainingPlan
{
    /// <summary>The rows to train on: the newest version of this dataset.</summary>
    [Id(0)] public required string Dataset { get; init; }

    /// <summary>A cron expression of five fields; empty: no schedule. Times that passed while nothing ran are made up for once.</summary>
    [Id(1)] public string Schedule { get; init; } = "";

    /// <summary>The time zone of <see cref="Schedule"/> and <see cref="Hours"/>: a name of the IANA database.</summary>
    [Id(2)] public string TimeZone { get; init; } = "UTC";

    /// <summary>Hours of the day in which other causes may begin a run, as <c>22:00-06:00</c>; empty: any.</summary>
    [Id(3)] public string Hours { get; init; } = "";

    /// <summary>
    /// How many windows of the champion one after the other must have drifted to begin a run, the newest last; 0: drift begins none, and what a candidate is
    /// asked about is not compared with what it was trained on.
    /// </summary>
    [Id(4)] public int DriftedWindows { get; init; }

    /// <summary>What is called drift.</summary>
    [Id(5)] public DriftThresholds Thresholds { get; init; } = new();

    /// <summary>How many rows more than the champion was trained on begin a run; 0: they begin none.</summary>
    [Id(6)] public long NewRows { get; init; }

    /// <summary>The champion's age that begins a run; null: age begins none.</summary>
    [Id(7)] public TimeSpan? OldestChampion { get; init; }

    /// <summary>How long after the end of a run no other begins by itself.</summary>
    [Id(8)] public TimeSpan Pause { get; init; } = TimeSpan.FromHours(12);

    /// <summary>Most runs that begin by themselves within 24 hours, at least 1.</summary>
    [Id(9)] public int MostADay { get; init; } = 2;

    /// <summary>After so many runs one after the other that failed, were rejected or rolled back, none begins by itself, at least 1.</summary>
    [Id(10)] public int MostFailures { get; init; } = 2;

    /// <summary>Begin as the options say and not from the champion's parameters.</summary>
    [Id(11)] public bool Fresh { get; init; }

    /// <summary>
    /// The shares of the questions that a version that passed the policy answers, one after the other, before it becomes champion; none: the policy decides
    /// alone.
    /// </summary>
    [Id(12)] public ImmutableArray<int> Steps { get; init; } = [];

    /// <summary>How long a step lasts at least.</summary>
    [Id(13)] public TimeSpan Every { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>What must hold of its answers at each step; else it is rolled back.</summary>
    [Id(14)] public CanaryGuards Guards { get; init; } = new();

    /// <summary>How long a step waits for enough answers to judge it by, before it is rolled back because there were none.</summary>
    [Id(15)] public TimeSpan Patience { get; init; } = TimeSpan.FromDays(1);

    /// <summary>
    /// Merge clusters that have become one on the new rows, and split those that have become two, before a run begins. Not with <see cref="Fresh"/>.
    /// </summary>
    [Id(17)] public bool Adapts { get; init; }

    /// <summary>Set the threshold of anomalies anew with every run; else the champion's stays.</summary>
    [Id(18)] public bool AdaptsThreshold { get; init; }

    /// <summary>Who set it.</summary>
    [Id(16)] public string By { get; init; } = "";
}
