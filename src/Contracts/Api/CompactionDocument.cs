using System.Text.Json.Serialization;

namespace OrleansCluster.Contracts.Api;

/// <summary>What compacting a dataset came to, or would.</summary>
public sealed class CompactionDocument
{
    [JsonPropertyName("dry_run")]
    public bool DryRun { get; set; }

    /// <summary>The versions that went.</summary>
    [JsonPropertyName("versions")]
    public VersionWithinDocument[] Versions { get; set; } = [];

    /// <summary>What needs versions that could have gone, a line each.</summary>
    [JsonPropertyName("kept")]
    public string[] Kept { get; set; } = [];

    [JsonPropertyName("before")]
    public StoredVersionsDocument Before { get; set; } = new();

    [JsonPropertyName("after")]
    public StoredVersionsDocument After { get; set; } = new();
}

/// <summary>A version whose rows are the first ones of a later version.</summary>
public sealed class VersionWithinDocument
{
    [JsonPropertyName("version")]
    public int Version { get; set; }

    [JsonPropertyName("rows")]
    public long Rows { get; set; }

    /// <summary>The later version.</summary>
    [JsonPropertyName("within")]
    public int Within { get; set; }
}

/// <summary>What versions of a dataset take; a shard that several have is counted once.</summary>
public sealed class StoredVersionsDocument
{
    [JsonPropertyName("versions")]
    public int Versions { get; set; }

    [JsonPropertyName("shards")]
    public int Shards { get; set; }

    [JsonPropertyName("bytes")]
    public long Bytes { get; set; }
}
