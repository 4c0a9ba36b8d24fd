using System.Text.Json.Serialization;

namespace OrleansCluster.Contracts.Api;

/// <summary>How good predictions are in segments of rows.</summary>
public sealed class SegmentsDocument
{
    /// <summary><c>binary</c>, <c>classes</c> or <c>numbers</c>.</summary>
    [JsonPropertyName("kind")]
    public string Kind { get; set; } = "";

    /// <summary>What segments are compared by: <c>accuracy</c>, <c>precision</c>, <c>recall</c> or <c>mae</c>.</summary>
    [JsonPropertyName("metric")]
    public string Metric { get; set; } = "";

    /// <summary>What rows were read.</summary>
    [JsonPropertyName("data")]
    public string Data { get; set; } = "";

    /// <summary>The model whose clusters are segments; null: none.</summary>
    [JsonPropertyName("model")]
    public string? Model { get; set; }

    [JsonPropertyName("version")]
    public int? Version { get; set; }

    /// <summary>Whether no segment is worse than allowed; null: they were not checked.</summary>
    [JsonPropertyName("passed")]
    public bool? Passed { get; set; }

    [JsonPropertyName("max_drop")]
    public double? MaxDrop { get; set; }

    /// <summary>Segments that are worse than the rest by more than that.</summary>
    [JsonPropertyName("failed")]
    public string[] Failed { get; set; } = [];

    /// <summary>Segments that are worse than they were by more than that.</summary>
    [JsonPropertyName("worsened")]
    public string[] Worsened { get; set; } = [];

    [JsonPropertyName("overall")]
    public SegmentDocument Overall { get; set; } = new();

    /// <summary>The worst first.</summary>
    [JsonPropertyName("segments")]
    public SegmentDocument[] Segments { get; set; } = [];

    /// <summary>What changed since the baseline, the worst first; empty: there is none.</summary>
    [JsonPropertyName("changes")]
    public SegmentChangeDocument[] Changes { get; set; } = [];

    /// <summary>All rows and the worst segments over time; empty: nobody asked.</summary>
    [JsonPropertyName("over_time")]
    public SegmentTimesDocument[] OverTime { get; set; } = [];

    /// <summary>What became of joining what is true with what was answered; null: rows had both.</summary>
    [JsonPropertyName("labels")]
    public JoinedLabelsDocument? Labels { get; set; }
}

/// <summary>How good predictions are on some rows.</summary>
public sealed class SegmentDocument
{
    [JsonPropertyName("name")]
    public string Name { get; set; } = "";

    /// <summary>Rows of which it is known what is true.</summary>
    [JsonPropertyName("rows")]
    public long Rows { get; set; }

    /// <summary>Rows of which it is not known yet.</summary>
    [JsonPropertyName("waiting")]
    public long Waiting { get; set; }

    [JsonPropertyName("figures")]
    public SegmentFigureDocument[] Figures { get; set; } = [];

    /// <summary>What segments are compared by; null: there are no cases.</summary>
    [JsonPropertyName("value")]
    public double? Value { get; set; }

    /// <summary>The same of all other rows.</summary>
    [JsonPropertyName("rest")]
    public double? Rest { get; set; }

    /// <summary>How much worse than the rest: in points of a share, of an error as a share of the rest's.</summary>
    [JsonPropertyName("drop")]
    public double? Drop { get; set; }

    /// <summary>The probability of that by chance, corrected after Holm; null: too few rows to compare.</summary>
    [JsonPropertyName("p")]
    public double? Chance { get; set; }
}

/// <summary>A figure with its interval at 95 %; null: it cannot be told.</summary>
public sealed class SegmentFigureDocument
{
    [JsonPropertyName("name")]
    public string Name { get; set; } = "";

    [JsonPropertyName("value")]
    public double? Value { get; set; }

    [JsonPropertyName("low")]
    public double? Low { get; set; }

    [JsonPropertyName("high")]
    public double? High { get; set; }
}

/// <summary>A segment now and in the baseline.</summary>
public sealed class SegmentChangeDocument
{
    [JsonPropertyName("name")]
    public string Name { get; set; } = "";

    [JsonPropertyName("rows_before")]
    public long RowsBefore { get; set; }

    [JsonPropertyName("rows")]
    public long Rows { get; set; }

    [JsonPropertyName("before")]
    public double? Before { get; set; }

    [JsonPropertyName("now")]
    public double? Now { get; set; }

    /// <summary>How much worse it is now, with the interval at 95 %.</summary>
    [JsonPropertyName("drop")]
    public double? Drop { get; set; }

    [JsonPropertyName("low")]
    public double? Low { get; set; }

    [JsonPropertyName("high")]
    public double? High { get; set; }

    /// <summary>The probability of that by chance, corrected after Holm; null: too few rows to compare.</summary>
    [JsonPropertyName("p")]
    public double? Chance { get; set; }
}

/// <summary>A segment over time.</summary>
public sealed class SegmentTimesDocument
{
    [JsonPropertyName("name")]
    public string Name { get; set; } = "";

    [JsonPropertyName("windows")]
    public SegmentTimeDocument[] Windows { get; set; } = [];
}

/// <summary>A segment in a window of time.</summary>
public sealed class SegmentTimeDocument
{
    [JsonPropertyName("from")]
    public DateTimeOffset From { get; set; }

    [JsonPropertyName("rows")]
    public long Rows { get; set; }

    /// <summary>Rows of which it is not known yet what is true: figures of young windows are of those that were known soon.</summary>
    [JsonPropertyName("waiting")]
    public long Waiting { get; set; }

    /// <summary>Whether there are rows enough to tell anything.</summary>
    [JsonPropertyName("enough_rows")]
    public bool EnoughRows { get; set; }

    [JsonPropertyName("value")]
    public double? Value { get; set; }

    [JsonPropertyName("low")]
    public double? Low { get; set; }

    [JsonPropertyName("high")]
    public double? High { get; set; }
}

/// <summary>What is true, joined by id with what was answered.</summary>
public sealed class JoinedLabelsDocument
{
    [JsonPropertyName("answers")]
    public long Answers { get; set; }

    [JsonPropertyName("truths")]
    public long Truths { get; set; }

    [JsonPropertyName("joined")]
    public long Joined { get; set; }

    /// <summary>Answers of which it is not known yet what is true.</summary>
    [JsonPropertyName("waiting")]
    public long Waiting { get; set; }

    /// <summary>Truths of rows that were not answered.</summary>
    [JsonPropertyName("strange")]
    public long Strange { get; set; }

    /// <summary>From answer to truth; null: there were no times.</summary>
    [JsonPropertyName("lag_seconds")]
    public LabelLagDocument? Lag { get; set; }
}

/// <summary>How long it took until it was known what is true, in seconds.</summary>
public sealed class LabelLagDocument
{
    [JsonPropertyName("median")]
    public double Median { get; set; }

    /// <summary>Nine of ten took no longer.</summary>
    [JsonPropertyName("ninetieth")]
    public double Ninetieth { get; set; }

    [JsonPropertyName("longest")]
    public double Longest { get; set; }

    /// <summary>Rows of which it was known before they were answered.</summary>
    [JsonPropertyName("early")]
    public long Early { get; set; }
}
