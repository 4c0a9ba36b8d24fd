using System.Text.Json.Serialization;

namespace OrleansCluster.Contracts.Api;

/// <summary>The keys of a tenant, newest first.</summary>
public sealed class KeysDocument
{
    [JsonPropertyName("items")]
    public KeyDocument[] Items { get; set; } = [];
}

/// <summary>What is known of a key that a program shows.</summary>
public sealed class KeyDocument
{
    /// <summary>Names the key, and is a part of it.</summary>
    [JsonPropertyName("id")]
    public string Id { get; set; } = "";

    /// <summary>The whole key, in the answer that made it and in no other.</summary>
    [JsonPropertyName("key")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Key { get; set; }

    [JsonPropertyName("tenant")]
    public string Tenant { get; set; } = "";

    [JsonPropertyName("role")]
    public string Role { get; set; } = "";

    /// <summary>The only models that it opens; empty: all.</summary>
    [JsonPropertyName("models")]
    public string[] Models { get; set; } = [];

    /// <summary>What it is for.</summary>
    [JsonPropertyName("label")]
    public string Label { get; set; } = "";

    [JsonPropertyName("created")]
    public DateTimeOffset Created { get; set; }

    /// <summary>Who made it.</summary>
    [JsonPropertyName("by")]
    public string By { get; set; } = "";

    /// <summary>From when on it opens nothing; null: never.</summary>
    [JsonPropertyName("expires")]
    public DateTimeOffset? Expires { get; set; }

    /// <summary>When it was revoked; null: it was not.</summary>
    [JsonPropertyName("revoked")]
    public DateTimeOffset? Revoked { get; set; }

    /// <summary>Id of the key that it took the place of; null: none.</summary>
    [JsonPropertyName("replaces")]
    public string? Replaces { get; set; }
}

/// <summary>A key to be made.</summary>
public sealed class NewKeyDocument
{
    /// <summary><c>reader</c>, <c>scorer</c>, <c>trainer</c>, <c>operator</c> or <c>admin</c>.</summary>
    [JsonPropertyName("role")]
    public string Role { get; set; } = "";

    /// <summary>The only models that it opens; empty: all.</summary>
    [JsonPropertyName("models")]
    public string[] Models { get; set; } = [];

    /// <summary>What it is for.</summary>
    [JsonPropertyName("label")]
    public string Label { get; set; } = "";

    /// <summary>From when on it opens nothing; null: never.</summary>
    [JsonPropertyName("expires")]
    public DateTimeOffset? Expires { get; set; }
}
