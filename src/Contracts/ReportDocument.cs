using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace OrleansCluster.Contracts;

/// <summary>A training report as a file: readable without this program.</summary>
public sealed class ReportFile : IVersionedFile
{
    /// <summary>What this build writes. Version 0.1.0 wrote 1, with the names of its code.</summary>
    public const int Format = 2;

    [JsonPropertyName("format")]
    public int FormatVersion { get; set; } = Format;

    [JsonPropertyName("report")]
    public ReportDocument Report { get; set; } = new();
}

/// <summary>What a finished training says of itself.</summary>
public sealed class ReportDocument
{
    [JsonPropertyName("job")]
    public string Job { get; set; } = "";

    [JsonPropertyName("model")]
    public string Model { get; set; } = "";

    [JsonPropertyName("version")]
    public int Version { get; set; }

    [JsonPropertyName("dataset")]
    public string Dataset { get; set; } = "";

    [JsonPropertyName("dataset_version")]
    public int DatasetVersion { get; set; }

    [JsonPropertyName("rows")]
    public long Rows { get; set; }

    [JsonPropertyName("columns")]
    public string[] Columns { get; set; } = [];

    /// <summary>The columns of the rows before they were prepared; null: they were not.</summary>
    [JsonPropertyName("inputs"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public InputDocument[]? Inputs { get; set; }

    /// <summary>The preparation as it was asked for; null: rows were not prepared.</summary>
    [JsonPropertyName("preparation"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Preparation { get; set; }

    /// <summary>What each step of the preparation does; null: rows were not prepared.</summary>
    [JsonPropertyName("preparation_steps"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string[]? PreparationSteps { get; set; }

    /// <summary>Name of the family whose options they are.</summary>
    [JsonPropertyName("family")]
    public string Family { get; set; } = "";

    /// <summary>By the names of the family's options, with underscores.</summary>
    [JsonPropertyName("options")]
    public JsonObject? Options { get; set; }

    [JsonPropertyName("k")]
    public int K { get; set; }

    [JsonPropertyName("threads")]
    public int Threads { get; set; }

    [JsonPropertyName("stop")]
    public string Stop { get; set; } = "";

    [JsonPropertyName("objective")]
    public double Objective { get; set; } = double.NaN;

    [JsonPropertyName("objective_name")]
    public string ObjectiveName { get; set; } = "";

    /// <summary>What the family tells of the training, by name.</summary>
    [JsonPropertyName("measures")]
    public MeasureDocument[] Measures { get; set; } = [];

    /// <summary>What the family tells of each cluster, in the order of <see cref="Clusters"/>.</summary>
    [JsonPropertyName("part_measures")]
    public PartMeasureDocument[] PartMeasures { get; set; } = [];

    /// <summary>Of the best restart.</summary>
    [JsonPropertyName("iterations")]
    public IterationDocument[] Iterations { get; set; } = [];

    [JsonPropertyName("restarts")]
    public RestartDocument[] Restarts { get; set; } = [];

    /// <summary>In the order of the parameters.</summary>
    [JsonPropertyName("clusters")]
    public ClusterDocument[] Clusters { get; set; } = [];

    /// <summary>The numbers of clusters that were tried.</summary>
    [JsonPropertyName("selection")]
    public TrialDocument[] Selection { get; set; } = [];

    [JsonPropertyName("warnings")]
    public string[] Warnings { get; set; } = [];

    [JsonPropertyName("gate")]
    public GateDocument? Gate { get; set; }

    /// <summary><c>none</c>, <c>warm</c> or <c>fresh</c>.</summary>
    [JsonPropertyName("retraining")]
    public string Retraining { get; set; } = "none";

    [JsonPropertyName("sample_size")]
    public double SampleSize { get; set; } = double.NaN;

    [JsonPropertyName("init_seconds")]
    public double InitSeconds { get; set; }

    [JsonPropertyName("iterate_seconds")]
    public double IterateSeconds { get; set; }

    [JsonPropertyName("total_seconds")]
    public double TotalSeconds { get; set; }

    [JsonPropertyName("memory_peak_bytes")]
    public long MemoryPeakBytes { get; set; }

    [JsonPropertyName("digest")]
    public string Digest { get; set; } = "";

    [JsonPropertyName("code")]
    public string Code { get; set; } = "";

    [JsonPropertyName("resumed")]
    public int Resumed { get; set; }
}

/// <summary>A number with a name.</summary>
public sealed class MeasureDocument
{
    [JsonPropertyName("name")]
    public string Name { get; set; } = "";

    [JsonPropertyName("value")]
    public double Value { get; set; } = double.NaN;
}

/// <summary>Numbers with a name, one a cluster.</summary>
public sealed class PartMeasureDocument
{
    [JsonPropertyName("name")]
    public string Name { get; set; } = "";

    [JsonPropertyName("values")]
    public double[] Values { get; set; } = [];
}

/// <summary>An iteration.</summary>
public sealed class IterationDocument
{
    [JsonPropertyName("restart")]
    public int Restart { get; set; }

    [JsonPropertyName("iteration")]
    public int Iteration { get; set; }

    [JsonPropertyName("objective")]
    public double Objective { get; set; } = double.NaN;

    [JsonPropertyName("shift")]
    public double Shift { get; set; } = double.NaN;

    [JsonPropertyName("moved")]
    public long Moved { get; set; }

    [JsonPropertyName("distances")]
    public long Distances { get; set; }

    [JsonPropertyName("seconds")]
    public double Seconds { get; set; }
}

/// <summary>A restart.</summary>
public sealed class RestartDocument
{
    [JsonPropertyName("restart")]
    public int Restart { get; set; }

    [JsonPropertyName("iterations")]
    public int Iterations { get; set; }

    [JsonPropertyName("objective")]
    public double Objective { get; set; } = double.NaN;

    [JsonPropertyName("stop")]
    public string Stop { get; set; } = "";
}

/// <summary>A cluster.</summary>
public sealed class ClusterDocument
{
    /// <summary>Its stable id.</summary>
    [JsonPropertyName("label")]
    public int Label { get; set; }

    [JsonPropertyName("size")]
    public long Size { get; set; }

    [JsonPropertyName("weight")]
    public double Weight { get; set; }

    [JsonPropertyName("spread")]
    public double Spread { get; set; }
}

/// <summary>A number of clusters that was tried.</summary>
public sealed class TrialDocument
{
    [JsonPropertyName("k")]
    public int K { get; set; }

    [JsonPropertyName("value")]
    public double Value { get; set; } = double.NaN;

    [JsonPropertyName("start")]
    public int Start { get; set; }

    [JsonPropertyName("objective")]
    public double Objective { get; set; } = double.NaN;

    [JsonPropertyName("criteria")]
    public CriterionDocument[] Criteria { get; set; } = [];
}

/// <summary>What a criterion says of a number of clusters.</summary>
public sealed class CriterionDocument
{
    [JsonPropertyName("name")]
    public string Name { get; set; } = "";

    [JsonPropertyName("value")]
    public double Value { get; set; } = double.NaN;

    [JsonPropertyName("standard_error")]
    public double StandardError { get; set; } = double.NaN;

    [JsonPropertyName("more_is_better")]
    public bool MoreIsBetter { get; set; }
}

/// <summary>What a policy made of a version.</summary>
public sealed class GateDocument
{
    [JsonPropertyName("verdict")]
    public string Verdict { get; set; } = "";

    [JsonPropertyName("champion")]
    public int Champion { get; set; }

    [JsonPropertyName("outcomes")]
    public GateOutcomeDocument[] Outcomes { get; set; } = [];

    [JsonPropertyName("remark")]
    public string Remark { get; set; } = "";
}

/// <summary>What came of one rule.</summary>
public sealed class GateOutcomeDocument
{
    [JsonPropertyName("rule")]
    public GateRuleDocument Rule { get; set; } = new();

    [JsonPropertyName("passed")]
    public bool Passed { get; set; }

    [JsonPropertyName("value")]
    public double? Value { get; set; }

    [JsonPropertyName("why")]
    public string Why { get; set; } = "";
}

/// <summary>A rule of a policy.</summary>
public sealed class GateRuleDocument
{
    [JsonPropertyName("metric")]
    public string Metric { get; set; } = "";

    [JsonPropertyName("limit")]
    public double Limit { get; set; }

    [JsonPropertyName("otherwise")]
    public string Otherwise { get; set; } = "";
}
