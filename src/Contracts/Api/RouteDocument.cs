using System.Text.Json.Serialization;

namespace OrleansCluster.Contracts.Api;

/// <summary>How a model's bare name is answered now.</summary>
public sealed class RouteDocument
{
    [JsonPropertyName("model")]
    public string Model { get; set; } = "";

    /// <summary>0: there is none.</summary>
    [JsonPropertyName("champion")]
    public int Champion { get; set; }

    /// <summary>Number of the route; null: there is none, and one version answers everything.</summary>
    [JsonPropertyName("route")]
    public int? Route { get; set; }

    [JsonPropertyName("since")]
    public DateTimeOffset? Since { get; set; }

    [JsonPropertyName("by")]
    public string? By { get; set; }

    [JsonPropertyName("shares")]
    public ShareDocument[] Shares { get; set; } = [];

    /// <summary>Versions that are scored and compared, and never answer.</summary>
    [JsonPropertyName("shadows")]
    public int[] Shadows { get; set; } = [];

    [JsonPropertyName("canary")]
    public CanaryDocument? Canary { get; set; }

    /// <summary>How versions agree with the champion.</summary>
    [JsonPropertyName("agreement")]
    public AgreementDocument[] Agreement { get; set; } = [];
}

/// <summary>A version and its share of the keys.</summary>
public sealed class ShareDocument
{
    [JsonPropertyName("version")]
    public int Version { get; set; }

    /// <summary>0 … 1, in steps of 0.0001.</summary>
    [JsonPropertyName("share")]
    public double Share { get; set; }
}

/// <summary>A version that is being tried.</summary>
public sealed class CanaryDocument
{
    [JsonPropertyName("version")]
    public int Version { get; set; }

    /// <summary>From 1.</summary>
    [JsonPropertyName("step")]
    public int Step { get; set; }

    /// <summary>Its shares, one after the other.</summary>
    [JsonPropertyName("steps")]
    public double[] Steps { get; set; } = [];

    /// <summary>Null: it stays until another step is set.</summary>
    [JsonPropertyName("every_seconds")]
    public double? EverySeconds { get; set; }

    [JsonPropertyName("next_in_seconds")]
    public double? NextInSeconds { get; set; }

    /// <summary>Why it stands still although a step is due; null: it does not.</summary>
    [JsonPropertyName("stands_still")]
    public string? StandsStill { get; set; }

    [JsonPropertyName("guards")]
    public GuardDocument[] Guards { get; set; } = [];
}

/// <summary>What came of a guard.</summary>
public sealed class GuardDocument
{
    [JsonPropertyName("guard")]
    public string Guard { get; set; } = "";

    [JsonPropertyName("passed")]
    public bool Passed { get; set; }

    [JsonPropertyName("value")]
    public double? Value { get; set; }

    [JsonPropertyName("limit")]
    public double? Limit { get; set; }

    [JsonPropertyName("why")]
    public string Why { get; set; } = "";
}

/// <summary>How a version agrees with the champion on the same rows.</summary>
public sealed class AgreementDocument
{
    [JsonPropertyName("version")]
    public int Version { get; set; }

    [JsonPropertyName("rows")]
    public long Rows { get; set; }

    [JsonPropertyName("same")]
    public long Same { get; set; }

    [JsonPropertyName("errors")]
    public long Errors { get; set; }

    [JsonPropertyName("clusters")]
    public ClusterAgreementDocument[] Clusters { get; set; } = [];
}

/// <summary>Agreement on the rows that the champion gives one cluster.</summary>
public sealed class ClusterAgreementDocument
{
    [JsonPropertyName("cluster")]
    public int Cluster { get; set; }

    /// <summary>The name that people gave it; null: none did.</summary>
    [JsonPropertyName("name")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Name { get; set; }

    [JsonPropertyName("rows")]
    public long Rows { get; set; }

    [JsonPropertyName("same")]
    public long Same { get; set; }
}

/// <summary>Another route: fixed shares, a canary, or shadows beside the shares that there are.</summary>
public sealed class RouteChangeDocument
{
    /// <summary><c>set</c>, <c>canary</c> or <c>shadow</c>.</summary>
    [JsonPropertyName("kind")]
    public string Kind { get; set; } = "";

    /// <summary>Of <c>set</c>: versions and their shares, 1 together.</summary>
    [JsonPropertyName("shares")]
    public ShareDocument[] Shares { get; set; } = [];

    /// <summary>Of <c>canary</c>: the candidate.</summary>
    [JsonPropertyName("version")]
    public int Version { get; set; }

    /// <summary>Of <c>canary</c>: its shares, one after the other.</summary>
    [JsonPropertyName("steps")]
    public double[] Steps { get; set; } = [];

    /// <summary>Of <c>canary</c>: how long a step lasts; 0: one step, until somebody sets another.</summary>
    [JsonPropertyName("every_seconds")]
    public double EverySeconds { get; set; }

    /// <summary>Of <c>canary</c>: what must hold before each step; null: the clock alone takes them.</summary>
    [JsonPropertyName("guards")]
    public GuardLimitsDocument? Guards { get; set; } = new();

    /// <summary>Of <c>shadow</c>: the versions; none: no shadows.</summary>
    [JsonPropertyName("shadows")]
    public int[] Shadows { get; set; } = [];

    [JsonPropertyName("reason")]
    public string Reason { get; set; } = "";
}

/// <summary>What must hold of a candidate's answers before its next step.</summary>
public sealed class GuardLimitsDocument
{
    [JsonPropertyName("least_agreement")]
    public double LeastAgreement { get; set; } = 0.9;

    [JsonPropertyName("most_worse")]
    public double MostWorse { get; set; } = 0.1;

    [JsonPropertyName("most_errors")]
    public double MostErrors { get; set; } = 0.01;

    [JsonPropertyName("least_rows")]
    public long LeastRows { get; set; } = 100;

    /// <summary>Share of its rows that the candidate may flag as anomalies; null: 5 points more than the champion flags.</summary>
    [JsonPropertyName("most_flagged")]
    public double? MostFlagged { get; set; }

    /// <summary>By how much it may take longer than the champion: 1 is twice as long.</summary>
    [JsonPropertyName("most_slower")]
    public double MostSlower { get; set; } = 1;
}
