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

    private Mode _mode;
    private bool _bounding;
    private int _sliceRows;
    private CancellationToken _cancelled;
    private SliceBody? _body;

    /// <summary>What is done with rows that follow each other.</summary>
    /// <param name="source">The rows as they came.</param>
    /// <param name="begin">The first, the first of a tile.</param>
    /// <param name="end">The one after the last.</param>
    /// <param name="work">Scratch of whoever does it.</param>
    private delegate void SliceBody(Source source, int begin, int end, SliceWork work);

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
        if (_labels.Length > 0)
            return;
        int padded = (_rows.Rows + TileRows - 1) / TileRows * TileRows;
        _labels.Reserve(padded);
        _labels.Span[_rows.Rows..].Clear();
    }

    /// <summary>Runs all slices; returns the distances that were evaluated.</summary>
    private long Run(double[] centroids, Mode what, SliceBody body, IParallel parallel, CancellationToken cancellation)
    {
        int k = centroids.Length / _rows.Columns;
        SetTable(centroids, k);
        _works.Reset();
        foreach (SliceWork work in _works.All)
            work.Clear(k, _rows.Columns);
        _sliceRows = Slices.RowsOf(k, _rows.Columns);
        if (body == _groupSlice)
            _groups.SetTable(centroids, _tileFrame.Origins, _tileFrame.ScaleExponent);
        if (body == _groupPruneSlice)
            _sliceRows = Math.Max(_sliceRows, GroupSliceRows);
        if (body == _screenPruneSlice)
            _sliceRows = Math.Max(_sliceRows, ScreenSliceRows);
        (_mode, _body, _cancelled) = (what, body, cancellation);
        parallel.For((_rows.Rows + _sliceRows - 1) / _sliceRows, _slice);
        cancellation.ThrowIfCancellationRequested();
        _coded |= body == _screenSlice;
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
            _body!(new Source(singles, doubles, weights, _rows.Columns), begin, Math.Min(_rows.Rows, begin + _sliceRows), work);
        _works.Return(work);
    }

    /// <summary>Scores every row of a slice.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AssignSlice(Source source, int begin, int end, SliceWork work)
    {
        for (int first = begin; first < end; first += BatchRows)
            AssignTiles(source, first, Math.Min(BatchRows, end - first), work);
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
        int d = _rows.Columns;
        int batch = (count + TileRows - 1) / TileRows;
        int room = Math.Clamp(PackedValues / (TileRows * d), 1, BatchTiles);
        float* tiles = work.Tiles(room, d);
        for (int done = 0; done < batch; done += room)
        {
            int tile = Math.Min(room, batch - done);
            int start = done * TileRows;
            _packer.Pack(_rows, first + start, Math.Min(count - start, tile * TileRows), _tileFrame, tiles, norm + start, work.Turn(d));
            var next = new NearestKernel.Aside(source.At(first + start + (tile * TileRows)), source.TileBytes);
            _nearest.Label(tiles, norm + start, tile, _table, fresh + start, unsure + done, _bounding ? scores + (2 * start) : null, next);
        }

        if (_bounding)
            _bounds.Slack(norm, scores, fresh, batch, _table.Certificate, Certificate.NormError(d), _travel.Table, _slack.Pointer + first);
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
        double* values = work.Row(_rows.Columns);
        _rows.CopyRow(row, new Span<double>(values, _rows.Columns));
        work.Unsure++;
        if (_bounding)
            _slack.Pointer[row] = float.NegativeInfinity;
        return _canonical.Nearest(values, _table, out _);
    }

    /// <summary>Takes over the labels of rows that follow each other and adds to the sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Record(Source source, int first, int count, int* fresh, SliceWork work)
    {
        int* target = _labels.Pointer + first;
        if (_mode is Mode.Compare or Mode.Change)
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
        if (_mode is Mode.Scratch or Mode.Compare)
            Add(source, first, count, fresh, work);
        if (_mode == Mode.Scratch)
            work.Moved += count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Add(Source source, int first, int count, int* fresh, SliceWork work)
    {
        double* weights = source.Weights == null ? null : source.Weights + first;
        work.ChangeAll();
        if (source.Singles != null)
            _sums.Add(source.Singles + ((long)first * source.Columns), weights, fresh, count, work.Sums);
        else
            _sums.Add(source.Doubles + ((long)first * source.Columns), weights, fresh, count, work.Sums);
        long* counts = work.Counts;
        for (int i = 0; i < count; i++)
            counts[fresh[i]]++;
        for (int i = 0; i < count && weights != null; i++)
            work.Weights[fresh[i]] += _frame.QuantizeWeight(weights[i]);
    }

    /// <summary>Moves rows between clusters, when sums are kept, and counts them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Move(Source source, Moves moves, SliceWork work)
    {
        work.Moved += moves.Count;
        if (_mode != Mode.Change || moves.Count == 0)
            return;
        if (source.Singles != null)
            _sums.Move(source.Singles, source.Weights, moves.Rows, moves.Count, moves.From, moves.To, work.Sums);
        else
            _sums.Move(source.Doubles, source.Weights, moves.Rows, moves.Count, moves.From, moves.To, work.Sums);
        for (int m = 0; m < moves.Count; m++)
        {
            work.Change(moves.From[m]);
            work.Change(moves.To[m]);
            work.Counts[moves.From[m]]--;
            work.Counts[moves.To[m]]++;
            if (source.Weights == null)
                continue;
            long units = _frame.QuantizeWeight(source.Weights[moves.Rows[m]]);
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
