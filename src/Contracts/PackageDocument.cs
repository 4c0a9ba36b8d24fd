using System.Text.Json.Serialization;

namespace OrleansCluster.Contracts;

/// <summary>
/// A version of a model as one thing: everything that serving, monitoring and export need to know of it, by itself or by the hash of what holds it. It names
/// its model, version and job, so that no other version can have the same.
/// </summary>
public sealed class PackageDocument : IVersionedFile
{
    /// <summary>What this build writes.</summary>
    public const int Format = 1;

    [JsonPropertyName("format")]
    public int FormatVersion { get; set; } = Format;

    [JsonPropertyName("tenant")]
    public string Tenant { get; set; } = "";

    [JsonPropertyName("model")]
    public string Model { get; set; } = "";

    [JsonPropertyName("version")]
    public int Version { get; set; }

    /// <summary>What rows must be like.</summary>
    [JsonPropertyName("schema")]
    public SchemaDocument Schema { get; set; } = new();

    /// <summary>What is done to rows before the model sees them.</summary>
    [JsonPropertyName("preparation")]
    public PreparationDocument Preparation { get; set; } = new();

    /// <summary>Name of the family.</summary>
    [JsonPropertyName("family")]
    public string Family { get; set; } = "";

    [JsonPropertyName("k")]
    public int K { get; set; }

    [JsonPropertyName("parameters")]
    public ParametersDocument Parameters { get; set; } = new();

    /// <summary>The stable id of each cluster, in the order of the parameters.</summary>
    [JsonPropertyName("labels")]
    public int[] Labels { get; set; } = [];

    /// <summary>Where it comes from.</summary>
    [JsonPropertyName("training")]
    public LineageDocument Training { get; set; } = new();
    /// <summary>
    /// Content hash of the blob that holds what the training rows look like under the model (<see cref="ProfileFile"/>); empty: nobody looked.
    /// </summary>
    [JsonPropertyName("profile")]
    public string Profile { get; set; } = "";
}

/// <summary>The columns of rows, in order.</summary>
public sealed class SchemaDocument
{
    [JsonPropertyName("columns")]
    public ColumnDocument[] Columns { get; set; } = [];
}

/// <summary>A column.</summary>
public sealed class ColumnDocument
{
    [JsonPropertyName("name")]
    public string Name { get; set; } = "";

    /// <summary><c>number</c>.</summary>
    [JsonPropertyName("type")]
    public string Type { get; set; } = "number";

    /// <summary>Least value of the training rows; null: not known.</summary>
    [JsonPropertyName("minimum")]
    public double? Minimum { get; set; }

    /// <summary>Greatest value of the training rows; null: not known.</summary>
    [JsonPropertyName("maximum")]
    public double? Maximum { get; set; }
}

/// <summary>Steps that rows go through, in order; none: the model sees rows as they are.</summary>
public sealed class PreparationDocument
{
    /// <summary>What this build writes.</summary>
    public const int Newest = 2;

    /// <summary>1: there are none; 2: with what they found in the training rows.</summary>
    [JsonPropertyName("version")]
    public int Version { get; set; } = 1;

    [JsonPropertyName("steps")]
    public PreparedStepDocument[] Steps { get; set; } = [];

    /// <summary>The steps as they were asked for; null: rows are not prepared.</summary>
    [JsonPropertyName("asked"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Asked { get; set; }

    /// <summary>The columns that rows must have before they are prepared; null: rows are not prepared.</summary>
    [JsonPropertyName("inputs"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public InputDocument[]? Inputs { get; set; }
}

/// <summary>A step with all that it found in the training rows, by name.</summary>
public sealed class PreparedStepDocument
{
    [JsonPropertyName("step")]
    public string Step { get; set; } = "";

    /// <summary>Rows that it was fitted on; 0: it needs none.</summary>
    [JsonPropertyName("rows")]
    public long Rows { get; set; }

    [JsonPropertyName("texts")]
    public NamedTextsDocument[] Texts { get; set; } = [];

    [JsonPropertyName("numbers")]
    public NamedNumbersDocument[] Numbers { get; set; } = [];
}

/// <summary>Texts with a name.</summary>
public sealed class NamedTextsDocument
{
    [JsonPropertyName("name")]
    public string Name { get; set; } = "";

    [JsonPropertyName("values")]
    public string[] Values { get; set; } = [];
}

/// <summary>Numbers with a name.</summary>
public sealed class NamedNumbersDocument
{
    [JsonPropertyName("name")]
    public string Name { get; set; } = "";

    [JsonPropertyName("values")]
    public double[] Values { get; set; } = [];
}

/// <summary>A column of rows before they are prepared.</summary>
public sealed class InputDocument
{
    [JsonPropertyName("name")]
    public string Name { get; set; } = "";

    /// <summary><c>number</c>, <c>category</c>, <c>boolean</c> or <c>datetime</c>.</summary>
    [JsonPropertyName("type")]
    public string Type { get; set; } = "number";

    /// <summary>Of a category: the texts that the training rows had; null: it is none, or nobody kept them.</summary>
    [JsonPropertyName("categories"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string[]? Categories { get; set; }
}

/// <summary>Where the parameters are.</summary>
public sealed class ParametersDocument
{
    /// <summary>Content hash of their blob.</summary>
    [JsonPropertyName("hash")]
    public string Hash { get; set; } = "";

    /// <summary>SHA-256 of their canonical encoding.</summary>
    [JsonPropertyName("digest")]
    public string Digest { get; set; } = "";
}

/// <summary>The training that made a version.</summary>
public sealed class LineageDocument
{
    [JsonPropertyName("job")]
    public string Job { get; set; } = "";

    /// <summary>Content hash of the report's blob.</summary>
    [JsonPropertyName("report")]
    public string Report { get; set; } = "";

    [JsonPropertyName("dataset")]
    public string Dataset { get; set; } = "";

    [JsonPropertyName("dataset_version")]
    public int DatasetVersion { get; set; }

    [JsonPropertyName("rows")]
    public long Rows { get; set; }

    /// <summary>The version that clusters were aligned with; 0: none.</summary>
    [JsonPropertyName("parent")]
    public int Parent { get; set; }

    [JsonPropertyName("code")]
    public string Code { get; set; } = "";
}
