using System.Text.Json.Serialization;

namespace OrleansCluster.Contracts.Api;

/// <summary>What was deleted.</summary>
public sealed class DeletedDocument
{
    /// <summary>The versions that are no more; of a job: none.</summary>
    [JsonPropertyName("deleted")]
    public int[] Deleted { get; set; } = [];

    /// <summary>What needed it, a line each.</summary>
    [JsonPropertyName("lost")]
    public string[] Lost { get; set; } = [];
}

/// <summary>Another name for a dataset.</summary>
public sealed class RenameDocument
{
    [JsonPropertyName("name")]
    public string Name { get; set; } = "";
}
