using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace OrleansCluster.Contracts.Api;

/// <summary>What the clusters of a version are like, as the rows say that it was trained on.</summary>
public sealed class ClusterProfilesDocument
{
    [JsonPropertyName("model")]
    public string Model { get; set; } = "";

    [JsonPropertyName("version")]
    public int Version { get; set; }

    [JsonPropertyName("dataset")]
    public string Dataset { get; set; } = "";

    [JsonPropertyName("dataset_version")]
    public int DatasetVersion { get; set; }

    /// <summary>Rows that the dataset has.</summary>
    [JsonPropertyName("rows")]
    public long Rows { get; set; }

    /// <summary>Rows that were looked at, evenly spaced; all of them, if that is as many.</summary>
    [JsonPropertyName("looked_at")]
    public long LookedAt { get; set; }

    /// <summary><c>squared_distance</c>, whose sign is turned so that more is better, or <c>log_density</c>, weighted, in nats; null: neither.</summary>
    [JsonPropertyName("measure")]
    public string? Measure { get; set; }

    [JsonPropertyName("clusters")]
    public ClusterProfileDocument[] Clusters { get; set; } = [];
}

/// <summary>What a cluster is like. All of it is of the rows that were looked at.</summary>
public sealed class ClusterProfileDocument
{
    [JsonPropertyName("cluster")]
    public int Cluster { get; set; }

    [JsonPropertyName("size")]
    public long Size { get; set; }

    [JsonPropertyName("share")]
    public double Share { get; set; }

    /// <summary>Root of the mean squared distance of its rows to its centre, as the model sees rows; null: it has none.</summary>
    [JsonPropertyName("spread")]
    public double? Spread { get; set; }

    /// <summary>In the table's own columns, as far as preparation can be taken back.</summary>
    [JsonPropertyName("centre")]
    public ClusterCentreDocument[] Centre { get; set; } = [];

    /// <summary>Those that set it apart most first.</summary>
    [JsonPropertyName("columns")]
    public ClusterColumnDocument[] Columns { get; set; } = [];

    /// <summary>The rows that it fits best, the best first.</summary>
    [JsonPropertyName("typical")]
    public ClusterRowDocument[] Typical { get; set; } = [];

    /// <summary>Rows at equal steps of how well it fits them, from the best to the worst.</summary>
    [JsonPropertyName("representative")]
    public ClusterRowDocument[] Representative { get; set; } = [];

    /// <summary>The rows that another cluster fits nearly as well, the most doubtful first.</summary>
    [JsonPropertyName("doubtful")]
    public ClusterRowDocument[] Doubtful { get; set; } = [];
}

/// <summary>A value of a centre.</summary>
public sealed class ClusterCentreDocument
{
    [JsonPropertyName("column")]
    public string Column { get; set; } = "";

    [JsonPropertyName("value")]
    public double Value { get; set; }
}

/// <summary>The values that a cluster's rows have in a column.</summary>
public sealed class ClusterColumnDocument
{
    [JsonPropertyName("column")]
    public string Column { get; set; } = "";

    /// <summary><c>number</c>, <c>category</c>, <c>boolean</c> or <c>datetime</c>.</summary>
    [JsonPropertyName("type")]
    public string Type { get; set; } = "";

    /// <summary>
    /// How different its values are from those of all other clusters' rows, 0 to 1: the greatest difference of the distribution functions
    /// (Kolmogorov–Smirnov), or of categories half the sum of the differences of shares.
    /// </summary>
    [JsonPropertyName("apart")]
    public double Apart { get; set; }

    /// <summary>Rows without a value.</summary>
    [JsonPropertyName("missing")]
    public long Missing { get; set; }

    /// <summary>Null: a category, or no row has a value. Of times in seconds since 1970.</summary>
    [JsonPropertyName("mean")]
    public double? Mean { get; set; }

    /// <summary>Over n.</summary>
    [JsonPropertyName("standard_deviation")]
    public double? Deviation { get; set; }

    /// <summary>The mean of the other clusters' rows.</summary>
    [JsonPropertyName("mean_elsewhere")]
    public double? MeanElsewhere { get; set; }

    /// <summary>The values that 5, 25, 50, 75 and 95 of a hundred rows do not exceed, each of them a row's; empty as <see cref="Mean"/> is null.</summary>
    [JsonPropertyName("quantiles")]
    public double[] Quantiles { get; set; } = [];

    /// <summary>Of a category: its most frequent texts.</summary>
    [JsonPropertyName("categories")]
    public ClusterCategoryDocument[] Categories { get; set; } = [];
}

/// <summary>How frequent a category is.</summary>
public sealed class ClusterCategoryDocument
{
    [JsonPropertyName("category")]
    public string Category { get; set; } = "";

    [JsonPropertyName("share")]
    public double Share { get; set; }

    /// <summary>Its share of the other clusters' rows.</summary>
    [JsonPropertyName("share_elsewhere")]
    public double ShareElsewhere { get; set; }
}

/// <summary>A row of a cluster.</summary>
public sealed class ClusterRowDocument
{
    /// <summary>Its number in the dataset, from 0.</summary>
    [JsonPropertyName("row")]
    public long Row { get; set; }

    /// <summary>Null: rows have none.</summary>
    [JsonPropertyName("id"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Id { get; set; }

    /// <summary>How well the cluster fits it; null: that has no measure.</summary>
    [JsonPropertyName("fit")]
    public double? Fit { get; set; }

    /// <summary>How much better that is than the next best cluster; null: there is none.</summary>
    [JsonPropertyName("lead")]
    public double? Lead { get; set; }

    /// <summary>That cluster.</summary>
    [JsonPropertyName("runner_up")]
    public int? RunnerUp { get; set; }

    /// <summary>A value for each column, in the table's order: a number, a text, true or false, or a time; null: it is missing.</summary>
    [JsonPropertyName("values")]
    public RowValueDocument[] Values { get; set; } = [];
}

/// <summary>A value of a row.</summary>
public sealed class RowValueDocument
{
    [JsonPropertyName("column")]
    public string Column { get; set; } = "";

    [JsonPropertyName("value")]
    public JsonValue? Value { get; set; }
}
