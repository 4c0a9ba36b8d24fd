using System.Text.Json.Serialization;

namespace OrleansCluster.Contracts.Api;

/// <summary>What became of clusters between two versions.</summary>
public sealed class DiffDocument
{
    [JsonPropertyName("model")]
    public string Model { get; set; } = "";

    [JsonPropertyName("from")]
    public int From { get; set; }

    [JsonPropertyName("to")]
    public int To { get; set; }

    /// <summary>What clusters were matched by; <c>ids</c>: only their ids were compared.</summary>
    [JsonPropertyName("cost")]
    public string Cost { get; set; } = "";

    [JsonPropertyName("limit")]
    public double? Limit { get; set; }

    /// <summary>Share of the anchor rows whose cluster is another; null: there are none.</summary>
    [JsonPropertyName("churn")]
    public double? Churn { get; set; }

    [JsonPropertyName("adjusted_rand")]
    public double? AdjustedRand { get; set; }

    [JsonPropertyName("anchor_weight")]
    public double AnchorWeight { get; set; }

    [JsonPropertyName("least_confidence")]
    public double? LeastConfidence { get; set; }

    [JsonPropertyName("clusters")]
    public ClusterDiffDocument[] Clusters { get; set; } = [];

    [JsonPropertyName("died")]
    public ClusterEndDocument[] Died { get; set; } = [];

    [JsonPropertyName("flows")]
    public FlowDocument[] Flows { get; set; } = [];
}

/// <summary>Where a cluster of the later version comes from.</summary>
public sealed class ClusterDiffDocument
{
    [JsonPropertyName("cluster")]
    public int Cluster { get; set; }

    [JsonPropertyName("name")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Name { get; set; }

    [JsonPropertyName("index")]
    public int Index { get; set; }

    [JsonPropertyName("born")]
    public bool Born { get; set; }

    [JsonPropertyName("size_before")]
    public long? SizeBefore { get; set; }

    [JsonPropertyName("size")]
    public long? Size { get; set; }

    [JsonPropertyName("cost")]
    public double? Cost { get; set; }

    [JsonPropertyName("confidence")]
    public double? Confidence { get; set; }

    [JsonPropertyName("moved")]
    public double? Moved { get; set; }

    [JsonPropertyName("jaccard")]
    public double? Jaccard { get; set; }

    [JsonPropertyName("split_from")]
    public int? SplitFrom { get; set; }

    [JsonPropertyName("split_share")]
    public double? SplitShare { get; set; }
}

/// <summary>A cluster that is no more.</summary>
public sealed class ClusterEndDocument
{
    [JsonPropertyName("cluster")]
    public int Cluster { get; set; }

    [JsonPropertyName("name")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Name { get; set; }

    [JsonPropertyName("size_before")]
    public long? SizeBefore { get; set; }

    [JsonPropertyName("merged_into")]
    public int? MergedInto { get; set; }

    [JsonPropertyName("merged_share")]
    public double? MergedShare { get; set; }
}
