using System.Text.Json.Serialization;

namespace OrleansCluster.Contracts.Api;

/// <summary>What is watched, what is wrong, and what is not told.</summary>
public sealed class AlertsDocument
{
    /// <summary>What is wrong, then what was, the newest first.</summary>
    [JsonPropertyName("alerts")]
    public AlertDocument[] Alerts { get; set; } = [];

    [JsonPropertyName("rules")]
    public AlertRuleDocument[] Rules { get; set; } = [];

    [JsonPropertyName("silences")]
    public AlertSilenceDocument[] Silences { get; set; } = [];

    /// <summary>Where alerts are told.</summary>
    [JsonPropertyName("receivers")]
    public string[] Receivers { get; set; } = [];

    /// <summary>Why alerts could not be told to some of them; null: they were.</summary>
    [JsonPropertyName("trouble")]
    public string? Trouble { get; set; }
}

/// <summary>What a webhook is sent.</summary>
public sealed class AlertMessageDocument
{
    [JsonPropertyName("tenant")]
    public string Tenant { get; set; } = "";

    [JsonPropertyName("alerts")]
    public AlertDocument[] Alerts { get; set; } = [];
}

/// <summary>One thing that is wrong: a rule and a cause, of all models that have it.</summary>
public sealed class AlertDocument
{
    [JsonPropertyName("id")]
    public string Id { get; set; } = "";

    [JsonPropertyName("rule")]
    public string Rule { get; set; } = "";

    /// <summary><c>page</c> or <c>ticket</c>.</summary>
    [JsonPropertyName("severity")]
    public string Severity { get; set; } = "";

    /// <summary>The column, or the model where it is of no column.</summary>
    [JsonPropertyName("cause")]
    public string Cause { get; set; } = "";

    /// <summary><c>pending</c>, <c>firing</c> or <c>resolved</c>.</summary>
    [JsonPropertyName("state")]
    public string State { get; set; } = "";

    [JsonPropertyName("since")]
    public DateTimeOffset Since { get; set; }

    [JsonPropertyName("fired")]
    public DateTimeOffset? Fired { get; set; }

    [JsonPropertyName("resolved")]
    public DateTimeOffset? Resolved { get; set; }

    /// <summary>When it was told last; null: never.</summary>
    [JsonPropertyName("told")]
    public DateTimeOffset? Told { get; set; }

    /// <summary>Who sees to it; null: nobody yet.</summary>
    [JsonPropertyName("acknowledged_by")]
    public string? AcknowledgedBy { get; set; }

    /// <summary>The silence that keeps it from being told; null: none does.</summary>
    [JsonPropertyName("silence")]
    public string? Silence { get; set; }

    [JsonPropertyName("models")]
    public AlertedModelDocument[] Models { get; set; } = [];
}

/// <summary>A model that an alert is of.</summary>
public sealed class AlertedModelDocument
{
    [JsonPropertyName("model")]
    public string Model { get; set; } = "";

    [JsonPropertyName("value")]
    public double Value { get; set; }

    [JsonPropertyName("text")]
    public string Text { get; set; } = "";
}

/// <summary>When something is wrong, and how it is told.</summary>
public sealed class AlertRuleDocument
{
    [JsonPropertyName("name")]
    public string Name { get; set; } = "";

    /// <summary><c>drift</c>, <c>missing</c>, <c>segment-accuracy</c> or another of those that docs/alerts.md lists.</summary>
    [JsonPropertyName("figure")]
    public string Figure { get; set; } = "";

    /// <summary>More than this is wrong, or less where <c>less</c> says so.</summary>
    [JsonPropertyName("above")]
    public double Above { get; set; }

    /// <summary>Not more than this, or not less, is well again; null: <c>above</c>.</summary>
    [JsonPropertyName("below")]
    public double? Below { get; set; }

    /// <summary>Whether it is wrong when the figure is less: of an accuracy.</summary>
    [JsonPropertyName("less")]
    public bool Less { get; set; }

    /// <summary>Of <c>anomaly-burn</c>: the share of anomalies that is as it should be.</summary>
    [JsonPropertyName("objective")]
    public double Objective { get; set; } = 0.01;

    /// <summary>Of the same: the short time.</summary>
    [JsonPropertyName("fast_seconds")]
    public double FastSeconds { get; set; } = 3_600;

    /// <summary>Of the same: the long time.</summary>
    [JsonPropertyName("slow_seconds")]
    public double SlowSeconds { get; set; } = 21_600;

    /// <summary>How long it must have been so.</summary>
    [JsonPropertyName("for_seconds")]
    public double ForSeconds { get; set; }

    /// <summary>When it is told again.</summary>
    [JsonPropertyName("repeat_seconds")]
    public double RepeatSeconds { get; set; } = 14_400;

    /// <summary>Models, with <c>*</c> for any characters.</summary>
    [JsonPropertyName("models")]
    public string Models { get; set; } = "*";

    [JsonPropertyName("severity")]
    public string Severity { get; set; } = "ticket";
}

/// <summary>Alerts that are not told until a time; what is empty is of any.</summary>
public sealed class AlertSilenceDocument
{
    [JsonPropertyName("id")]
    public string Id { get; set; } = "";

    [JsonPropertyName("rule")]
    public string Rule { get; set; } = "";

    [JsonPropertyName("models")]
    public string Models { get; set; } = "";

    [JsonPropertyName("cause")]
    public string Cause { get; set; } = "";

    [JsonPropertyName("since")]
    public DateTimeOffset? Since { get; set; }

    [JsonPropertyName("until")]
    public DateTimeOffset? Until { get; set; }

    /// <summary>Where it is asked for: how long it lasts.</summary>
    [JsonPropertyName("for_seconds"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? ForSeconds { get; set; }

    [JsonPropertyName("by")]
    public string By { get; set; } = "";

    [JsonPropertyName("reason")]
    public string Reason { get; set; } = "";
}
