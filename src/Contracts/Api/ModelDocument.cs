using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace OrleansCluster.Contracts.Api;

/// <summary>A model in a listing.</summary>
public sealed class ModelSummaryDocument
{
    [JsonPropertyName("name")]
    public string Name { get; set; } = "";

    /// <summary>Name of the newest version's family.</summary>
    [JsonPropertyName("algorithm")]
    public string Algorithm { get; set; } = "";

    /// <summary>The newest version.</summary>
    [JsonPropertyName("version")]
    public int Version { get; set; }

    /// <summary>How many versions there are.</summary>
    [JsonPropertyName("versions")]
    public int Versions { get; set; }

    [JsonPropertyName("k")]
    public int K { get; set; }

    /// <summary>How many columns its rows have.</summary>
    [JsonPropertyName("columns")]
    public int Columns { get; set; }

    [JsonPropertyName("objective")]
    public double? Objective { get; set; }

    [JsonPropertyName("objective_name")]
    public string ObjectiveName { get; set; } = "";

    [JsonPropertyName("created")]
    public DateTimeOffset Created { get; set; }

    [JsonPropertyName("digest")]
    public string Digest { get; set; } = "";

    /// <summary>The version that the bare name means.</summary>
    [JsonPropertyName("default")]
    public int Default { get; set; }

    [JsonPropertyName("revision")]
    public long Revision { get; set; }

    /// <summary>The version of each alias.</summary>
    [JsonPropertyName("aliases")]
    public JsonObject Aliases { get; set; } = [];
}

/// <summary>Some models, by name.</summary>
public sealed class ModelPageDocument
{
    [JsonPropertyName("items")]
    public ModelSummaryDocument[] Items { get; set; } = [];

    /// <summary>What <c>after</c> must be for the next page; null: there is none.</summary>
    [JsonPropertyName("next")]
    public string? Next { get; set; }
}

/// <summary>A model with all its versions. Its revision is the entity tag.</summary>
public sealed class ModelDocument
{
    [JsonPropertyName("name")]
    public string Name { get; set; } = "";

    /// <summary>Counts the changes: what <c>If-Match</c> is compared with.</summary>
    [JsonPropertyName("revision")]
    public long Revision { get; set; }

    [JsonPropertyName("newest")]
    public int Newest { get; set; }

    /// <summary>The version that the bare name means.</summary>
    [JsonPropertyName("default")]
    public int Default { get; set; }

    [JsonPropertyName("description")]
    public string Description { get; set; } = "";

    [JsonPropertyName("tags")]
    public JsonObject Tags { get; set; } = [];

    [JsonPropertyName("aliases")]
    public AliasDocument[] Aliases { get; set; } = [];

    [JsonPropertyName("named_clusters")]
    public ClusterNoteDocument[] NamedClusters { get; set; } = [];

    /// <summary>The id of the next cluster that is born.</summary>
    [JsonPropertyName("next_cluster")]
    public int NextCluster { get; set; }

    /// <summary>The columns of every version, in order.</summary>
    [JsonPropertyName("columns")]
    public string[] Columns { get; set; } = [];

    /// <summary>The columns that rows must have to be asked about, which are others than those of versions where rows are prepared.</summary>
    [JsonPropertyName("inputs")]
    public InputDocument[] Inputs { get; set; } = [];

    /// <summary>Oldest first.</summary>
    [JsonPropertyName("versions")]
    public VersionSummaryDocument[] Versions { get; set; } = [];
}

/// <summary>A name for a version that can be moved to another one.</summary>
public sealed class AliasDocument
{
    [JsonPropertyName("name")]
    public string Name { get; set; } = "";

    [JsonPropertyName("version")]
    public int Version { get; set; }

    /// <summary>Where it pointed before, the latest last.</summary>
    [JsonPropertyName("earlier")]
    public int[] Earlier { get; set; } = [];

    [JsonPropertyName("since")]
    public DateTimeOffset Since { get; set; }

    [JsonPropertyName("by")]
    public string By { get; set; } = "";
}

/// <summary>What a person said of a cluster, which holds in every version that has it.</summary>
public sealed class ClusterNoteDocument
{
    [JsonPropertyName("cluster")]
    public int Cluster { get; set; }

    [JsonPropertyName("name")]
    public string Name { get; set; } = "";

    /// <summary><c>#rrggbb</c>, or empty.</summary>
    [JsonPropertyName("colour")]
    public string Colour { get; set; } = "";

    [JsonPropertyName("note")]
    public string Note { get; set; } = "";
}

/// <summary>A version in a listing.</summary>
public sealed class VersionSummaryDocument
{
    [JsonPropertyName("version")]
    public int Version { get; set; }

    [JsonPropertyName("algorithm")]
    public string Algorithm { get; set; } = "";

    [JsonPropertyName("k")]
    public int K { get; set; }

    [JsonPropertyName("job")]
    public string Job { get; set; } = "";

    [JsonPropertyName("dataset")]
    public JobDatasetDocument Dataset { get; set; } = new();

    [JsonPropertyName("objective")]
    public double? Objective { get; set; }

    [JsonPropertyName("objective_name")]
    public string ObjectiveName { get; set; } = "";

    [JsonPropertyName("digest")]
    public string Digest { get; set; } = "";

    [JsonPropertyName("created")]
    public DateTimeOffset Created { get; set; }

    /// <summary>The version that its clusters were aligned with; 0: none.</summary>
    [JsonPropertyName("parent")]
    public int Parent { get; set; }

    [JsonPropertyName("by")]
    public string By { get; set; } = "";

    [JsonPropertyName("description")]
    public string Description { get; set; } = "";

    [JsonPropertyName("tags")]
    public JsonObject Tags { get; set; } = [];

    /// <summary>When its parameters were let go of; null: it has them.</summary>
    [JsonPropertyName("pruned")]
    public DateTimeOffset? Pruned { get; set; }
}

/// <summary>A version with its training.</summary>
public sealed class VersionDocument
{
    [JsonPropertyName("model")]
    public string Model { get; set; } = "";

    [JsonPropertyName("version")]
    public int Version { get; set; }

    [JsonPropertyName("created")]
    public DateTimeOffset Created { get; set; }

    [JsonPropertyName("parent")]
    public int Parent { get; set; }

    [JsonPropertyName("by")]
    public string By { get; set; } = "";

    [JsonPropertyName("description")]
    public string Description { get; set; } = "";

    [JsonPropertyName("tags")]
    public JsonObject Tags { get; set; } = [];

    [JsonPropertyName("pruned")]
    public DateTimeOffset? Pruned { get; set; }

    /// <summary>Content hash of its parameters.</summary>
    [JsonPropertyName("parameters")]
    public string Parameters { get; set; } = "";

    /// <summary>What it can be asked: <c>labels</c>, <c>distances</c>, <c>densities</c> and so on.</summary>
    [JsonPropertyName("capabilities")]
    public string[] Capabilities { get; set; } = [];

    /// <summary>The training that made it.</summary>
    [JsonPropertyName("training")]
    public ReportDocument Training { get; set; } = new();
}
