using System.Text.Json.Serialization;

namespace OrleansCluster.Contracts.Api;

/// <summary>Where the retraining of a model stands.</summary>
public sealed class RetrainingDocument
{
    [JsonPropertyName("model")]
    public string Model { get; set; } = "";

    [JsonPropertyName("plan")]
    public RetrainingPlanDocument Plan { get; set; } = new();

    /// <summary>Who set the plan.</summary>
    [JsonPropertyName("by")]
    public string By { get; set; } = "";

    /// <summary>When the schedule begins the next run; null: there is no schedule.</summary>
    [JsonPropertyName("next")]
    public DateTimeOffset? Next { get; set; }

    /// <summary>Why a run that is due does not begin yet; null: none is due.</summary>
    [JsonPropertyName("waiting")]
    public string? Waiting { get; set; }

    /// <summary>Why no run begins by itself any more; null: they do.</summary>
    [JsonPropertyName("stopped")]
    public string? Stopped { get; set; }

    /// <summary>The run under way; null: there is none.</summary>
    [JsonPropertyName("current")]
    public RetrainingRunDocument? Current { get; set; }

    /// <summary>Runs that have ended, the newest first.</summary>
    [JsonPropertyName("ended")]
    public RetrainingRunDocument[] Ended { get; set; } = [];
}

/// <summary>Models that are retrained by themselves, by name.</summary>
public sealed class RetrainingPageDocument
{
    [JsonPropertyName("items")]
    public RetrainingDocument[] Items { get; set; } = [];
}

/// <summary>When a model is retrained by itself, and what becomes of the result.</summary>
public sealed class RetrainingPlanDocument
{
    /// <summary>The rows to train on: the newest version of this dataset.</summary>
    [JsonPropertyName("dataset")]
    public string Dataset { get; set; } = "";

    /// <summary>A cron expression of five fields; null: no schedule.</summary>
    [JsonPropertyName("schedule")]
    public string? Schedule { get; set; }

    /// <summary>A name of the IANA database.</summary>
    [JsonPropertyName("time_zone")]
    public string TimeZone { get; set; } = "UTC";

    /// <summary>Hours of the day in which other causes may begin a run, as <c>22:00-06:00</c>; null: any.</summary>
    [JsonPropertyName("hours")]
    public string? Hours { get; set; }

    /// <summary>How many windows one after the other must have drifted to begin a run; 0: drift begins none.</summary>
    [JsonPropertyName("drifted_windows")]
    public int DriftedWindows { get; set; }

    /// <summary>Least effect that is called drift.</summary>
    [JsonPropertyName("drift_effect")]
    public double DriftEffect { get; set; } = 0.1;

    /// <summary>Windows with fewer rows are not judged.</summary>
    [JsonPropertyName("drift_min_rows")]
    public int DriftMinRows { get; set; } = 100;

    /// <summary>How many rows more than the champion was trained on begin a run; 0: they begin none.</summary>
    [JsonPropertyName("new_rows")]
    public long NewRows { get; set; }

    /// <summary>The champion's age that begins a run; null: age begins none.</summary>
    [JsonPropertyName("older_than_seconds")]
    public double? OlderThanSeconds { get; set; }

    /// <summary>How long after the end of a run no other begins but by the schedule.</summary>
    [JsonPropertyName("pause_seconds")]
    public double PauseSeconds { get; set; } = 43_200;

    [JsonPropertyName("most_a_day")]
    public int MostADay { get; set; } = 2;

    /// <summary>After so many runs one after the other that came to nothing none begins by itself.</summary>
    [JsonPropertyName("most_failures")]
    public int MostFailures { get; set; } = 2;

    /// <summary>Begin as the options say and not from the champion's parameters.</summary>
    [JsonPropertyName("fresh")]
    public bool Fresh { get; set; }

    /// <summary>Merge clusters that have become one, and split those that have become two, before a run begins.</summary>
    [JsonPropertyName("adapt")]
    public bool Adapt { get; set; }

    /// <summary>Set the threshold of anomalies anew with every run; else the champion's stays.</summary>
    [JsonPropertyName("adapt_threshold")]
    public bool AdaptThreshold { get; set; }

    /// <summary>Shares of the questions that a new version answers before it becomes champion, 0 … 1, growing; none: the policy decides alone.</summary>
    [JsonPropertyName("canary")]
    public double[] Canary { get; set; } = [];

    /// <summary>How long each of these lasts at least.</summary>
    [JsonPropertyName("every_seconds")]
    public double EverySeconds { get; set; } = 900;

    [JsonPropertyName("guards")]
    public GuardLimitsDocument Guards { get; set; } = new();

    /// <summary>How long a step waits for enough answers to judge it by.</summary>
    [JsonPropertyName("patience_seconds")]
    public double PatienceSeconds { get; set; } = 86_400;
}

/// <summary>One retraining from its cause to its end.</summary>
public sealed class RetrainingRunDocument
{
    [JsonPropertyName("run")]
    public int Run { get; set; }

    /// <summary><c>training</c>, <c>trying</c>, <c>promoted</c>, <c>rejected</c>, <c>rolled-back</c>, <c>failed</c> or <c>left</c>.</summary>
    [JsonPropertyName("step")]
    public string Step { get; set; } = "";

    /// <summary><c>schedule</c>, <c>drift</c>, <c>rows</c>, <c>age</c> or <c>asked</c>.</summary>
    [JsonPropertyName("cause")]
    public string Cause { get; set; } = "";

    [JsonPropertyName("because")]
    public string Because { get; set; } = "";

    [JsonPropertyName("job")]
    public string Job { get; set; } = "";

    [JsonPropertyName("dataset_version")]
    public int DatasetVersion { get; set; }

    /// <summary>The version that it went on from.</summary>
    [JsonPropertyName("parent")]
    public int Parent { get; set; }

    /// <summary>The version that it published; null: none.</summary>
    [JsonPropertyName("version")]
    public int? Version { get; set; }

    /// <summary>Of what is tried: the canary's step, from 1; null: it is not.</summary>
    [JsonPropertyName("canary_step")]
    public int? CanaryStep { get; set; }

    [JsonPropertyName("began")]
    public DateTimeOffset Began { get; set; }

    [JsonPropertyName("ended")]
    public DateTimeOffset? Ended { get; set; }

    /// <summary>Why it ended so; null: it has not.</summary>
    [JsonPropertyName("why")]
    public string? Why { get; set; }
}

/// <summary>How many retrainings of a tenant begin by themselves in a day.</summary>
public sealed class RetrainingBudgetDocument
{
    /// <summary>0: as many as the models' plans say.</summary>
    [JsonPropertyName("most_a_day")]
    public int MostADay { get; set; }

    /// <summary>Jobs that began within the last 24 hours.</summary>
    [JsonPropertyName("taken")]
    public string[] Taken { get; set; } = [];
}
