using System.Runtime.InteropServices;
using OrleansCluster.Numerics.Exact;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Simd;

namespace OrleansCluster.Numerics.KMeans.Assign;

/// <summary>
/// Assigns the rows of one shard to their nearest centres and sums the clusters: the bits of <see cref="ScalarAssigner"/>, faster.
/// Rows are turned around a few tiles at a time for float32 scores; what those do not certify is decided by canonical
/// distances. Bounds spare scores, as <see cref="BoundChoice"/> says. Sums are kept and changed only for rows that moved. Not thread-safe: one call at a time.
/// </summary>
public sealed unsafe class ShardAssigner : IAssigner
{
    /// <summary>A scale beyond which the underflow of canonical distances is no longer negligible against a slack's margin.</summary>
    private const int GreatestBoundedScale = 400;

    private readonly RowBlock _rows;
    private readonly ColumnFrame _frame;
    private readonly Labelling _labelling;
    private readonly NoBounds _none;
    private readonly RowBounds _rowBounds;
    private readonly GroupBounds _groups;
    private readonly Screening _screening;
    private readonly WorkerSlots<SliceWork> _works;
    private readonly Action<int> _slice;
    private readonly Action<SliceWork> _clear;
    private readonly Action<SliceWork> _giveBack;

    /// <summary>The centres that the labels belong to, when <see cref="_labelsHold"/>.</summary>
    private double[] _labelled = [];
    private bool _labelsHold;

    /// <summary>The acceleration whose bounds belong to the labels; null when there are none.</summary>
    private IAcceleration? _bounds;

    /// <summary>The sums that belong to the labels; null when there are none.</summary>
    private AssignmentSums? _totals;

    /// <summary>Rows that moved in the step that gave the labels.</summary>
    private long _lastMoved;

    /// <summary>The centres of the last call, and where they are kept.</summary>
    private (AssignmentPool Pool, CentreTables Tables)? _centres;

    // What slices that run are given.
    private IAcceleration _running;
    private int _sliceRows;
    private CancellationToken _cancelled;

    /// <summary>An assigner of these rows.</summary>
    /// <param name="rows">The shard's rows, finite. Rows of positive weight lie within the frame's ranges.</param>
    /// <param name="frame">Origins and grids of the columns.</param>
    /// <exception cref="ArgumentException">The numbers of columns differ.</exception>
    public ShardAssigner(RowBlock rows, ColumnFrame frame)
        : this(rows, frame, SimdSelection.Current)
    {
    }

    /// <summary>An assigner whose kernels have a given width.</summary>
    internal ShardAssigner(RowBlock rows, ColumnFrame frame, SimdWidth width)
    {
        (_rows, _frame, _labelling) = (rows, frame, new Labelling(rows, frame, width));
        _running = _none = new NoBounds(_labelling);
        (_rowBounds, _groups, _screening) = (new RowBounds(_labelling), new GroupBounds(_labelling), new Screening(_labelling));
        _works = new WorkerSlots<SliceWork>(() => Pool.Take());
        _giveBack = work => Pool.GiveBack(work);
        _slice = Slice;
        _clear = work => work.Clear(_labelling.Table.K, rows.Columns);
    }

    /// <summary>The label of each row under the centres of the last <see cref="Assign"/>; of no meaning after a call that failed.</summary>
    public ReadOnlySpan<int> Labels => _labelling.Labels.Span[..Math.Min(_labelling.Labels.Length, _rows.Rows)];

    /// <summary>Rows of the last <see cref="Assign"/> that canonical distances decided.</summary>
    internal long Unsure { get; private set; }

    /// <summary>What it shares with the assigners of other shards. Not changed during a call.</summary>
    internal AssignmentPool Pool { get; set; } = new();

    /// <summary>Begins groups without waiting until they pay.</summary>
    internal bool EagerGroups
    {
        init => _groups.Eager = value;
    }

    /// <summary>Assigns every row and sums the clusters. The sums are those it keeps: they hold until the next call.</summary>
    /// <param name="centroids">k × d, row-major, finite. Kept: nobody may change them.</param>
    /// <param name="k">Number of centres, at least 1.</param>
    /// <param name="previous">The centres that <see cref="AssignmentSums.Moved"/> compares with (of any number); null: every row counts as moved.</param>
    /// <param name="plain">Without acceleration: every distance is evaluated.</param>
    /// <param name="parallel">Where slices of rows run.</param>
    /// <param name="cancellation">Looked at before each slice; a cancelled call leaves no labels behind.</param>
    /// <exception cref="ArgumentException">The lengths do not agree.</exception>
    public AssignmentSums Assign(double[] centroids, int k, double[]? previous, bool plain, IParallel parallel, CancellationToken cancellation)
    {
        int d = _rows.Columns;
        if (k < 1 || centroids.Length != (long)k * d)
            throw new ArgumentException($"{centroids.Length} values are not {k} centres of {d} columns.", nameof(centroids));
        if (previous is not null && (previous.Length == 0 || previous.Length % d != 0))
            throw new ArgumentException($"{previous.Length} values are not whole centres of {d} columns.", nameof(previous));
        _labelling.Reserve();
        bool known = previous is not null && _labelsHold && SameBits(_labelled, previous);
        AssignmentSums? kept = known && _totals?.K == k ? _totals : null;
        IAcceleration? bounds = kept is null ? null : _bounds;
        (_labelsHold, _totals, _bounds) = (false, null, null);

        bool bounding = !plain && _labelling.Frame.ScaleExponent <= GreatestBoundedScale;
        (AssignmentPool Pool, CentreTables Tables)? earlier = _centres;
        CentreTables centres = Pool.Join(centroids, k, bounding && bounds is not null ? _labelled : null, earlier?.Tables);
        _centres = (Pool, centres);
        try
        {
            if (bounding)
                _labelling.Slack.Reserve(_labelling.Labels.Length);
            if (centres.From is not null)
                _labelling.Travel.Advance(centres.Moved(_labelling.Frame));
            IAcceleration acceleration = bounding ? Choose(k, bounds) : _none;
            int sliceRows = acceleration.Prepare(centres, earlier?.Tables, hold: bounds == acceleration);

            long distances = 0;
            if (previous is not null && !known)
                distances += Label(previous, parallel, cancellation);
            _labelling.Table = centres.Scores(_labelling.Frame, earlier?.Tables);
            LabelSums.Mode what = kept is not null ? LabelSums.Mode.Change : previous is not null ? LabelSums.Mode.Compare : LabelSums.Mode.Scratch;
            distances += Run(acceleration, what, sliceRows, parallel, cancellation);
            acceleration.Complete();
            kept ??= new AssignmentSums(k, d);
            AddTo(kept, distances);
            (_labelled, _labelsHold, _bounds, _totals, _lastMoved) = (centroids, true, bounding ? acceleration : null, kept, kept.Moved);
            return kept;
        }
        finally
        {
            _works.Empty(_giveBack);
            if (earlier is var (pool, tables))
                pool.Leave(tables);
            GC.KeepAlive(this);
        }
    }

    /// <summary>Labels rows by other centres, of any number; returns the distances that were evaluated.</summary>
    private long Label(double[] centroids, IParallel parallel, CancellationToken cancellation)
    {
        CentreTables centres = Pool.Join(centroids, centroids.Length / _rows.Columns, null);
        try
        {
            _labelling.Table = centres.Scores(_labelling.Frame, null);
            return Run(_none, LabelSums.Mode.Label, 0, parallel, cancellation);
        }
        finally
        {
            Pool.Leave(centres);
        }
    }

    private void AddTo(AssignmentSums totals, long distances)
    {
        (totals.Moved, totals.Distances, Unsure) = (0, distances, 0);
        long? unitWeight = _rows.Weights.IsEmpty ? _frame.QuantizeWeight(1) : null;
        foreach (SliceWork work in _works.All)
        {
            work.AddTo(totals, unitWeight);
            totals.Moved += work.Moved;
            Unsure += work.Unsure;
        }
    }

    /// <summary>How rows are bounded: what <see cref="BoundChoice"/> says of the counts, and where groups begin.</summary>
    private IAcceleration Choose(int k, IAcceleration? bounds)
        => _screening.Pays(k) ? _screening
            : bounds == _groups || _groups.BeginningPays(k, bounds is not null, _lastMoved) ? _groups : _rowBounds;

    /// <summary>Runs all slices; returns the distances that were evaluated.</summary>
    private long Run(IAcceleration acceleration, LabelSums.Mode what, int leastSliceRows, IParallel parallel, CancellationToken cancellation)
    {
        int k = _labelling.Table.K;
        _works.Reset();
        foreach (SliceWork work in _works.All)
            work.Clear(k, _rows.Columns);
        _labelling.Sums.What = what;
        (_running, _sliceRows, _cancelled) = (acceleration, Math.Max(Slices.RowsOf(k, _rows.Columns), leastSliceRows), cancellation);
        parallel.For((_rows.Rows + _sliceRows - 1) / _sliceRows, _slice);
        cancellation.ThrowIfCancellationRequested();
        long distances = 0;
        foreach (SliceWork work in _works.All)
            distances += ((work.Scored + work.Unsure) * k) + work.Evaluated;
        return distances;
    }

    private void Slice(int slice)
    {
        if (_cancelled.IsCancellationRequested)
            return;
        SliceWork work = _works.Borrow(_clear);
        int begin = slice * _sliceRows;
        fixed (float* singles = _rows.Float32.Span)
        fixed (double* doubles = _rows.Float64.Span, weights = _rows.Weights.Span)
            _running.Slice(new RowSource(singles, doubles, weights, _rows.Columns), begin, Math.Min(_rows.Rows, begin + _sliceRows), work);
        _works.Return(work);
    }

    private static bool SameBits(double[] a, double[] b)
        => ReferenceEquals(a, b) || MemoryMarshal.AsBytes(a.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(b.AsSpan()));
}
