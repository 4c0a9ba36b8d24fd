using System.Text.Json.Serialization;

namespace OrleansCluster.Contracts.Api;

/// <summary>A page of a tenant's audit log.</summary>
public sealed class AuditLogDocument
{
    /// <summary>Number of the page, from 0, the oldest.</summary>
    [JsonPropertyName("page")]
    public long Page { get; set; }

    /// <summary>Entries of the whole log.</summary>
    [JsonPropertyName("entries")]
    public long Entries { get; set; }

    /// <summary>Hash of the newest entry; empty: there is none.</summary>
    [JsonPropertyName("head")]
    public string Head { get; set; } = "";

    /// <summary>Oldest first, to the byte as their hashes were taken.</summary>
    [JsonPropertyName("items")]
    public AuditEntryDocument[] Items { get; set; } = [];
}
