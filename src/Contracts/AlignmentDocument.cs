using System.Text.Json.Serialization;

namespace OrleansCluster.Contracts;

/// <summary>
/// How a version's clusters relate to those of its parent, as a file. It names its model, version and job, so that no other version can have the same.
/// </summary>
public sealed class AlignmentFile : IVersionedFile
{
    /// <summary>What this build writes. Version 0.1.0 wrote 1, with the names of its code.</summary>
    public const int Format = 2;

    [JsonPropertyName("format")]
    public int FormatVersion { get; set; } = Format;

    [JsonPropertyName("tenant")]
    public string Tenant { get; set; } = "";

    [JsonPropertyName("model")]
    public string Model { get; set; } = "";

    [JsonPropertyName("version")]
    public int Version { get; set; }

    [JsonPropertyName("parent")]
    public int Parent { get; set; }

    [JsonPropertyName("job")]
    public string Job { get; set; } = "";

    [JsonPropertyName("result")]
    public AlignmentDocument Result { get; set; } = new();
}

/// <summary>An alignment.</summary>
public sealed class AlignmentDocument
{
    [JsonPropertyName("labels")]
    public LabelsDocument Labels { get; set; } = new();

    /// <summary>In the order of the parameters.</summary>
    [JsonPropertyName("clusters")]
    public AlignedClusterDocument[] Clusters { get; set; } = [];

    [JsonPropertyName("died")]
    public DeadClusterDocument[] Died { get; set; } = [];

    /// <summary><c>centroid-distance</c>, <c>bhattacharyya</c>, <c>wasserstein</c> or <c>overlap</c>.</summary>
    [JsonPropertyName("cost")]
    public string Cost { get; set; } = "";

    [JsonPropertyName("limit")]
    public double Limit { get; set; }

    [JsonPropertyName("total_cost")]
    public double TotalCost { get; set; }

    [JsonPropertyName("anchors")]
    public AnchorsDocument? Anchors { get; set; }
}

/// <summary>Stable ids.</summary>
public sealed class LabelsDocument
{
    [JsonPropertyName("ids")]
    public int[] Ids { get; set; } = [];

    [JsonPropertyName("retired")]
    public int[] Retired { get; set; } = [];

    [JsonPropertyName("next_id")]
    public int NextId { get; set; }
}

/// <summary>A cluster of the version.</summary>
public sealed class AlignedClusterDocument
{
    [JsonPropertyName("index")]
    public int Index { get; set; }

    [JsonPropertyName("stable_id")]
    public int StableId { get; set; }

    [JsonPropertyName("match")]
    public MatchDocument? Match { get; set; }

    [JsonPropertyName("split_from")]
    public int? SplitFrom { get; set; }

    [JsonPropertyName("split_share")]
    public double? SplitShare { get; set; }

    [JsonPropertyName("jaccard")]
    public double? Jaccard { get; set; }
}

/// <summary>The cluster that another one continues.</summary>
public sealed class MatchDocument
{
    [JsonPropertyName("index")]
    public int Index { get; set; }

    [JsonPropertyName("cost")]
    public double Cost { get; set; }

    [JsonPropertyName("margin")]
    public double? Margin { get; set; }

    [JsonPropertyName("confidence")]
    public double? Confidence { get; set; }

    [JsonPropertyName("moved")]
    public double? Moved { get; set; }
}

/// <summary>A cluster of the parent that has no successor.</summary>
public sealed class DeadClusterDocument
{
    [JsonPropertyName("index")]
    public int Index { get; set; }

    [JsonPropertyName("stable_id")]
    public int StableId { get; set; }

    [JsonPropertyName("merged_into")]
    public int? MergedInto { get; set; }

    [JsonPropertyName("merged_share")]
    public double? MergedShare { get; set; }
}

/// <summary>What became of the anchor rows.</summary>
public sealed class AnchorsDocument
{
    [JsonPropertyName("weight")]
    public double Weight { get; set; }

    [JsonPropertyName("churn")]
    public double Churn { get; set; }

    [JsonPropertyName("adjusted_rand")]
    public double AdjustedRand { get; set; }

    [JsonPropertyName("flows")]
    public FlowDocument[] Flows { get; set; } = [];
}

/// <summary>Anchor rows that were in one cluster and are in another, or the same.</summary>
public sealed class FlowDocument
{
    [JsonPropertyName("from")]
    public int From { get; set; }

    [JsonPropertyName("to")]
    public int To { get; set; }

    [JsonPropertyName("weight")]
    public double Weight { get; set; }
}
