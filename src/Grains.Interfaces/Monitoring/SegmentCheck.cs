using System.Collections.Immutable;

namespace OrleansCluster.Monitoring;

/// <summary>How good predictions were in segments of rows, as somebody told of a model.</summary>
[GenerateSerializer, Immutable, Alias("oc.SegmentCheck")]
public sealed record SegmentCheck
{
    /// <summary>Most segments that are told: the worst.</summary>
    public const int MostSegments = 30;

    /// <summary>Tells this check from others, so that it is known again when it is told twice.</summary>
    [Id(0)] public required string Id { get; init; }

    /// <summary>What the rows are called.</summary>
    [Id(1)] public required string Data { get; init; }

    /// <summary>What segments are compared by: <c>accuracy</c>, <c>precision</c>, <c>recall</c> or <c>mae</c>.</summary>
    [Id(2)] public required string Metric { get; init; }

    /// <summary>All rows.</summary>
    [Id(3)] public required CheckedSegment Overall { get; init; }

    /// <summary>The worst segments, the worst first.</summary>
    [Id(4)] public ImmutableArray<CheckedSegment> Segments { get; init; } = [];

    /// <summary>Whether no segment was worse than allowed.</summary>
    [Id(5)] public required bool Passed { get; init; }

    /// <summary>How much worse than the rest, or than it was, a segment might be.</summary>
    [Id(6)] public required double MaxDrop { get; init; }

    /// <summary>Who told it.</summary>
    [Id(7)] public string By { get; init; } = "";

    /// <summary>When it was told; the monitor says so.</summary>
    [Id(8)] public DateTimeOffset At { get; init; }
}

/// <summary>How good predictions were on some rows. NaN: that cannot be told.</summary>
[GenerateSerializer, Immutable, Alias("oc.CheckedSegment")]
public sealed record CheckedSegment
{
    [Id(0)] public required string Name { get; init; }

    [Id(1)] public required long Rows { get; init; }

    /// <summary>The figure that segments are compared by, and its interval at 95 %.</summary>
    [Id(2)] public required double Value { get; init; }

    [Id(3)] public double Low { get; init; } = double.NaN;

    [Id(4)] public double High { get; init; } = double.NaN;

    /// <summary>The same of all other rows.</summary>
    [Id(5)] public double Rest { get; init; } = double.NaN;

    /// <summary>How much worse than the rest: in points of a share, of an error as a share of the rest's.</summary>
    [Id(6)] public double Drop { get; init; } = double.NaN;

    /// <summary>The corrected probability of that by chance; NaN: there were too few rows to compare.</summary>
    [Id(7)] public double Chance { get; init; } = double.NaN;

    /// <summary>Whether it was worse than allowed: than the rest, or than it was before.</summary>
    [Id(8)] public bool Failed { get; init; }
}
