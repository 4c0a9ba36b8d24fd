using System.Text.Json.Serialization;

namespace OrleansCluster.Contracts.Api;

/// <summary>How far observed rows are from a version's training rows, or from other observed rows.</summary>
public sealed class DriftDocument
{
    [JsonPropertyName("model")]
    public string Model { get; set; } = "";

    [JsonPropertyName("version")]
    public int Version { get; set; }

    /// <summary>Whether anything has drifted.</summary>
    [JsonPropertyName("drifted")]
    public bool Drifted { get; set; }

    /// <summary>Whether there are rows enough to judge; else nothing is called drift.</summary>
    [JsonPropertyName("enough_rows")]
    public bool EnoughRows { get; set; }

    /// <summary>What has drifted, in words.</summary>
    [JsonPropertyName("causes")]
    public string[] Causes { get; set; } = [];

    [JsonPropertyName("observed")]
    public DriftSideDocument Observed { get; set; } = new();

    [JsonPropertyName("reference")]
    public DriftSideDocument Reference { get; set; } = new();

    [JsonPropertyName("columns")]
    public DriftFiguresDocument[] Columns { get; set; } = [];

    /// <summary>Columns of the model that are not compared one by one, because they are too many: their changes show in the scores.</summary>
    [JsonPropertyName("left_out")]
    public int LeftOut { get; set; }

    [JsonPropertyName("scores")]
    public DriftFiguresDocument[] Scores { get; set; } = [];

    /// <summary>The clusters' shares of the rows; null: the model tells no clusters.</summary>
    [JsonPropertyName("clusters")]
    public DriftFiguresDocument? Clusters { get; set; }

    [JsonPropertyName("cluster_shares")]
    public ClusterShareDocument[] ClusterShares { get; set; } = [];

    /// <summary>Columns of <see cref="ClusterShiftDocument.Shifts"/>: those that the model sees.</summary>
    [JsonPropertyName("shift_columns")]
    public string[] ShiftColumns { get; set; } = [];

    /// <summary>How far the mean of each cluster's rows is from the reference's; empty: not known of this version.</summary>
    [JsonPropertyName("cluster_shifts")]
    public ClusterShiftDocument[] ClusterShifts { get; set; } = [];

    /// <summary>How well rows fit their clusters; empty: not known of this version.</summary>
    [JsonPropertyName("fits")]
    public FitDocument[] Fits { get; set; } = [];

    /// <summary>Whether a new mode is looked for: not where rows have too many columns to keep some.</summary>
    [JsonPropertyName("looks_for_modes")]
    public bool LooksForModes { get; set; } = true;

    /// <summary>Rows far from every cluster and dense among themselves; null: there are none.</summary>
    [JsonPropertyName("new_mode")]
    public NewModeDocument? NewMode { get; set; }

    [JsonPropertyName("thresholds")]
    public ThresholdsDocument Thresholds { get; set; } = new();
}

/// <summary>Rows that are compared.</summary>
public sealed class DriftSideDocument
{
    /// <summary>Name of the window or of the data; <c>training</c>: the version's training rows.</summary>
    [JsonPropertyName("name")]
    public string Name { get; set; } = "";

    [JsonPropertyName("rows")]
    public long Rows { get; set; }

    /// <summary>Share of rows far from every cluster.</summary>
    [JsonPropertyName("far")]
    public double Far { get; set; }
}

/// <summary>How a column, a score or the clusters' shares differ from the reference. Null: the figure does not apply.</summary>
public sealed class DriftFiguresDocument
{
    [JsonPropertyName("name")]
    public string Name { get; set; } = "";

    /// <summary><c>number</c>, <c>category</c>, <c>boolean</c>, <c>datetime</c>, <c>score</c> or <c>clusters</c>.</summary>
    [JsonPropertyName("type")]
    public string Type { get; set; } = "";

    [JsonPropertyName("drifted")]
    public bool Drifted { get; set; }

    /// <summary>Whether the distribution of the values has.</summary>
    [JsonPropertyName("moved")]
    public bool Moved { get; set; }

    /// <summary>Values compared.</summary>
    [JsonPropertyName("present")]
    public long Present { get; set; }

    /// <summary>1-Wasserstein distance, in standard deviations of the reference.</summary>
    [JsonPropertyName("wasserstein")]
    public double? Wasserstein { get; set; }

    [JsonPropertyName("kolmogorov_smirnov")]
    public double? KolmogorovSmirnov { get; set; }

    [JsonPropertyName("kolmogorov_smirnov_p")]
    public double? KolmogorovSmirnovP { get; set; }

    /// <summary>To the base 2.</summary>
    [JsonPropertyName("jensen_shannon")]
    public double? JensenShannon { get; set; }

    /// <summary>In nats, from the reference.</summary>
    [JsonPropertyName("kullback_leibler")]
    public double? KullbackLeibler { get; set; }

    /// <summary>Population stability index.</summary>
    [JsonPropertyName("psi")]
    public double? Psi { get; set; }

    [JsonPropertyName("chi_square")]
    public double? ChiSquare { get; set; }

    [JsonPropertyName("chi_square_p")]
    public double? ChiSquareP { get; set; }

    [JsonPropertyName("mean_before")]
    public double? MeanBefore { get; set; }

    [JsonPropertyName("mean")]
    public double? Mean { get; set; }

    /// <summary>Difference of the means, in standard deviations of the reference.</summary>
    [JsonPropertyName("shift")]
    public double? Shift { get; set; }

    /// <summary>Share of the reference in its fullest bin: near 1, bins are too coarse to tell much.</summary>
    [JsonPropertyName("fullest")]
    public double Fullest { get; set; }

    [JsonPropertyName("missing")]
    public ShareChangeDocument Missing { get; set; } = new();

    /// <summary>Values outside of the training rows' range; categories that they had not.</summary>
    [JsonPropertyName("outside")]
    public ShareChangeDocument Outside { get; set; } = new();
}

/// <summary>A share of the rows, of the reference and now.</summary>
public sealed class ShareChangeDocument
{
    [JsonPropertyName("before")]
    public double Before { get; set; }

    [JsonPropertyName("now")]
    public double Now { get; set; }

    [JsonPropertyName("drifted")]
    public bool Drifted { get; set; }
}

/// <summary>A cluster's share of the rows, of the reference and now.</summary>
public sealed class ClusterShareDocument
{
    /// <summary>Stable id.</summary>
    [JsonPropertyName("cluster")]
    public int Cluster { get; set; }

    [JsonPropertyName("before")]
    public double Before { get; set; }

    [JsonPropertyName("now")]
    public double Now { get; set; }

    [JsonPropertyName("rows")]
    public long Rows { get; set; }
}

/// <summary>How far the mean of a cluster's rows is from the reference's.</summary>
public sealed class ClusterShiftDocument
{
    /// <summary>Stable id.</summary>
    [JsonPropertyName("cluster")]
    public int Cluster { get; set; }

    [JsonPropertyName("drifted")]
    public bool Drifted { get; set; }

    /// <summary>Whether both sides have rows enough of this cluster to judge; else it is not called drift.</summary>
    [JsonPropertyName("enough_rows")]
    public bool EnoughRows { get; set; }

    /// <summary>Its rows in the reference whose means are known.</summary>
    [JsonPropertyName("rows_before")]
    public long RowsBefore { get; set; }

    /// <summary>Its rows now whose means are known: windows of earlier builds have none.</summary>
    [JsonPropertyName("rows")]
    public long Rows { get; set; }

    /// <summary>The column whose shift is the least probable; null: none is known.</summary>
    [JsonPropertyName("column")]
    public string? Column { get; set; }

    /// <summary>Absolute shift of that, in standard deviations that the column has within the cluster.</summary>
    [JsonPropertyName("size")]
    public double? Size { get; set; }

    /// <summary>Its probability by chance, times the number of columns.</summary>
    [JsonPropertyName("p")]
    public double? P { get; set; }

    /// <summary>Shifts of all columns, in standard deviations within the cluster; null: not known.</summary>
    [JsonPropertyName("shifts")]
    public double?[] Shifts { get; set; } = [];
}

/// <summary>A figure of how well rows fit their clusters, on average. Null: not known, as of windows of earlier builds.</summary>
public sealed class FitDocument
{
    /// <summary><c>inertia_per_row</c>, <c>negative_log_density</c> or <c>simplified_silhouette</c>.</summary>
    [JsonPropertyName("name")]
    public string Name { get; set; } = "";

    [JsonPropertyName("drifted")]
    public bool Drifted { get; set; }

    /// <summary>Rows of the reference that it is of.</summary>
    [JsonPropertyName("rows_before")]
    public long RowsBefore { get; set; }

    /// <summary>Rows that it is of.</summary>
    [JsonPropertyName("rows")]
    public long Rows { get; set; }

    [JsonPropertyName("mean_before")]
    public double? MeanBefore { get; set; }

    [JsonPropertyName("mean")]
    public double? Mean { get; set; }

    /// <summary>Difference of the means, in standard deviations of the training rows.</summary>
    [JsonPropertyName("shift")]
    public double? Shift { get; set; }

    [JsonPropertyName("p")]
    public double? P { get; set; }
}

/// <summary>Rows that look like a cluster which the model has not.</summary>
public sealed class NewModeDocument
{
    /// <summary>About how many.</summary>
    [JsonPropertyName("rows")]
    public long Rows { get; set; }

    [JsonPropertyName("share")]
    public double Share { get; set; }

    /// <summary>Where they are, in the table's own columns as far as that can be told.</summary>
    [JsonPropertyName("centre")]
    public CentreValueDocument[] Centre { get; set; } = [];
}

/// <summary>A column of a centre.</summary>
public sealed class CentreValueDocument
{
    [JsonPropertyName("column")]
    public string Column { get; set; } = "";

    [JsonPropertyName("value")]
    public double Value { get; set; }
}

/// <summary>When a difference is called drift.</summary>
public sealed class ThresholdsDocument
{
    [JsonPropertyName("wasserstein")]
    public double Wasserstein { get; set; }

    [JsonPropertyName("kolmogorov_smirnov")]
    public double KolmogorovSmirnov { get; set; }

    [JsonPropertyName("jensen_shannon")]
    public double JensenShannon { get; set; }

    [JsonPropertyName("share")]
    public double Share { get; set; }

    [JsonPropertyName("alpha")]
    public double Alpha { get; set; }

    [JsonPropertyName("minimum_rows")]
    public int MinimumRows { get; set; }

    /// <summary>Of a cluster's mean, in standard deviations within the cluster.</summary>
    [JsonPropertyName("cluster_shift")]
    public double ClusterShift { get; set; }

    /// <summary>Of how well rows fit, in standard deviations of the training rows.</summary>
    [JsonPropertyName("fit")]
    public double Fit { get; set; }

    [JsonPropertyName("cluster_rows")]
    public int ClusterRows { get; set; }
}
