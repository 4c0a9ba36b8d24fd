using System.Text.Json.Serialization;

namespace OrleansCluster.Contracts.Api;

/// <summary>Windows of rows that were observed under a model, the oldest first.</summary>
public sealed class WindowsDocument
{
    [JsonPropertyName("model")]
    public string Model { get; set; } = "";

    [JsonPropertyName("windows")]
    public WindowDocument[] Windows { get; set; } = [];
}

/// <summary>Rows that were observed under one version of a model.</summary>
public sealed class WindowDocument
{
    [JsonPropertyName("name")]
    public string Name { get; set; } = "";

    [JsonPropertyName("version")]
    public int Version { get; set; }

    [JsonPropertyName("rows")]
    public long Rows { get; set; }

    [JsonPropertyName("since")]
    public DateTimeOffset Since { get; set; }

    [JsonPropertyName("until")]
    public DateTimeOffset Until { get; set; }

    /// <summary>Whether silos observed it while they answered.</summary>
    [JsonPropertyName("served")]
    public bool IsServed { get; set; }

    /// <summary>Rows that are far from every cluster.</summary>
    [JsonPropertyName("far")]
    public long Far { get; set; }

    /// <summary>Bytes that are kept of it.</summary>
    [JsonPropertyName("bytes")]
    public long Bytes { get; set; }
}
