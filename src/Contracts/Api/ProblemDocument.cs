using System.Text.Json.Serialization;

namespace OrleansCluster.Contracts.Api;

/// <summary>Why a request was not carried out (RFC 9457).</summary>
public sealed class ProblemDocument
{
    /// <summary>What kind of problem it is: <c>urn:orleanscluster:stale-revision</c>.</summary>
    [JsonPropertyName("type")]
    public string Type { get; set; } = "";

    /// <summary>The kind for people.</summary>
    [JsonPropertyName("title")]
    public string Title { get; set; } = "";

    /// <summary>The status of the answer.</summary>
    [JsonPropertyName("status")]
    public int Status { get; set; }

    /// <summary>What is wrong, where, and what to do.</summary>
    [JsonPropertyName("detail")]
    public string Detail { get; set; } = "";

    /// <summary>The row that holds what cannot be answered, from 0; null: no row does.</summary>
    [JsonPropertyName("row")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Row { get; set; }

    /// <summary>The name of its column; null: no column is to blame.</summary>
    [JsonPropertyName("column")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Column { get; set; }

    /// <summary>Position of that column among the model's, from 0; null: it has none.</summary>
    [JsonPropertyName("column_position")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ColumnPosition { get; set; }

    /// <summary>What is wrong with the value and what to do, without its place; null: no value is to blame.</summary>
    [JsonPropertyName("reason")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; set; }

    /// <summary>The detail once more, for clients of the Open Inference Protocol; null for others.</summary>
    [JsonPropertyName("error")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Error { get; set; }

    /// <summary>The kind as clients of MLflow know it; null for others.</summary>
    [JsonPropertyName("error_code")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ErrorCode { get; set; }

    /// <summary>The detail once more, for clients of MLflow; null for others.</summary>
    [JsonPropertyName("message")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Message { get; set; }
}
