using System.Collections.Immutable;
using OrleansCluster.Contracts.Api;
using OrleansCluster.Monitoring;

namespace OrleansCluster.Json;

/// <summary>Checks of segments as JSON, both ways.</summary>
public static class SegmentDocuments
{
    /// <summary>Checks of a model, in their order.</summary>
    public static SegmentChecksDocument Of(string model, IEnumerable<SegmentCheck> checks) => new() { Model = model, Checks = [.. checks.Select(Of)] };

    /// <summary>A check.</summary>
    public static SegmentCheckDocument Of(SegmentCheck check)
    {
        ArgumentNullException.ThrowIfNull(check);
        return new SegmentCheckDocument
        {
            Id = check.Id,
            Data = check.Data,
            Metric = check.Metric,
            Passed = check.Passed,
            MaxDrop = check.MaxDrop,
            By = check.By.Length > 0 ? check.By : null,
            At = check.At == default ? null : check.At,
            Overall = Of(check.Overall),
            Segments = [.. check.Segments.Select(Of)],
        };
    }

    /// <summary>The check that a document tells.</summary>
    /// <param name="document">The document.</param>
    /// <param name="by">Who tells it.</param>
    /// <param name="id">Its id, where the document has none.</param>
    public static SegmentCheck Read(SegmentCheckDocument document, string by, string id)
    {
        ArgumentNullException.ThrowIfNull(document);
        return new SegmentCheck
        {
            Id = document.Id.Length > 0 ? document.Id : id,
            Data = document.Data,
            Metric = document.Metric,
            Passed = document.Passed,
            MaxDrop = document.MaxDrop,
            By = by,
            Overall = Read(document.Overall),
            Segments = [.. document.Segments.Select(Read)],
        };
    }

    /// <summary>What is told of a check that was made just now: the worst segments.</summary>
    public static SegmentCheck Read(SegmentsDocument report, string by, string id)
    {
        ArgumentNullException.ThrowIfNull(report);
        string[] failed = [.. report.Failed, .. report.Worsened];
        // Those that failed go before the others.
        ImmutableArray<SegmentDocument> worst =
            [.. report.Segments.OrderByDescending(segment => failed.Contains(segment.Name)).Take(SegmentCheck.MostSegments)];
        return new SegmentCheck
        {
            Id = id,
            Data = report.Data,
            Metric = report.Metric,
            Passed = report.Passed ?? true,
            MaxDrop = report.MaxDrop ?? 0,
            By = by,
            Overall = Read(report.Overall, report.Metric, failed),
            Segments = [.. worst.Select(segment => Read(segment, report.Metric, failed))],
        };
    }

    private static CheckedSegmentDocument Of(CheckedSegment segment) => new()
    {
        Name = segment.Name,
        Rows = segment.Rows,
        Value = Known(segment.Value),
        Low = Known(segment.Low),
        High = Known(segment.High),
        Rest = Known(segment.Rest),
        Drop = Known(segment.Drop),
        Chance = Known(segment.Chance),
        Failed = segment.Failed,
    };

    private static CheckedSegment Read(CheckedSegmentDocument segment) => new()
    {
        Name = segment.Name,
        Rows = segment.Rows,
        Value = segment.Value ?? double.NaN,
        Low = segment.Low ?? double.NaN,
        High = segment.High ?? double.NaN,
        Rest = segment.Rest ?? double.NaN,
        Drop = segment.Drop ?? double.NaN,
        Chance = segment.Chance ?? double.NaN,
        Failed = segment.Failed,
    };

    private static CheckedSegment Read(SegmentDocument segment, string metric, string[] failed)
    {
        SegmentFigureDocument? figure = segment.Figures.FirstOrDefault(one => one.Name == metric);
        return new CheckedSegment
        {
            Name = segment.Name,
            Rows = segment.Rows,
            Value = segment.Value ?? double.NaN,
            Low = figure?.Low ?? double.NaN,
            High = figure?.High ?? double.NaN,
            Rest = segment.Rest ?? double.NaN,
            Drop = segment.Drop ?? double.NaN,
            Chance = segment.Chance ?? double.NaN,
            Failed = failed.Contains(segment.Name),
        };
    }

    private static double? Known(double value) => double.IsNaN(value) ? null : value;
}
