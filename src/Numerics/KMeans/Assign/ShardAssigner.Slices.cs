using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using OrleansCluster.Numerics.Distances;
using OrleansCluster.Numerics.Parallelism;

namespace OrleansCluster.Numerics.KMeans.Assign;

/// <content>The work of one slice of rows: scores, then canonical distances where those do not certify, then labels and sums.</content>
public sealed unsafe partial class ShardAssigner
{
    private const int TileRows = NearestKernel.TileRows;

    /// <summary>Values of the tiles that are packed and then scored: a third of the first-level cache.</summary>
    private const int PackedValues = 1 << 12;

    /// <summary>Tiles scored at a time: what they give stays in the first-level cache.</summary>
    private const int BatchTiles = 16;
    private const int BatchRows = BatchTiles * TileRows;

    private Mode mode;
    private bool bounding;
    private int sliceRows;
    private CancellationToken cancelled;

    private enum Mode
    {
        /// <summary>Labels only.</summary>
        Label,

        /// <summary>Labels, and sums of all rows, all of which count as moved.</summary>
        Scratch,

        /// <summary>Labels, sums of all rows, and how many labels changed.</summary>
        Compare,

        /// <summary>Labels, and what rows whose label changed change in the sums.</summary>
        Change,
    }

    /// <summary>Makes room for what is kept of each row.</summary>
    private void Reserve()
    {
        if (labels.Length > 0)
            return;
        int padded = (rows.Rows + TileRows - 1) / TileRows * TileRows;
        labels.Reserve(padded);
        labels.Span[rows.Rows..].Clear();
    }

    /// <summary>Runs all slices; returns the distances that were evaluated.</summary>
    private long Run(double[] centroids, Mode what, Action<int> slice, IParallel parallel, CancellationToken cancellation)
    {
        int k = centroids.Length / rows.Columns;
        SetTable(centroids, k);
        works.Reset();
        foreach (SliceWork work in works.All)
            work.Clear(k, rows.Columns);
        sliceRows = Slices.RowsOf(k, rows.Columns);
        if (slice == groupSlice)
            groups.SetTable(centroids, tileFrame.Origins, tileFrame.ScaleExponent);
        if (slice == groupPruneSlice)
            sliceRows = Math.Max(sliceRows, GroupSliceRows);
        if (slice == screenPruneSlice)
            sliceRows = Math.Max(sliceRows, ScreenSliceRows);
        (mode, cancelled) = (what, cancellation);
        parallel.For((rows.Rows + sliceRows - 1) / sliceRows, slice);
        cancellation.ThrowIfCancellationRequested();
        coded |= slice == screenSlice;
        long distances = 0;
        foreach (SliceWork work in works.All)
            distances += ((work.Scored + work.Unsure) * k) + work.Evaluated;
        return distances;
    }

    /// <summary>Scores every row of a slice.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AssignSlice(int slice)
    {
        if (cancelled.IsCancellationRequested)
            return;
        SliceWork work = works.Borrow(clear);
        int end = Math.Min(rows.Rows, (slice + 1) * sliceRows);
        fixed (float* singles = rows.Float32.Span)
        fixed (double* doubles = rows.Float64.Span, weights = rows.Weights.Span)
        {
            var source = new Source(singles, doubles, weights, rows.Columns);
            for (int first = slice * sliceRows; first < end; first += BatchRows)
                AssignTiles(source, first, Math.Min(BatchRows, end - first), work);
        }

        works.Return(work);
    }

    /// <summary>Scores rows that follow each other, at most a batch, from the start of a tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    private void AssignTiles(Source source, int first, int count, SliceWork work)
    {
        int* fresh = stackalloc int[BatchRows];
        uint* unsure = stackalloc uint[BatchTiles];
        float* norm = stackalloc float[BatchRows];
        float* scores = stackalloc float[2 * BatchRows];
        int d = rows.Columns;
        int batch = (count + TileRows - 1) / TileRows;
        int room = Math.Clamp(PackedValues / (TileRows * d), 1, BatchTiles);
        float* tiles = work.Tiles(room, d);
        for (int done = 0; done < batch; done += room)
        {
            int tile = Math.Min(room, batch - done);
            int start = done * TileRows;
            packer.Pack(rows, first + start, Math.Min(count - start, tile * TileRows), tileFrame, tiles, norm + start, work.Turn(d));
            var next = new NearestKernel.Aside(source.At(first + start + (tile * TileRows)), source.TileBytes);
            nearest.Label(tiles, norm + start, tile, table, fresh + start, unsure + done, bounding ? scores + (2 * start) : null, next);
        }

        if (bounding)
            bounds.Slack(norm, scores, fresh, batch, table.Certificate, Certificate.NormError(d), travel.Table, slack.Pointer + first);
        work.Scored += count;
        for (int tile = 0; tile < batch; tile++)
        {
            for (uint mask = unsure[tile]; mask != 0; mask &= mask - 1)
            {
                int i = (tile * TileRows) + BitOperations.TrailingZeroCount(mask);
                if (i >= count)
                    break;
                fresh[i] = Decide(first + i, work);
            }
        }

        Record(source, first, count, fresh, work);
    }

    /// <summary>Decides a row by canonical distances. It gets no bound: the next step looks at it again.</summary>
    private int Decide(int row, SliceWork work)
    {
        double* values = work.Row(rows.Columns);
        rows.CopyRow(row, new Span<double>(values, rows.Columns));
        work.Unsure++;
        if (bounding)
            slack.Pointer[row] = float.NegativeInfinity;
        return canonical.Nearest(values, table, out _);
    }

    /// <summary>Takes over the labels of rows that follow each other and adds to the sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Record(Source source, int first, int count, int* fresh, SliceWork work)
    {
        int* target = labels.Pointer + first;
        if (mode is Mode.Compare or Mode.Change)
        {
            var moves = new Moves(work);
            for (int tile = 0; tile < count; tile += TileRows)
            {
                int size = Math.Min(TileRows, count - tile);
                if (!new ReadOnlySpan<int>(fresh + tile, size).SequenceEqual(new ReadOnlySpan<int>(target + tile, size)))
                    moves.Collect(first + tile, size, target + tile, fresh + tile);
            }

            Move(source, moves, work);
        }

        new ReadOnlySpan<int>(fresh, count).CopyTo(new Span<int>(target, count));
        if (mode is Mode.Scratch or Mode.Compare)
            Add(source, first, count, fresh, work);
        if (mode == Mode.Scratch)
            work.Moved += count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Add(Source source, int first, int count, int* fresh, SliceWork work)
    {
        double* weights = source.Weights == null ? null : source.Weights + first;
        work.ChangeAll();
        if (source.Singles != null)
            sums.Add(source.Singles + ((long)first * source.Columns), weights, fresh, count, work.Sums);
        else
            sums.Add(source.Doubles + ((long)first * source.Columns), weights, fresh, count, work.Sums);
        long* counts = work.Counts;
        for (int i = 0; i < count; i++)
            counts[fresh[i]]++;
        for (int i = 0; i < count && weights != null; i++)
            work.Weights[fresh[i]] += frame.QuantizeWeight(weights[i]);
    }

    /// <summary>Moves rows between clusters, when sums are kept, and counts them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Move(Source source, Moves moves, SliceWork work)
    {
        work.Moved += moves.Count;
        if (mode != Mode.Change || moves.Count == 0)
            return;
        if (source.Singles != null)
            sums.Move(source.Singles, source.Weights, moves.Rows, moves.Count, moves.From, moves.To, work.Sums);
        else
            sums.Move(source.Doubles, source.Weights, moves.Rows, moves.Count, moves.From, moves.To, work.Sums);
        for (int m = 0; m < moves.Count; m++)
        {
            work.Change(moves.From[m]);
            work.Change(moves.To[m]);
            work.Counts[moves.From[m]]--;
            work.Counts[moves.To[m]]++;
            if (source.Weights == null)
                continue;
            long units = frame.QuantizeWeight(source.Weights[moves.Rows[m]]);
            work.Weights[moves.From[m]] -= units;
            work.Weights[moves.To[m]] += units;
        }
    }

    /// <summary>The rows as they came; one of the first two is null, the weights may be.</summary>
    private readonly struct Source(float* singles, double* doubles, double* weights, int columns)
    {
        public float* Singles { get; } = singles;

        public double* Doubles { get; } = doubles;

        public double* Weights { get; } = weights;

        public int Columns { get; } = columns;

        public int TileBytes => TileRows * RowBytes;

        /// <summary>Asks for a row's memory.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Soon(int row)
        {
            byte* at = At(row);
            for (int line = 0; line < RowBytes && Sse.IsSupported; line += 64)
                Sse.Prefetch0(at + line);
        }

        private int RowBytes { get; } = columns * (singles != null ? sizeof(float) : sizeof(double));

        /// <summary>Where a row begins; it need not exist.</summary>
        public byte* At(int row) => Singles != null ? (byte*)(Singles + ((long)row * Columns)) : (byte*)(Doubles + ((long)row * Columns));
    }

    /// <summary>Rows that change their cluster: which, from where, where to. Room for a batch.</summary>
    private ref struct Moves(SliceWork work)
    {
        public int* Rows { get; } = work.Moves(3 * BatchRows);

        public readonly int* From => Rows + BatchRows;

        public readonly int* To => Rows + (2 * BatchRows);

        public int Count { get; private set; }

        /// <summary>Adds those of rows that follow each other whose labels differ.</summary>
        public void Collect(int first, int count, int* from, int* to)
        {
            for (int i = 0; i < count; i++)
            {
                (Rows[Count], From[Count], To[Count]) = (first + i, from[i], to[i]);
                Count += from[i] != to[i] ? 1 : 0;
            }
        }

        /// <summary>Adds a row.</summary>
        public void Add(int row, int from, int to)
        {
            (Rows[Count], From[Count], To[Count]) = (row, from, to);
            Count++;
        }
    }
}
