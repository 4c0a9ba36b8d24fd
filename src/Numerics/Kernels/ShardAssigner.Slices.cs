using System.Numerics;
using System.Runtime.CompilerServices;

namespace OrleansCluster.Numerics.Kernels;

/// <content>The work of one slice of rows.</content>
public sealed unsafe partial class ShardAssigner
{
    private const int PackRows = 8192;

    /// <summary>Tiles labelled at a time: their labels stay in the first-level cache.</summary>
    private const int BatchTiles = 16;

    private Mode mode;
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

    private void Pack(IParallel parallel, CancellationToken cancellation)
    {
        if (packed)
            return;
        int padded = (rows.Rows + NearestKernel.TileRows - 1) / NearestKernel.TileRows * NearestKernel.TileRows;
        tiles.Reserve(checked(padded * rows.Columns));
        norms.Reserve(padded);
        labels.Reserve(padded);
        cancelled = cancellation;
        parallel.For((rows.Rows + PackRows - 1) / PackRows, packSlice);
        cancellation.ThrowIfCancellationRequested();
        packed = true;
    }

    private void PackSlice(int slice)
    {
        if (cancelled.IsCancellationRequested)
            return;
        int first = slice * PackRows;
        int count = Math.Min(PackRows, rows.Rows - first);
        SumDelta delta = deltas.Borrow(clear);
        float* scratch = delta.Tile(rows.Columns);
        packer.Pack(rows, first, count, origins, scaleExponent, tiles.Pointer + ((long)first * rows.Columns), norms.Pointer + first, scratch);
        deltas.Return(delta);
    }

    /// <summary>Runs all slices; returns the distances that were evaluated.</summary>
    private long Run(double[] centroids, Mode what, IParallel parallel, CancellationToken cancellation)
    {
        int k = centroids.Length / rows.Columns;
        table.Set(centroids, k, frame.Origins, scaleExponent);
        deltas.Reset();
        foreach (SumDelta delta in deltas.All)
            delta.Clear(k, rows.Columns);
        sliceRows = Slices.RowsOf(k, rows.Columns);
        (mode, cancelled) = (what, cancellation);
        parallel.For((rows.Rows + sliceRows - 1) / sliceRows, assignSlice);
        cancellation.ThrowIfCancellationRequested();
        long distances = (long)rows.Rows * k;
        foreach (SumDelta delta in deltas.All)
            distances += delta.Unsure * k;
        return distances;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AssignSlice(int slice)
    {
        if (cancelled.IsCancellationRequested)
            return;
        SumDelta delta = deltas.Borrow(clear);
        int end = Math.Min(rows.Rows, (slice + 1) * sliceRows);
        const int BatchRows = BatchTiles * NearestKernel.TileRows;
        int* fresh = stackalloc int[BatchRows];
        uint* unsure = stackalloc uint[BatchTiles];
        fixed (float* singles = rows.Float32.Span)
        fixed (double* doubles = rows.Float64.Span, weights = rows.Weights.Span)
        {
            var source = new Source(singles, doubles, weights, rows.Columns);
            for (int first = slice * sliceRows; first < end; first += BatchRows)
            {
                int count = Math.Min(BatchRows, end - first);
                int batch = (count + NearestKernel.TileRows - 1) / NearestKernel.TileRows;
                nearest.Label(tiles.Pointer + ((long)first * rows.Columns), norms.Pointer + first, batch, table, fresh, unsure);
                Decide(first, count, fresh, unsure, delta);
                Record(source, first, count, fresh, delta);
            }
        }

        deltas.Return(delta);
    }

    /// <summary>Decides by canonical distances the rows that were not certified.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Decide(int first, int count, int* fresh, uint* unsure, SumDelta delta)
    {
        double* row = null;
        for (int tile = 0; tile * NearestKernel.TileRows < count; tile++)
        {
            for (uint mask = unsure[tile]; mask != 0; mask &= mask - 1)
            {
                int i = (tile * NearestKernel.TileRows) + BitOperations.TrailingZeroCount(mask);
                if (i >= count)
                    break;
                if (row == null)
                    row = delta.Row(rows.Columns);
                rows.CopyRow(first + i, new Span<double>(row, rows.Columns));
                fresh[i] = canonical.Nearest(row, table, out _);
                delta.Unsure++;
            }
        }
    }

    /// <summary>Takes over the labels of a batch and adds to the sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Record(Source source, int first, int count, int* fresh, SumDelta delta)
    {
        int* target = labels.Pointer + first;
        if (mode is Mode.Compare or Mode.Change)
        {
            int* moved = stackalloc int[BatchTiles * NearestKernel.TileRows];
            int many = Differences(fresh, target, count, moved);
            delta.Moved += many;
            if (mode == Mode.Change && many > 0)
                Move(source, first, moved, many, target, fresh, delta);
        }

        new ReadOnlySpan<int>(fresh, count).CopyTo(new Span<int>(target, count));
        if (mode is Mode.Scratch or Mode.Compare)
            Add(source, first, count, fresh, delta);
        if (mode == Mode.Scratch)
            delta.Moved += count;
    }

    /// <summary>Lists the places where two label arrays differ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Differences(int* a, int* b, int count, int* places)
    {
        int many = 0;
        for (int tile = 0; tile < count; tile += NearestKernel.TileRows)
        {
            int end = Math.Min(tile + NearestKernel.TileRows, count);
            if (new ReadOnlySpan<int>(a + tile, end - tile).SequenceEqual(new ReadOnlySpan<int>(b + tile, end - tile)))
                continue;
            for (int i = tile; i < end; i++)
            {
                places[many] = i;
                many += a[i] != b[i] ? 1 : 0;
            }
        }

        return many;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Add(Source source, int first, int count, int* fresh, SumDelta delta)
    {
        double* weights = source.Weights == null ? null : source.Weights + first;
        if (source.Singles != null)
            sums.Add(source.Singles + ((long)first * source.Columns), weights, fresh, count, delta.Sums);
        else
            sums.Add(source.Doubles + ((long)first * source.Columns), weights, fresh, count, delta.Sums);
        for (int i = 0; i < count; i++)
            delta.Counts[fresh[i]]++;
        for (int i = 0; i < count && weights != null; i++)
            delta.Weights[fresh[i]] += frame.QuantizeWeight(weights[i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Move(Source source, int first, int* moved, int many, int* from, int* to, SumDelta delta)
    {
        double* weights = source.Weights == null ? null : source.Weights + first;
        if (source.Singles != null)
            sums.Move(source.Singles + ((long)first * source.Columns), weights, moved, many, from, to, delta.Sums);
        else
            sums.Move(source.Doubles + ((long)first * source.Columns), weights, moved, many, from, to, delta.Sums);
        for (int m = 0; m < many; m++)
        {
            delta.Counts[from[moved[m]]]--;
            delta.Counts[to[moved[m]]]++;
            if (weights == null)
                continue;
            long units = frame.QuantizeWeight(weights[moved[m]]);
            delta.Weights[from[moved[m]]] -= units;
            delta.Weights[to[moved[m]]] += units;
        }
    }

    /// <summary>The rows as they came; one of the first two is null, the weights may be.</summary>
    private readonly struct Source(float* singles, double* doubles, double* weights, int columns)
    {
        public float* Singles { get; } = singles;

        public double* Doubles { get; } = doubles;

        public double* Weights { get; } = weights;

        public int Columns { get; } = columns;
    }
}
