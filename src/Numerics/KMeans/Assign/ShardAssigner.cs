using System.Runtime.InteropServices;
using OrleansCluster.Numerics.Distances;
using OrleansCluster.Numerics.Exact;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Simd;

namespace OrleansCluster.Numerics.KMeans.Assign;

/// <summary>
/// Assigns the rows of one shard to their nearest centres and sums the clusters: the bits of <see cref="ScalarAssigner"/>, faster.
/// Rows are turned around a few tiles at a time for the float32 scores of <see cref="NearestKernel"/>; what those do not certify is decided by canonical distances.
/// Sums are kept and changed only for rows that moved. Not thread-safe: one call at a time.
/// </summary>
public sealed unsafe partial class ShardAssigner : IAssigner
{
    private readonly RowBlock rows;
    private readonly ColumnFrame frame;
    private readonly TileFrame tileFrame;
    private readonly SimdWidth width;
    private readonly RowTiles packer;
    private readonly NearestKernel nearest;
    private readonly CanonicalKernel canonical;
    private readonly BoundKernel bounds;
    private readonly SumKernel sums;
    private readonly GroupKernel groupKernel;
    private readonly Action<int> assignSlice;
    private readonly Action<int> pruneSlice;
    private readonly Action<int> groupSlice;
    private readonly Action<int> groupPruneSlice;
    private readonly Action<SliceWork> clear;

    private readonly AlignedBuffer<int> labels = new();

    /// <summary>By how much the travel of its label may grow before a row must be looked at again, when <see cref="boundsHold"/>.</summary>
    private readonly AlignedBuffer<float> slack = new();
    private readonly Travel travel = new();
    private readonly WorkerSlots<SliceWork> works = new();
    private readonly CentroidTable table = new();

    /// <summary>The centres that the labels belong to, when <see cref="labelsHold"/>.</summary>
    private double[] labelled = [];

    /// <summary>The centres that are in the table.</summary>
    private double[]? tabled;

    /// <summary>Whether <see cref="travel"/> tells how far the centres that are assigned to are from those of the labels.</summary>
    private bool travelled;
    private bool labelsHold;
    private bool boundsHold;

    /// <summary>Rows that moved in the step that gave the labels.</summary>
    private long lastMoved;

    /// <summary>The sums that belong to the labels; null when there are none.</summary>
    private AssignmentSums? totals;

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
        (this.rows, this.frame, this.width) = (rows, frame, width);
        tileFrame = TileFrame.Of(frame.Origins, ScaleOf(frame));
        packer = RowTiles.For(width);
        nearest = NearestKernel.For(width);
        canonical = CanonicalKernel.For(width);
        bounds = BoundKernel.For(width);
        sums = SumKernel.For(width, frame);
        groupKernel = GroupKernel.For(width);
        codeKernel = CodeKernel.For(width);
        leadKernel = LeadKernel.For(width);
        (assignSlice, pruneSlice, groupSlice, groupPruneSlice) = (AssignSlice, PruneSlice, GroupSlice, GroupPruneSlice);
        (screenSlice, screenPruneSlice) = (ScreenSlice, ScreenPruneSlice);
        clear = work => work.Clear(table.K, rows.Columns);
    }

    /// <summary>The label of each row under the centres of the last <see cref="Assign"/>; of no meaning after a call that failed.</summary>
    public ReadOnlySpan<int> Labels => new(labels.Pointer, Math.Min(labels.Length, rows.Rows));

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
        int d = rows.Columns;
        if (k < 1 || centroids.Length != (long)k * d)
            throw new ArgumentException($"{centroids.Length} values are not {k} centres of {d} columns.", nameof(centroids));
        if (previous is not null && (previous.Length == 0 || previous.Length % d != 0))
            throw new ArgumentException($"{previous.Length} values are not whole centres of {d} columns.", nameof(previous));
        Reserve();
        bool known = previous is not null && labelsHold && SameBits(labelled, previous);
        AssignmentSums? kept = known && totals?.K == k ? totals : null;
        (labelsHold, totals) = (false, null);

        int steps = travel.Steps;
        bool prune = PrepareBounds(centroids, k, plain, kept is not null);
        travelled = travel.Steps != steps;
        long distances = 0;
        if (previous is not null && !known)
        {
            (bool bound, bool group) = (bounding, grouping);
            (bounding, grouping) = (false, false);
            distances += Run(previous, Mode.Label, assignSlice, parallel, cancellation);
            (bounding, grouping) = (bound, group);
        }

        Mode what = kept is not null ? Mode.Change : previous is not null ? Mode.Compare : Mode.Scratch;
        distances += Run(centroids, what, SliceOf(prune), parallel, cancellation);
        Unsure = 0;
        kept ??= new AssignmentSums(k, d);
        (kept.Moved, kept.Distances) = (0, distances);
        long? unitWeight = rows.Weights.IsEmpty ? frame.QuantizeWeight(1) : null;
        foreach (SliceWork work in works.All)
        {
            work.AddTo(kept, unitWeight);
            kept.Moved += work.Moved;
            Unsure += work.Unsure;
        }

        (labelled, labelsHold, boundsHold, totals, lastMoved) = (centroids, true, bounding, kept, kept.Moved);
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
        table.Set(centroids, k, tileFrame.Origins, tileFrame.ScaleExponent, travelled && ReferenceEquals(tabled, labelled) ? travel.Moved : default);
        (tabled, travelled) = (centroids, false);
    }

    private static bool SameBits(double[] a, double[] b)
        => ReferenceEquals(a, b) || MemoryMarshal.AsBytes(a.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(b.AsSpan()));
}
