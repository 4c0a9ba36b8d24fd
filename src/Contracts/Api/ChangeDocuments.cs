using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace OrleansCluster.Contracts.Api;

/// <summary>Points an alias to a version.</summary>
public sealed class AliasChangeDocument
{
    [JsonPropertyName("version")]
    public int Version { get; set; }

    /// <summary>Why, for the audit trail.</summary>
    [JsonPropertyName("reason")]
    public string Reason { get; set; } = "";
}

/// <summary>Describes the model, or one version.</summary>
public sealed class DescriptionDocument
{
    /// <summary>0: the model.</summary>
    [JsonPropertyName("version")]
    public int Version { get; set; }

    [JsonPropertyName("text")]
    public string Text { get; set; } = "";

    [JsonPropertyName("reason")]
    public string Reason { get; set; } = "";
}

/// <summary>Sets tags of the model, or of one version; an empty value takes a tag away.</summary>
public sealed class TagsDocument
{
    /// <summary>0: the model.</summary>
    [JsonPropertyName("version")]
    public int Version { get; set; }

    /// <summary>Values by keys, all of them texts.</summary>
    [JsonPropertyName("tags")]
    public JsonObject Tags { get; set; } = [];

    [JsonPropertyName("reason")]
    public string Reason { get; set; } = "";
}

/// <summary>Lets go of the parameters of old versions.</summary>
public sealed class PruneDocument
{
    /// <summary>The newest that stay, at least 1.</summary>
    [JsonPropertyName("keep")]
    public int Keep { get; set; }

    /// <summary>Younger versions stay, too; null: age keeps none.</summary>
    [JsonPropertyName("younger_than_seconds")]
    public double? YoungerThanSeconds { get; set; }

    /// <summary>Rollbacks of each alias that stay possible; null: all.</summary>
    [JsonPropertyName("rollbacks")]
    public int? Rollbacks { get; set; }

    /// <summary>Only say what would be done.</summary>
    [JsonPropertyName("dry_run")]
    public bool DryRun { get; set; }

    [JsonPropertyName("reason")]
    public string Reason { get; set; } = "";
}

/// <summary>What became, or would become, of each version.</summary>
public sealed class PrunedDocument
{
    [JsonPropertyName("model")]
    public string Model { get; set; } = "";

    [JsonPropertyName("dry_run")]
    public bool DryRun { get; set; }

    [JsonPropertyName("versions")]
    public VerdictDocument[] Versions { get; set; } = [];
}

/// <summary>What became of a version.</summary>
public sealed class VerdictDocument
{
    [JsonPropertyName("version")]
    public int Version { get; set; }

    [JsonPropertyName("pruned")]
    public bool Pruned { get; set; }

    [JsonPropertyName("why")]
    public string Why { get; set; } = "";
}

/// <summary>What new versions are judged by.</summary>
public sealed class PolicyDocument
{
    [JsonPropertyName("rules")]
    public GateRuleDocument[] Rules { get; set; } = [];

    /// <summary>Dataset with rows kept back from training; empty: none.</summary>
    [JsonPropertyName("held_out")]
    public string HeldOut { get; set; } = "";
}

/// <summary>Entries of a model's audit trail, newest first.</summary>
public sealed class AuditPageDocument
{
    [JsonPropertyName("items")]
    public EventDocument[] Items { get; set; } = [];

    /// <summary>What <c>after</c> must be for the next page; null: there is none.</summary>
    [JsonPropertyName("next")]
    public string? Next { get; set; }
}
