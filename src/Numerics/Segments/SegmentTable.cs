namespace OrleansCluster.Numerics.Segments;

/// <summary>A column that rows are cut into segments by.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Values">The place of each row's value among the texts.</param>
/// <param name="Texts">What values are called.</param>
public sealed record SegmentColumn(string Name, IReadOnlyList<int> Values, IReadOnlyList<string> Texts);

/// <summary>How good predictions are on some rows, beside all others.</summary>
/// <param name="Name">What it is called: <c>country=FR, plan=pro</c>.</param>
/// <param name="Ordered">Its rows, as figures need them.</param>
/// <param name="Figures">How good predictions are on them.</param>
/// <param name="Waiting">Rows of it of which it is not known yet what is true; they are not among the others.</param>
public sealed record Segment(string Name, int[] Ordered, OutcomeFigures Figures, int[] Waiting)
{
    /// <summary>Number of rows.</summary>
    public int Rows => Ordered.Length;

    /// <summary>What segments are compared by, and its interval at 95 %.</summary>
    public double Value { get; init; }

    public (double Low, double High) Interval { get; init; }

    /// <summary>The same of all rows outside of the segment.</summary>
    public double Rest { get; init; } = double.NaN;

    /// <summary>How much worse the segment is than the rest: in points of a share, or of an error as a share of the rest's.</summary>
    public double Drop { get; init; } = double.NaN;

    /// <summary>The probability of such a difference by chance, corrected for the number of segments after Holm; NaN: too few rows to compare.</summary>
    public double Chance { get; init; } = double.NaN;
}

/// <summary>A segment now and before.</summary>
/// <param name="Now">Now.</param>
/// <param name="Before">Before.</param>
public sealed record SegmentChange(Segment Now, Segment Before)
{
    /// <summary>How much worse it is now: in points of a share, or of an error as a share of what it was.</summary>
    public double Drop { get; init; } = double.NaN;

    /// <summary>The interval of that at 95 %, as of rows that have nothing to do with each other.</summary>
    public (double Low, double High) Interval { get; init; } = (double.NaN, double.NaN);

    /// <summary>The probability of such a change by chance, corrected as that of a segment is; NaN: too few rows to compare.</summary>
    public double Chance { get; init; } = double.NaN;
}

/// <summary>Segments of rows, the worst first.</summary>
public sealed class SegmentTable
{
    private readonly OutcomeRows _rows;
    private readonly IReadOnlyList<SegmentColumn> _by;
    private readonly int _least;

    /// <param name="rows">The rows.</param>
    /// <param name="by">The columns they are cut by.</param>
    /// <param name="waiting">Whether it is not known yet what is true of a row; empty: of none.</param>
    /// <param name="metric">What segments are compared by: one of <see cref="OutcomeFigures.Metrics"/>.</param>
    /// <param name="least">Rows that a segment must have to be compared.</param>
    public SegmentTable(OutcomeRows rows, IReadOnlyList<SegmentColumn> by, IReadOnlyList<bool> waiting, string metric, int least)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(by);
        ArgumentNullException.ThrowIfNull(waiting);
        (_rows, _by, Metric, _least) = (rows, by, metric, least);
        int[] all = [.. Enumerable.Range(0, rows.Count)];
        Overall = Of("all rows", all);
        Segment[] segments = [.. Groups(all).Select(group => Against(Of(group.Name, group.Rows)))];
        Segments = Sorted(segments, segment => segment.Chance, (segment, chance) => segment with { Chance = chance }, segment => (segment.Drop, segment.Name));

        Segment Of(string name, int[] group)
        {
            ILookup<bool, int> parts = group.ToLookup(row => waiting.Count > 0 && waiting[row]);
            return this.Of(name, parts[false], [.. parts[true]]);
        }
    }

    /// <summary>What segments are compared by.</summary>
    public string Metric { get; }

    /// <summary>All rows.</summary>
    public Segment Overall { get; }

    /// <summary>The segments: those that are compared, the worst first, and then the others by name.</summary>
    public IReadOnlyList<Segment> Segments { get; }

    /// <summary>The figures of a segment with their intervals.</summary>
    public IReadOnlyList<FigureInterval> Intervals(Segment segment) => Bootstrap.Of(_rows, segment.Ordered);

    /// <summary>Segments that were there before, too, and all rows: how much worse each is now, the worst first.</summary>
    /// <param name="before">Segments of rows before, or of what another model said, by the same columns and metric.</param>
    public IReadOnlyList<SegmentChange> Since(SegmentTable before)
    {
        ArgumentNullException.ThrowIfNull(before);
        var known = before.Segments.ToDictionary(segment => segment.Name, StringComparer.Ordinal);
        return Sorted(
            Segments.Where(segment => known.ContainsKey(segment.Name)).Select(segment => Change(segment, known[segment.Name]))
                .Prepend(Change(Overall, before.Overall)),
            change => change.Chance, (change, chance) => change with { Chance = chance }, change => (change.Drop, change.Now.Name));
    }

    /// <summary>A segment cut by time: what <see cref="Segment.Value"/> is in each window.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="windows">The window of each row.</param>
    public IReadOnlyList<(long Window, Segment Part)> Over(Segment segment, IReadOnlyList<long> windows)
    {
        ArgumentNullException.ThrowIfNull(segment);
        ArgumentNullException.ThrowIfNull(windows);
        ILookup<long, int> known = segment.Ordered.ToLookup(row => windows[row]), waiting = segment.Waiting.ToLookup(row => windows[row]);
        return [.. known.Concat(waiting).Select(window => window.Key).Distinct().Order()
            .Select(window => (window, Of(segment.Name, known[window], [.. waiting[window]])))];
    }

    /// <summary>Whether there are cases enough to compare.</summary>
    public bool IsEnough(Segment segment)
    {
        ArgumentNullException.ThrowIfNull(segment);
        return (_rows.Kind == OutcomeKind.Numbers ? segment.Rows : Measured(segment).Cases) >= _least;
    }

    /// <summary>Segments by each column, and by all of them together.</summary>
    private IEnumerable<(string Name, int[] Rows)> Groups(int[] all)
    {
        int[][] cuts = [.. Enumerable.Range(0, _by.Count).Select(column => new[] { column })];
        if (cuts.Length > 1)
            cuts = [.. cuts, [.. Enumerable.Range(0, _by.Count)]];
        return cuts.SelectMany(cut => all.GroupBy(row => string.Join(", ", cut.Select(column => $"{_by[column].Name}={Text(column, row)}")))
            .Select(group => (group.Key, group.ToArray())));
    }

    private string Text(int column, int row) => _by[column].Texts[_by[column].Values[row]];

    private Segment Of(string name, IEnumerable<int> known, int[] waiting)
    {
        int[] ordered = _rows.InOrder(known);
        var segment = new Segment(name, ordered, _rows.Of(ordered), waiting);
        return _rows.Kind == OutcomeKind.Numbers
            ? segment with { Value = segment.Figures.Errors.Mean, Interval = segment.Figures.Errors.Interval() }
            : segment with { Value = Measured(segment).Value, Interval = Measured(segment).Interval() };
    }

    /// <summary>A segment beside the rows that are not in it.</summary>
    private Segment Against(Segment segment)
    {
        if (_rows.Kind == OutcomeKind.Numbers)
        {
            Errors errors = segment.Figures.Errors, others = Overall.Figures.Errors - errors;
            segment = segment with { Rest = others.Mean, Drop = (errors.Mean / others.Mean) - 1 };
            return Math.Min(segment.Rows, others.Rows) < _least ? segment : segment with { Chance = Errors.Chance(errors, others) };
        }

        (Proportion all, Proportion mine) = (Measured(Overall), Measured(segment));
        var rest = new Proportion(all.Hits - mine.Hits, all.Cases - mine.Cases);
        segment = segment with { Rest = rest.Value, Drop = rest.Value - mine.Value };
        return Math.Min(mine.Cases, rest.Cases) < _least ? segment : segment with { Chance = Proportion.Chance(mine, rest) };
    }

    private SegmentChange Change(Segment now, Segment before)
    {
        bool enough = IsEnough(now) && IsEnough(before);
        if (_rows.Kind == OutcomeKind.Numbers)
        {
            (double share, double least, double most) = now.Figures.Errors.Over(before.Figures.Errors);
            var errors = new SegmentChange(now, before) { Drop = share, Interval = (least, most) };
            return enough ? errors with { Chance = Errors.Chance(now.Figures.Errors, before.Figures.Errors) } : errors;
        }

        (double less, double low, double high) = Measured(now).Below(Measured(before));
        var change = new SegmentChange(now, before) { Drop = less, Interval = (low, high) };
        return enough ? change with { Chance = Proportion.Chance(Measured(now), Measured(before)) } : change;
    }

    private Proportion Measured(Segment segment) => segment.Figures.Share(Metric) ?? default;

    /// <summary>What is compared, its chances corrected for their number, the worst first, and then what is not.</summary>
    private static IReadOnlyList<T> Sorted<T>(
        IEnumerable<T> all, Func<T, double> chance, Func<T, double, T> corrected, Func<T, (double Drop, string Name)> place)
    {
        ILookup<bool, T> compared = all.ToLookup(one => !double.IsNaN(chance(one)));
        double[] chances = Proportion.Holm([.. compared[true].Select(chance)]);
        return
        [
            .. compared[true].Zip(chances, corrected).OrderByDescending(one => place(one).Drop).ThenBy(one => place(one).Name, StringComparer.Ordinal),
            .. compared[false].OrderBy(one => place(one).Name, StringComparer.Ordinal),
        ];
    }
}
