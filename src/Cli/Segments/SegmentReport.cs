using OrleansCluster.Contracts.Api;
using OrleansCluster.Numerics.Segments;

namespace OrleansCluster.Cli.Segments;

/// <summary>What is told of segments, as a document.</summary>
/// <param name="table">The segments.</param>
/// <param name="rows">The rows.</param>
internal sealed class SegmentReport(SegmentTable table, SegmentRows rows)
{
    /// <summary>Segments that are told over time, besides all rows.</summary>
    private const int MostOverTime = 5;

    private const int MostWindows = 200;

    /// <summary>1970-01-05 was a Monday: weeks begin on Mondays, and days and hours with themselves.</summary>
    private const double Monday = 345_600;

    /// <summary>Segments are called worse where their difference is less probable by chance than this, after correction.</summary>
    private const double Significance = 0.05;

    /// <param name="kind">What was predicted.</param>
    /// <param name="data">What rows are called.</param>
    /// <param name="most">How much worse a segment may be; null: they are not checked.</param>
    /// <param name="before">What they are compared with; null: nothing.</param>
    /// <param name="window">Length of the windows that they are told in; null: they are not.</param>
    /// <exception cref="CommandException">There would be too many windows.</exception>
    public SegmentsDocument Tell(OutcomeKind kind, string data, double? most, SegmentTable? before, TimeSpan? window)
    {
        SegmentChangeDocument[] changes = before is null ? [] : [.. table.Since(before).Select(Tell)];
        string[] failed = [.. table.Segments.Where(segment => segment.Drop > most && segment.Chance < Significance).Select(segment => segment.Name)];
        string[] worsened = [.. changes.Where(change => change.Drop > most && change.Chance < Significance).Select(change => change.Name)];
        return new SegmentsDocument
        {
            Kind = kind switch { OutcomeKind.Binary => "binary", OutcomeKind.Classes => "classes", _ => "numbers" },
            Metric = table.Metric,
            Data = data,
            Passed = most is null ? null : failed.Length + worsened.Length == 0,
            MaxDrop = most,
            Failed = failed,
            Worsened = worsened,
            Overall = Tell(table.Overall),
            Segments = [.. table.Segments.Select(Tell)],
            Changes = changes,
            OverTime = window is { } width ? OverTime(width) : [],
            Labels = rows.Labels is not { } labels ? null : new JoinedLabelsDocument
            {
                Answers = labels.Answers,
                Truths = labels.Truths,
                Joined = labels.Joined,
                Waiting = labels.Answers - labels.Joined,
                Strange = labels.Strange,
                Lag = labels.Lag is not { } lag ? null
                    : new LabelLagDocument { Median = lag.Median, Ninetieth = lag.Ninth, Longest = lag.Longest, Early = lag.Early },
            },
        };
    }

    private SegmentDocument Tell(Segment segment) => new()
    {
        Name = segment.Name,
        Rows = segment.Rows,
        Waiting = segment.Waiting.Length,
        Figures = [.. table.Intervals(segment).Where(figure => !double.IsNaN(figure.Value)).Select(figure => new SegmentFigureDocument
        {
            Name = figure.Name,
            Value = Known(figure.Value),
            Low = Known(figure.Low),
            High = Known(figure.High),
        })],
        Value = Known(segment.Value),
        Rest = Known(segment.Rest),
        Drop = Known(segment.Drop),
        Chance = Known(segment.Chance),
    };

    private static SegmentChangeDocument Tell(SegmentChange change) => new()
    {
        Name = change.Now.Name,
        RowsBefore = change.Before.Rows,
        Rows = change.Now.Rows,
        Before = Known(change.Before.Value),
        Now = Known(change.Now.Value),
        Drop = Known(change.Drop),
        Low = Known(change.Interval.Low),
        High = Known(change.Interval.High),
        Chance = Known(change.Chance),
    };

    private SegmentTimesDocument[] OverTime(TimeSpan width)
    {
        long[] windows = [.. rows.Times.Select(time => (long)Math.Floor((time - Monday) / width.TotalSeconds))];
        int count = windows.Distinct().Count();
        if (count > MostWindows)
            throw CommandException.Usage($"--window makes {count} windows of these rows, more than {MostWindows}: take longer ones.");
        return [.. table.Segments.Take(MostOverTime).Prepend(table.Overall).Select(segment => new SegmentTimesDocument
        {
            Name = segment.Name,
            Windows = [.. table.Over(segment, windows).Select(part => new SegmentTimeDocument
            {
                From = DateTimeOffset.FromUnixTimeSeconds((long)(Monday + (part.Window * width.TotalSeconds))),
                Rows = part.Part.Rows,
                Waiting = part.Part.Waiting.Length,
                EnoughRows = table.IsEnough(part.Part),
                Value = Known(part.Part.Value),
                Low = Known(part.Part.Interval.Low),
                High = Known(part.Part.Interval.High),
            })],
        })];
    }

    private static double? Known(double value) => double.IsNaN(value) ? null : value;
}
