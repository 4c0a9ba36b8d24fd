using System.Text.Json.Serialization;

namespace OrleansCluster.Contracts;

/// <summary>A reference profile as a file. It names its model and job, so that no other version can have the same.</summary>
public sealed class ProfileFile
{
    /// <summary>What this build writes.</summary>
    public const int Format = 1;

    [JsonPropertyName("format")]
    public int FormatVersion { get; set; } = Format;

    [JsonPropertyName("tenant")]
    public string Tenant { get; set; } = "";

    [JsonPropertyName("model")]
    public string Model { get; set; } = "";

    [JsonPropertyName("job")]
    public string Job { get; set; } = "";

    [JsonPropertyName("profile")]
    public ProfileDocument Profile { get; set; } = new();
}

/// <summary>What rows look like under a model. Counts are of rows, whatever they weigh.</summary>
public sealed class ProfileDocument
{
    [JsonPropertyName("rows")]
    public long Rows { get; set; }

    /// <summary>The columns that the model sees; of many columns of sparse rows, those whose values vary most.</summary>
    [JsonPropertyName("columns")]
    public ColumnProfileDocument[] Columns { get; set; } = [];

    /// <summary>How many columns that the model sees are left out.</summary>
    [JsonPropertyName("left_out"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int LeftOut { get; set; }

    /// <summary>The columns of rows before they are prepared; null: the model takes rows as they are, or nobody looked.</summary>
    [JsonPropertyName("inputs"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ColumnProfileDocument[]? Inputs { get; set; }

    /// <summary>Rows of each cluster, in the order of the parameters.</summary>
    [JsonPropertyName("clusters")]
    public long[] Clusters { get; set; } = [];

    [JsonPropertyName("scores")]
    public ScoreProfileDocument[] Scores { get; set; } = [];

    /// <summary>
    /// Rows of each cluster around its centre, in the order of the parameters; null: the model has no centres, too many values, or nobody looked.
    /// </summary>
    [JsonPropertyName("centred"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CentredProfileDocument[]? Centred { get; set; }

    /// <summary>How badly rows fit: squared distances, or negative log-densities; null: nobody looked.</summary>
    [JsonPropertyName("loss"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MomentsDocument? Loss { get; set; }

    /// <summary>Simplified silhouettes of some rows; null: the model has no centres, or nobody looked.</summary>
    [JsonPropertyName("silhouette"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MomentsDocument? Silhouette { get; set; }
}

/// <summary>The differences of a cluster's rows to its centre, of each column that the model sees.</summary>
public sealed class CentredProfileDocument
{
    /// <summary>Means of the differences.</summary>
    [JsonPropertyName("offsets")]
    public double[] Offsets { get; set; } = [];

    /// <summary>Standard deviations, over n.</summary>
    [JsonPropertyName("deviations")]
    public double[] Deviations { get; set; } = [];

    /// <summary>Third standardised moments, to three digits.</summary>
    [JsonPropertyName("skews")]
    public double[] Skews { get; set; } = [];
}

/// <summary>Moments of a figure of rows.</summary>
public sealed class MomentsDocument
{
    [JsonPropertyName("rows")]
    public long Rows { get; set; }

    [JsonPropertyName("mean")]
    public double Mean { get; set; }

    /// <summary>Over n.</summary>
    [JsonPropertyName("standard_deviation")]
    public double StandardDeviation { get; set; }

    /// <summary>Third standardised moment.</summary>
    [JsonPropertyName("skew")]
    public double Skew { get; set; }
}

/// <summary>The values of a column.</summary>
public sealed class ColumnProfileDocument
{
    [JsonPropertyName("name")]
    public string Name { get; set; } = "";

    [JsonPropertyName("minimum")]
    public double Minimum { get; set; }

    [JsonPropertyName("maximum")]
    public double Maximum { get; set; }

    [JsonPropertyName("mean")]
    public double Mean { get; set; }

    /// <summary>Over n.</summary>
    [JsonPropertyName("standard_deviation")]
    public double StandardDeviation { get; set; }

    /// <summary>Rows in equally wide bins from the least to the greatest value, or of each of the categories.</summary>
    [JsonPropertyName("counts")]
    public long[] Counts { get; set; } = [];

    /// <summary><c>number</c>, <c>category</c>, <c>boolean</c> or <c>datetime</c>; null: a number.</summary>
    [JsonPropertyName("type"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Type { get; set; }

    /// <summary>Of a category: the texts whose rows are counted; null: it is none.</summary>
    [JsonPropertyName("categories"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string[]? Categories { get; set; }

    /// <summary>Rows of further categories.</summary>
    [JsonPropertyName("others"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Others { get; set; }

    /// <summary>Rows that have no value.</summary>
    [JsonPropertyName("missing"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Missing { get; set; }
}

/// <summary>The values of a score: <c>distance</c> (to the centre of the row's cluster) or <c>log_density</c>.</summary>
public sealed class ScoreProfileDocument
{
    [JsonPropertyName("name")]
    public string Name { get; set; } = "";

    /// <summary>The greatest value that each bin can hold, ascending; bins without rows are left out.</summary>
    [JsonPropertyName("edges")]
    public double[] Edges { get; set; } = [];

    /// <summary>Rows in each bin.</summary>
    [JsonPropertyName("counts")]
    public long[] Counts { get; set; } = [];
}
