using System.Runtime.InteropServices;
using OrleansCluster.Numerics.Distances;
using OrleansCluster.Numerics.Exact;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Simd;

namespace OrleansCluster.Numerics.KMeans.Assign;

/// <summary>
/// Assigns the rows of one shard to their nearest centres and sums the clusters: the bits of <see cref="ScalarAssigner"/>, faster.
/// Rows are turned around a few tiles at a time for the float32 scores of <see cref="NearestKernel"/>; what those do not certify is decided by canonical
/// distances. Sums are kept and changed only for rows that moved. Not thread-safe: one call at a time.
/// </summary>
public sealed unsafe partial class ShardAssigner : IAssigner
{
    private readonly RowBlock _rows;
    private readonly ColumnFrame _frame;
    private readonly TileFrame _tileFrame;
    private readonly SimdWidth _width;
    private readonly RowTiles _packer;
    private readonly NearestKernel _nearest;
    private readonly CanonicalKernel _canonical;
    private readonly BoundKernel _bounds;
    private readonly SumKernel _sums;
    private readonly GroupKernel _groupKernel;
    private readonly Action<int> _slice;
    private readonly SliceBody _assignSlice;
    private readonly SliceBody _pruneSlice;
    private readonly SliceBody _groupSlice;
    private readonly SliceBody _groupPruneSlice;
    private readonly Action<SliceWork> _clear;

    private readonly AlignedBuffer<int> _labels = new();

    /// <summary>By how much the travel of its label may grow before a row must be looked at again, when <see cref="_boundsHold"/>.</summary>
    private readonly AlignedBuffer<float> _slack = new();
    private readonly Travel _travel = new();
    private readonly WorkerSlots<SliceWork> _works = new();
    private readonly CentroidTable _table = new();

    /// <summary>The centres that the labels belong to, when <see cref="_labelsHold"/>.</summary>
    private double[] _labelled = [];

    /// <summary>The centres that are in the table.</summary>
    private double[]? _tabled;

    /// <summary>Whether <see cref="_travel"/> tells how far the centres that are assigned to are from those of the labels.</summary>
    private bool _travelled;
    private bool _labelsHold;
    private bool _boundsHold;

    /// <summary>Rows that moved in the step that gave the labels.</summary>
    private long _lastMoved;

    /// <summary>The sums that belong to the labels; null when there are none.</summary>
    private AssignmentSums? _totals;

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
        if (rows.Columns != frame.Columns)
            throw new ArgumentException($"Rows of {rows.Columns} columns in a frame of {frame.Columns}.", nameof(frame));
        (_rows, _frame, _width) = (rows, frame, width);
        _tileFrame = TileFrame.Of(frame.Origins, ScaleOf(frame));
        _packer = RowTiles.For(width);
        _nearest = NearestKernel.For(width);
        _canonical = CanonicalKernel.For(width);
        _bounds = BoundKernel.For(width);
        _sums = SumKernel.For(width, frame);
        _groupKernel = GroupKernel.For(width);
        _codeKernel = CodeKernel.For(width);
        _leadKernel = LeadKernel.For(width);
        _slice = Slice;
        (_assignSlice, _pruneSlice, _groupSlice, _groupPruneSlice) = (AssignSlice, PruneSlice, GroupSlice, GroupPruneSlice);
        (_screenSlice, _screenPruneSlice) = (ScreenSlice, ScreenPruneSlice);
        _clear = work => work.Clear(_table.K, rows.Columns);
    }

    /// <summary>The label of each row under the centres of the last <see cref="Assign"/>; of no meaning after a call that failed.</summary>
    public ReadOnlySpan<int> Labels => new(_labels.Pointer, Math.Min(_labels.Length, _rows.Rows));

    /// <summary>Rows of the last <see cref="Assign"/> that canonical distances decided.</summary>
    internal long Unsure { get; private set; }

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
        Reserve();
        bool known = previous is not null && _labelsHold && SameBits(_labelled, previous);
        AssignmentSums? kept = known && _totals?.K == k ? _totals : null;
        (_labelsHold, _totals) = (false, null);

        int steps = _travel.Steps;
        bool prune = PrepareBounds(centroids, k, plain, kept is not null);
        _travelled = _travel.Steps != steps;
        long distances = 0;
        if (previous is not null && !known)
        {
            (bool bound, bool group) = (_bounding, _grouping);
            (_bounding, _grouping) = (false, false);
            distances += Run(previous, Mode.Label, _assignSlice, parallel, cancellation);
            (_bounding, _grouping) = (bound, group);
        }

        Mode what = kept is not null ? Mode.Change : previous is not null ? Mode.Compare : Mode.Scratch;
        distances += Run(centroids, what, SliceOf(prune), parallel, cancellation);
        Unsure = 0;
        kept ??= new AssignmentSums(k, d);
        (kept.Moved, kept.Distances) = (0, distances);
        long? unitWeight = _rows.Weights.IsEmpty ? _frame.QuantizeWeight(1) : null;
        foreach (SliceWork work in _works.All)
        {
            work.AddTo(kept, unitWeight);
            kept.Moved += work.Moved;
            Unsure += work.Unsure;
        }

        (_labelled, _labelsHold, _boundsHold, _totals, _lastMoved) = (centroids, true, _bounding, kept, kept.Moved);
        GC.KeepAlive(this);
        return kept;
    }

    /// <summary>
    /// The power of two that brings the widest column to about 1, so that float32's range does not matter. Constant columns are narrower
    /// than any other by their exponent.
    /// </summary>
    private static int ScaleOf(ColumnFrame frame)
    {
        int widest = int.MinValue;
        foreach (int exponent in frame.RangeExponents)
            widest = Math.Max(widest, exponent);
        return Math.Min(-widest, 900);
    }

    /// <summary>Takes centres into the table, where those that stayed where they were are already.</summary>
    private void SetTable(double[] centroids, int k)
    {
        _table.Set(centroids, k, _tileFrame.Origins, _tileFrame.ScaleExponent, _travelled && ReferenceEquals(_tabled, _labelled) ? _travel.Moved : default);
        (_tabled, _travelled) = (centroids, false);
    }

    private static bool SameBits(double[] a, double[] b)
        => ReferenceEquals(a, b) || MemoryMarshal.AsBytes(a.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(b.AsSpan()));
}
