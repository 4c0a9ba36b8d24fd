using System.Text.Json.Serialization;

namespace OrleansCluster.Contracts.Api;

/// <summary>Rows that are about to come, message by message.</summary>
public sealed class ImportDocument
{
    /// <summary>Name of the dataset whose next version they are.</summary>
    [JsonPropertyName("dataset")]
    public string Dataset { get; set; } = "";

    /// <summary>Names of the columns of values, in order, without those of ids and weights.</summary>
    [JsonPropertyName("columns")]
    public string[] Columns { get; set; } = [];

    /// <summary><c>f4</c> or <c>f8</c>.</summary>
    [JsonPropertyName("dtype")]
    public string Precision { get; set; } = "f8";

    [JsonPropertyName("id_column")]
    public string? IdColumn { get; set; }

    [JsonPropertyName("weight_column")]
    public string? WeightColumn { get; set; }

    /// <summary>Where the rows come from, for people; empty: who sends them.</summary>
    [JsonPropertyName("source")]
    public string Source { get; set; } = "";

    /// <summary><c>number</c>, <c>category</c>, <c>boolean</c> or <c>datetime</c> of each column; empty: numbers, and none is missing.</summary>
    [JsonPropertyName("types")]
    public string[] Types { get; set; } = [];

    /// <summary><c>sparse</c>: rows come and are stored without their zeros; empty: with them.</summary>
    [JsonPropertyName("layout")]
    public string Layout { get; set; } = "";
}

/// <summary>
/// What stands before some rows of an import: their values follow (row by row, in the import's columns and precision, little-endian), and then a float64 a row
/// where rows have weights.
/// </summary>
public sealed class ImportRowsDocument
{
    /// <summary>Position of these rows among the messages of the import, from 0 without gaps: what came already is not added again.</summary>
    [JsonPropertyName("sequence")]
    public long Sequence { get; set; }

    /// <summary>Bytes of the values.</summary>
    [JsonPropertyName("value_bytes")]
    public int ValueBytes { get; set; }

    /// <summary>One a row where rows have ids, else none.</summary>
    [JsonPropertyName("ids")]
    public string[] Ids { get; set; } = [];
}

/// <summary>What was expected of the rows of an import by who read them.</summary>
public sealed class ImportExpectationsDocument
{
    [JsonPropertyName("expectations")]
    public ExpectationDocument[] Expectations { get; set; } = [];
}

/// <summary>What was expected of rows, and how it was met.</summary>
public sealed class ExpectationDocument
{
    /// <summary>As it is written: <c>age in 0..120</c>.</summary>
    [JsonPropertyName("expectation")]
    public string Expectation { get; set; } = "";

    /// <summary>Rows that broke it; of a share of missing values that is too large, the rows that lack one.</summary>
    [JsonPropertyName("broken")]
    public long Broken { get; set; }

    /// <summary>Whether those rows were left out and put aside; else they are among the version's.</summary>
    [JsonPropertyName("put_aside")]
    public bool PutAside { get; set; }
}

/// <summary>Texts of a column of categories.</summary>
public sealed class ImportCategoriesDocument
{
    /// <summary>Position of the column, from 0.</summary>
    [JsonPropertyName("column")]
    public int Column { get; set; }

    /// <summary>The value that the first text is for.</summary>
    [JsonPropertyName("first")]
    public int First { get; set; }

    [JsonPropertyName("texts")]
    public string[] Texts { get; set; } = [];
}

/// <summary>
/// What stands before rows that a model is asked about: their values follow (row by row, little-endian), and then a uint64 a row where they have keys.
/// </summary>
public sealed class BinaryRowsDocument
{
    /// <summary><c>f4</c> or <c>f8</c>.</summary>
    [JsonPropertyName("dtype")]
    public string Precision { get; set; } = "f8";

    /// <summary>How many columns rows have.</summary>
    [JsonPropertyName("columns")]
    public int Columns { get; set; }

    /// <summary>Bytes of the values.</summary>
    [JsonPropertyName("value_bytes")]
    public int ValueBytes { get; set; }

    /// <summary>What the columns are, of a model that prepares its rows; empty: numbers, in the order of the model's.</summary>
    [JsonPropertyName("types")]
    public BinaryColumnDocument[] Types { get; set; } = [];

    /// <summary>For scores: clusters told of each row.</summary>
    [JsonPropertyName("top")]
    public int? Top { get; set; }
}

/// <summary>A column of rows in bytes.</summary>
public sealed class BinaryColumnDocument
{
    [JsonPropertyName("name")]
    public string Name { get; set; } = "";

    [JsonPropertyName("type")]
    public string Type { get; set; } = "number";

    /// <summary>The texts of a category, each at the place that stands for it.</summary>
    [JsonPropertyName("categories")]
    public string[] Categories { get; set; } = [];
}
