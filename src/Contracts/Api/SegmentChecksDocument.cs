using System.Text.Json.Serialization;

namespace OrleansCluster.Contracts.Api;

/// <summary>Checks of segments that were told of a model, the oldest first.</summary>
public sealed class SegmentChecksDocument
{
    [JsonPropertyName("model")]
    public string Model { get; set; } = "";

    [JsonPropertyName("checks")]
    public SegmentCheckDocument[] Checks { get; set; } = [];
}

/// <summary>How good predictions were in segments of rows.</summary>
public sealed class SegmentCheckDocument
{
    /// <summary>Tells it from others: one that is told again is not kept again. Where it is asked for, empty: it is a new one.</summary>
    [JsonPropertyName("id")]
    public string Id { get; set; } = "";

    /// <summary>What the rows are called.</summary>
    [JsonPropertyName("data")]
    public string Data { get; set; } = "";

    /// <summary>What segments are compared by: <c>accuracy</c>, <c>precision</c>, <c>recall</c> or <c>mae</c>.</summary>
    [JsonPropertyName("metric")]
    public string Metric { get; set; } = "";

    [JsonPropertyName("passed")]
    public bool Passed { get; set; }

    [JsonPropertyName("max_drop")]
    public double MaxDrop { get; set; }

    [JsonPropertyName("by")]
    public string? By { get; set; }

    /// <summary>When it was told; null where it is asked for.</summary>
    [JsonPropertyName("at")]
    public DateTimeOffset? At { get; set; }

    [JsonPropertyName("overall")]
    public CheckedSegmentDocument Overall { get; set; } = new();

    /// <summary>The worst first, at most 30.</summary>
    [JsonPropertyName("segments")]
    public CheckedSegmentDocument[] Segments { get; set; } = [];
}

/// <summary>How good predictions were on some rows; null: that cannot be told.</summary>
public sealed class CheckedSegmentDocument
{
    [JsonPropertyName("name")]
    public string Name { get; set; } = "";

    [JsonPropertyName("rows")]
    public long Rows { get; set; }

    [JsonPropertyName("value")]
    public double? Value { get; set; }

    [JsonPropertyName("low")]
    public double? Low { get; set; }

    [JsonPropertyName("high")]
    public double? High { get; set; }

    [JsonPropertyName("rest")]
    public double? Rest { get; set; }

    /// <summary>How much worse than the rest.</summary>
    [JsonPropertyName("drop")]
    public double? Drop { get; set; }

    /// <summary>The corrected probability of that by chance; null: too few rows to compare.</summary>
    [JsonPropertyName("p")]
    public double? Chance { get; set; }

    [JsonPropertyName("failed")]
    public bool Failed { get; set; }
}
