using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace OrleansCluster.Contracts;

/// <summary>A training as asked for.</summary>
public sealed class RequestDocument
{
    [JsonPropertyName("dataset")]
    public string Dataset { get; set; } = "";

    /// <summary>0: the newest.</summary>
    [JsonPropertyName("dataset_version")]
    public int DatasetVersion { get; set; }

    [JsonPropertyName("model")]
    public string Model { get; set; } = "";

    /// <summary>Name of the family whose options they are; empty: there are none.</summary>
    [JsonPropertyName("family")]
    public string Family { get; set; } = "";

    /// <summary>By the names of the family's options, with underscores. What is missing is as it is when nobody says anything.</summary>
    [JsonPropertyName("options")]
    public JsonObject? Options { get; set; }

    /// <summary>The version that clusters are aligned with; 0: what the bare name means.</summary>
    [JsonPropertyName("parent")]
    public int Parent { get; set; }

    [JsonPropertyName("by")]
    public string By { get; set; } = "";

    /// <summary>What is done to rows before the model sees them; null: nothing.</summary>
    [JsonPropertyName("preparation"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Preparation { get; set; }

    /// <summary>Whether a version that passes the model's policy becomes challenger first.</summary>
    [JsonPropertyName("on_trial"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool OnTrial { get; set; }

    /// <summary>Whether clusters of the parent that have become one or two are merged or split before a warm retraining.</summary>
    [JsonPropertyName("adapt"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Adapt { get; set; }

    /// <summary>Whether a retraining keeps the parent's threshold of anomalies.</summary>
    [JsonPropertyName("keep_threshold"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool KeepThreshold { get; set; }

    /// <summary><c>none</c>, <c>warm</c> or <c>fresh</c>.</summary>
    [JsonPropertyName("retraining")]
    public string Retraining { get; set; } = "none";
}
