using System.Text.Json.Serialization;

namespace OrleansCluster.Contracts;

/// <summary>Older entries of a model's audit trail as a file, which names the file with those before them.</summary>
public sealed class AuditFile : IVersionedFile
{
    /// <summary>What this build writes. Version 0.1.0 wrote 1, with the names of its code.</summary>
    public const int Format = 2;

    [JsonPropertyName("format")]
    public int FormatVersion { get; set; } = Format;

    [JsonPropertyName("tenant")]
    public string Tenant { get; set; } = "";

    [JsonPropertyName("model")]
    public string Model { get; set; } = "";

    /// <summary>Content hash of the file with the entries before these; empty: there are none.</summary>
    [JsonPropertyName("before")]
    public string Before { get; set; } = "";

    /// <summary>Oldest first.</summary>
    [JsonPropertyName("events")]
    public EventDocument[] Events { get; set; } = [];
}

/// <summary>A change of a model.</summary>
public sealed class EventDocument
{
    [JsonPropertyName("revision")]
    public long Revision { get; set; }

    [JsonPropertyName("at")]
    public DateTimeOffset At { get; set; }

    [JsonPropertyName("by")]
    public string By { get; set; } = "";

    [JsonPropertyName("kind")]
    public string Kind { get; set; } = "";

    [JsonPropertyName("version")]
    public int Version { get; set; }

    [JsonPropertyName("before")]
    public int Before { get; set; }

    [JsonPropertyName("subject")]
    public string Subject { get; set; } = "";

    [JsonPropertyName("detail")]
    public string Detail { get; set; } = "";

    [JsonPropertyName("reason")]
    public string Reason { get; set; } = "";

    [JsonPropertyName("change")]
    public string Change { get; set; } = "";
}
