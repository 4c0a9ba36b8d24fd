using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace OrleansCluster.Contracts.Api;

/// <summary>Rows that a model is asked about.</summary>
public sealed class RowsDocument
{
    /// <summary>
    /// Names of the columns; the model's are found among them in any order. Without names there must be as many as the model has, in its order.
    /// </summary>
    [JsonPropertyName("columns")]
    public string[]? Columns { get; set; }

    /// <summary>
    /// A list of values for each row: numbers, and for a model that prepares its rows also texts of categories, true and false, times as
    /// 2024-01-31T13:45:00Z, and null where a value is missing.
    /// </summary>
    [JsonPropertyName("rows")]
    public JsonValue?[][] Rows { get; set; } = [];

    /// <summary>One text a row, by which a route chooses the row's version; without them its values are its key.</summary>
    [JsonPropertyName("ids")]
    public string[]? Ids { get; set; }

    /// <summary>For scores: clusters told of each row, the most probable first.</summary>
    [JsonPropertyName("top")]
    public int? Top { get; set; }

    /// <summary>For an evaluation: the known label of each row, a whole number or a word.</summary>
    [JsonPropertyName("labels")]
    public string[]? Labels { get; set; }
}

/// <summary>Which cluster each row belongs to.</summary>
public sealed class AssignmentsDocument
{
    [JsonPropertyName("model")]
    public string Model { get; set; } = "";

    /// <summary>The version that answered; null: several did.</summary>
    [JsonPropertyName("version")]
    public int? Version { get; set; }

    /// <summary>Stable ids.</summary>
    [JsonPropertyName("labels")]
    public int[] Labels { get; set; } = [];

    /// <summary>To the centre of the row's cluster, not squared.</summary>
    [JsonPropertyName("distances")]
    public double[] Distances { get; set; } = [];

    /// <summary>The version that answered each row; null: one answered all.</summary>
    [JsonPropertyName("row_versions")]
    public int[]? RowVersions { get; set; }

    /// <summary>Of a model that prepares its rows: values that were missing and that it filled in.</summary>
    [JsonPropertyName("missing_values"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? MissingValues { get; set; }

    /// <summary>Of a model that prepares its rows: categories that the training rows had not.</summary>
    [JsonPropertyName("unknown_categories"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? UnknownCategories { get; set; }
}

/// <summary>How probable rows are under a version.</summary>
public sealed class ScoresDocument
{
    [JsonPropertyName("model")]
    public string Model { get; set; } = "";

    [JsonPropertyName("version")]
    public int Version { get; set; }

    /// <summary>Rows of this log-density or a lower one are anomalies.</summary>
    [JsonPropertyName("threshold")]
    public double Threshold { get; set; }

    [JsonPropertyName("scores")]
    public RowScoreDocument[] Scores { get; set; } = [];
}

/// <summary>How probable a row is.</summary>
public sealed class RowScoreDocument
{
    [JsonPropertyName("row")]
    public long Row { get; set; }

    [JsonPropertyName("log_density")]
    public double LogDensity { get; set; }

    /// <summary>How far the log-density lies below the threshold, in nats.</summary>
    [JsonPropertyName("score")]
    public double Score { get; set; }

    [JsonPropertyName("anomaly")]
    public bool Anomaly { get; set; }

    [JsonPropertyName("cluster")]
    public int Cluster { get; set; }

    [JsonPropertyName("responsibilities")]
    public ResponsibilityDocument[] Responsibilities { get; set; } = [];
}

/// <summary>How much a component has of a row.</summary>
public sealed class ResponsibilityDocument
{
    [JsonPropertyName("component")]
    public int Component { get; set; }

    [JsonPropertyName("value")]
    public double Value { get; set; }
}

/// <summary>Rows to draw.</summary>
public sealed class SampleRequestDocument
{
    [JsonPropertyName("rows")]
    public int Rows { get; set; }

    [JsonPropertyName("seed")]
    public ulong Seed { get; set; }

    /// <summary>The component that all rows come from; null: each from one drawn by weight.</summary>
    [JsonPropertyName("component")]
    public int? Component { get; set; }

    /// <summary>Number of the first row: row i is the same whoever draws it.</summary>
    [JsonPropertyName("first_row")]
    public long FirstRow { get; set; }
}

/// <summary>Rows drawn from a version.</summary>
public sealed class SampleDocument
{
    [JsonPropertyName("model")]
    public string Model { get; set; } = "";

    [JsonPropertyName("version")]
    public int Version { get; set; }

    [JsonPropertyName("columns")]
    public string[] Columns { get; set; } = [];

    [JsonPropertyName("rows")]
    public double[][] Rows { get; set; } = [];

    /// <summary>The component that each comes from.</summary>
    [JsonPropertyName("components")]
    public int[] Components { get; set; } = [];
}

/// <summary>How a version's labels agree with known ones.</summary>
public sealed class EvaluationDocument
{
    [JsonPropertyName("model")]
    public string Model { get; set; } = "";

    [JsonPropertyName("version")]
    public int Version { get; set; }

    [JsonPropertyName("rows")]
    public long Rows { get; set; }

    /// <summary>Adjusted Rand index.</summary>
    [JsonPropertyName("ari")]
    public double? AdjustedRand { get; set; }

    /// <summary>Adjusted mutual information.</summary>
    [JsonPropertyName("ami")]
    public double? AdjustedMutualInformation { get; set; }

    /// <summary>Normalized mutual information.</summary>
    [JsonPropertyName("nmi")]
    public double? NormalizedMutualInformation { get; set; }

    [JsonPropertyName("purity")]
    public double? Purity { get; set; }

    [JsonPropertyName("fowlkes_mallows")]
    public double? FowlkesMallows { get; set; }

    [JsonPropertyName("confusion")]
    public ConfusionDocument Confusion { get; set; } = new();
}

/// <summary>Rows by known label and cluster.</summary>
public sealed class ConfusionDocument
{
    [JsonPropertyName("known")]
    public string[] Known { get; set; } = [];

    [JsonPropertyName("found")]
    public int[] Found { get; set; } = [];

    [JsonPropertyName("rows")]
    public long[][] Rows { get; set; } = [];
}

/// <summary>A family of models that can be trained.</summary>
public sealed class FamilyDocument
{
    [JsonPropertyName("name")]
    public string Name { get; set; } = "";

    [JsonPropertyName("title")]
    public string Title { get; set; } = "";

    [JsonPropertyName("part")]
    public string Part { get; set; } = "";

    [JsonPropertyName("objective_name")]
    public string ObjectiveName { get; set; } = "";

    [JsonPropertyName("less_is_better")]
    public bool LessIsBetter { get; set; }

    /// <summary>JSON Schema of the options.</summary>
    [JsonPropertyName("options")]
    public JsonObject Options { get; set; } = [];
}

/// <summary>The families that can be trained.</summary>
public sealed class FamilyPageDocument
{
    [JsonPropertyName("items")]
    public FamilyDocument[] Items { get; set; } = [];
}
