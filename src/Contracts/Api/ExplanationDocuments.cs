using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace OrleansCluster.Contracts.Api;

/// <summary>Why rows belong to their clusters.</summary>
public sealed class ExplanationsDocument
{
    [JsonPropertyName("model")]
    public string Model { get; set; } = "";

    [JsonPropertyName("version")]
    public int Version { get; set; }

    /// <summary>
    /// <c>squared_distance</c> or <c>cosine_distance</c>, whose signs are turned so that more is better, or <c>log_density</c>, weighted, in nats.
    /// </summary>
    [JsonPropertyName("measure")]
    public string Measure { get; set; } = "";

    /// <summary>Whether columns are told as prepared, because some of them come of several columns of the rows.</summary>
    [JsonPropertyName("prepared")]
    public bool Prepared { get; set; }

    [JsonPropertyName("rows")]
    public ExplainedRowDocument[] Rows { get; set; } = [];
}

/// <summary>Why a row belongs to its cluster and not to the one that fits it next best.</summary>
public sealed class ExplainedRowDocument
{
    [JsonPropertyName("row")]
    public long Row { get; set; }

    /// <summary>Null: rows have none.</summary>
    [JsonPropertyName("id"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Id { get; set; }

    [JsonPropertyName("cluster")]
    public int Cluster { get; set; }

    /// <summary>The cluster that fits next best; null: there is no other.</summary>
    [JsonPropertyName("runner_up")]
    public int? RunnerUp { get; set; }

    /// <summary>How well the row's cluster fits it.</summary>
    [JsonPropertyName("fit")]
    public double Fit { get; set; }

    /// <summary>How much better that is than the next best: the constant and what all columns have against it; null: there is no other.</summary>
    [JsonPropertyName("lead")]
    public double? Lead { get; set; }

    /// <summary>What of the lead does not depend on the row.</summary>
    [JsonPropertyName("constant")]
    public double Constant { get; set; }

    [JsonPropertyName("columns")]
    public ExplainedColumnDocument[] Columns { get; set; } = [];
}

/// <summary>What a column of a row has to do with it.</summary>
public sealed class ExplainedColumnDocument
{
    [JsonPropertyName("column")]
    public string Column { get; set; } = "";

    /// <summary>A number, a text, true or false, or a time; null: it is missing.</summary>
    [JsonPropertyName("value")]
    public JsonValue? Value { get; set; }

    /// <summary>What it takes from the fit of the row's own cluster.</summary>
    [JsonPropertyName("own")]
    public double Own { get; set; }

    /// <summary>What it adds to the lead; below 0: it speaks for the next best cluster.</summary>
    [JsonPropertyName("against_runner_up")]
    public double Against { get; set; }

    /// <summary>The value that would bring the row to the next best cluster, all else being as it is; null: there is none.</summary>
    [JsonPropertyName("boundary")]
    public JsonValue? Boundary { get; set; }
}
