using System.Numerics;
using System.Runtime.CompilerServices;
using OrleansCluster.Numerics.Distances;
using OrleansCluster.Numerics.Exact;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Simd;

namespace OrleansCluster.Numerics.KMeans.Assign;

/// <summary>
/// What all accelerations share: the rows of a shard, their labels, one bound for each of them, the centres as kernels want them, and the two ways in
/// which a row is decided: by float32 scores, and by canonical distances where those do not certify.
/// </summary>
internal sealed unsafe class Labelling
{
    /// <summary>Tiles scored at a time: what they give stays in the first-level cache.</summary>
    public const int BatchTiles = 16;
    public const int BatchRows = BatchTiles * TileRows;

    private const int TileRows = NearestKernel.TileRows;

    /// <summary>Values of the tiles that are packed and then scored: a third of the first-level cache.</summary>
    private const int PackedValues = 1 << 12;

    /// <summary>Of the rows of a shard.</summary>
    /// <exception cref="ArgumentException">The numbers of columns differ.</exception>
    public Labelling(RowBlock rows, ColumnFrame frame, SimdWidth width)
    {
        if (rows.Columns != frame.Columns)
            throw new ArgumentException($"Rows of {rows.Columns} columns in a frame of {frame.Columns}.", nameof(frame));
        (Rows, Width) = (rows, width);
        Frame = TileFrame.Of(frame.Origins, ScaleOf(frame));
        Packer = RowTiles.For(width);
        Nearest = NearestKernel.For(width);
        Canonical = CanonicalKernel.For(width);
        Bounds = BoundKernel.For(width);
        Sums = new LabelSums(frame, Labels, width);
    }

    public RowBlock Rows { get; }

    public SimdWidth Width { get; }

    /// <summary>The coordinates of scores.</summary>
    public TileFrame Frame { get; }

    public RowTiles Packer { get; }

    public NearestKernel Nearest { get; }

    public CanonicalKernel Canonical { get; }

    public BoundKernel Bounds { get; }

    /// <summary>The centres that rows are assigned to. Not changed while slices run.</summary>
    public CentroidTable Table { get; set; } = new();

    /// <summary>One a row, zeros up to a whole tile.</summary>
    public AlignedBuffer<int> Labels { get; } = new();

    /// <summary>By how much the travel of its label may grow before a row must be looked at again, where rows have bounds.</summary>
    public AlignedBuffer<float> Slack { get; } = new();

    /// <summary>How far centres are from where bounds began.</summary>
    public Travel Travel { get; } = new();

    /// <summary>What labels change in the sums.</summary>
    public LabelSums Sums { get; }

    /// <summary>Makes room for what is kept of each row.</summary>
    public void Reserve()
    {
        if (Labels.Length > 0)
            return;
        Labels.Reserve((Rows.Rows + TileRows - 1) / TileRows * TileRows);
        Labels.Span[Rows.Rows..].Clear();
    }

    /// <summary>Scores rows that follow each other, at most a batch, from the start of a tile, against every centre.</summary>
    /// <param name="source">The rows as they came.</param>
    /// <param name="first">The first.</param>
    /// <param name="count">How many.</param>
    /// <param name="bounding">Whether their slack is found.</param>
    /// <param name="work">Scratch.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    public void Score(RowSource source, int first, int count, bool bounding, SliceWork work)
    {
        int* fresh = stackalloc int[BatchRows];
        uint* unsure = stackalloc uint[BatchTiles];
        float* norm = stackalloc float[BatchRows];
        float* scores = stackalloc float[2 * BatchRows];
        int d = Rows.Columns;
        int batch = (count + TileRows - 1) / TileRows;
        int room = Math.Clamp(PackedValues / (TileRows * d), 1, BatchTiles);
        float* tiles = work.Tiles(room, d);
        for (int done = 0; done < batch; done += room)
        {
            int tile = Math.Min(room, batch - done);
            int start = done * TileRows;
            Packer.Pack(Rows, first + start, Math.Min(count - start, tile * TileRows), Frame, tiles, norm + start, work.Turn(d));
            var next = new NearestKernel.Aside(source.At(first + start + (tile * TileRows)), source.TileBytes);
            Nearest.Label(tiles, norm + start, tile, Table, fresh + start, unsure + done, bounding ? scores + (2 * start) : null, next);
        }

        if (bounding)
            Bounds.Slack(norm, scores, fresh, batch, Table.Certificate, Certificate.NormError(d), Travel.Table, Slack.Pointer + first);
        work.Scored += count;
        for (int tile = 0; tile < batch; tile++)
        {
            for (uint mask = unsure[tile]; mask != 0; mask &= mask - 1)
            {
                int i = (tile * TileRows) + BitOperations.TrailingZeroCount(mask);
                if (i >= count)
                    break;
                fresh[i] = bounding ? Undecided(first + i, work) : Decide(first + i, work);
            }
        }

        Sums.Record(source, first, count, fresh, work);
    }

    /// <summary>Decides a row by canonical distances. It gets no bound: the next step looks at it again.</summary>
    public int Undecided(int row, SliceWork work)
    {
        Slack.Pointer[row] = float.NegativeInfinity;
        return Decide(row, work);
    }

    /// <summary>The rows of one tile whose slack is spent, a bit each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint SpentRows(int first, int end)
    {
        uint spent = Bounds.Spent(Slack.Pointer + first, Labels.Pointer + first, Travel);
        return end - first < TileRows ? spent & ((1u << (end - first)) - 1) : spent;
    }

    private int Decide(int row, SliceWork work)
    {
        double* values = work.Row(Rows.Columns);
        Rows.CopyRow(row, new Span<double>(values, Rows.Columns));
        work.Unsure++;
        return Canonical.Nearest(values, Table, out _);
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
}
