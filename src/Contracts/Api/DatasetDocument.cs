using System.Text.Json.Serialization;

namespace OrleansCluster.Contracts.Api;

/// <summary>A version of a dataset.</summary>
public sealed class DatasetDocument
{
    [JsonPropertyName("name")]
    public string Name { get; set; } = "";

    [JsonPropertyName("version")]
    public int Version { get; set; }

    [JsonPropertyName("rows")]
    public long Rows { get; set; }

    /// <summary>How many columns of values there are.</summary>
    [JsonPropertyName("columns")]
    public int Columns { get; set; }

    [JsonPropertyName("column_ranges")]
    public ColumnRangeDocument[] ColumnRanges { get; set; } = [];

    /// <summary><c>f4</c> or <c>f8</c>.</summary>
    [JsonPropertyName("dtype")]
    public string Precision { get; set; } = "";

    /// <summary><c>sparse</c>: only values other than 0 are stored; null: all are.</summary>
    [JsonPropertyName("layout"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Layout { get; set; }

    [JsonPropertyName("id_column")]
    public string? IdColumn { get; set; }

    [JsonPropertyName("weight_column")]
    public string? WeightColumn { get; set; }

    /// <summary>Content hash: versions with the same hash hold the same rows.</summary>
    [JsonPropertyName("manifest")]
    public string Manifest { get; set; } = "";

    [JsonPropertyName("shards")]
    public int Shards { get; set; }

    [JsonPropertyName("bytes")]
    public long Bytes { get; set; }

    [JsonPropertyName("created")]
    public DateTimeOffset Created { get; set; }

    /// <summary>Where the rows came from, for people.</summary>
    [JsonPropertyName("source")]
    public string Source { get; set; } = "";

    /// <summary>What was expected of the rows that the version added; null: nothing.</summary>
    [JsonPropertyName("expectations"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ExpectationDocument[]? Expectations { get; set; }
}

/// <summary>A column of a dataset.</summary>
public sealed class ColumnRangeDocument
{
    [JsonPropertyName("name")]
    public string Name { get; set; } = "";

    [JsonPropertyName("minimum")]
    public double Minimum { get; set; }

    [JsonPropertyName("maximum")]
    public double Maximum { get; set; }

    [JsonPropertyName("mean")]
    public double Mean { get; set; }

    /// <summary><c>number</c>, <c>category</c>, <c>boolean</c> or <c>datetime</c>, whose values are seconds since 1970 UTC.</summary>
    [JsonPropertyName("type")]
    public string Type { get; set; } = "number";

    /// <summary>Rows without a value.</summary>
    [JsonPropertyName("missing")]
    public long Missing { get; set; }

    /// <summary>Of a category: how many different texts there are; else null.</summary>
    [JsonPropertyName("categories"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Categories { get; set; }
}

/// <summary>Some datasets, each by its newest version.</summary>
public sealed class DatasetPageDocument
{
    [JsonPropertyName("items")]
    public DatasetDocument[] Items { get; set; } = [];

    /// <summary>What <c>after</c> must be for the next page; null: there is none.</summary>
    [JsonPropertyName("next")]
    public string? Next { get; set; }
}
