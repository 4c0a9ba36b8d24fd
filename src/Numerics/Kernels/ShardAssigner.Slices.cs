using System.Numerics;

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
        RowTiles.Pack(rows, first, count, frame.Origins, scaleExponent, tiles.Pointer + ((long)first * rows.Columns), norms.Pointer + first);
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
    private void Record(Source source, int first, int count, int* fresh, SumDelta delta)
    {
        int* target = labels.Pointer + first;
        if (mode is Mode.Compare or Mode.Change)
        {
            for (int tile = 0; tile < count; tile += NearestKernel.TileRows)
            {
                int size = Math.Min(NearestKernel.TileRows, count - tile);
                if (new ReadOnlySpan<int>(fresh + tile, size).SequenceEqual(new ReadOnlySpan<int>(target + tile, size)))
                    continue;
                for (int i = tile; i < tile + size; i++)
                {
                    if (fresh[i] == target[i])
                        continue;
                    delta.Moved++;
                    if (mode == Mode.Change)
                        Move(source, first + i, target[i], fresh[i], delta);
                }
            }
        }

        new ReadOnlySpan<int>(fresh, count).CopyTo(new Span<int>(target, count));
        if (mode is Mode.Scratch or Mode.Compare)
            AddAll(source, first, count, fresh, delta);
        if (mode == Mode.Scratch)
            delta.Moved += count;
    }

    private void AddAll(Source source, int first, int count, int* fresh, SumDelta delta)
    {
        double* weights = source.Weights == null ? null : source.Weights + first;
        if (source.Singles != null)
            sums.AddAll(source.Singles + ((long)first * source.Columns), weights, fresh, count, delta.Sums);
        else
            sums.AddAll(source.Doubles + ((long)first * source.Columns), weights, fresh, count, delta.Sums);
        for (int i = 0; i < count; i++)
            delta.Counts[fresh[i]]++;
        if (weights == null)
            return;
        for (int i = 0; i < count; i++)
            delta.Weights[fresh[i]] += frame.QuantizeWeight(weights[i]);
    }

    private void Move(Source source, int row, int from, int to, SumDelta delta)
    {
        delta.Counts[from]--;
        delta.Counts[to]++;
        double weight = 1;
        if (source.Weights != null)
        {
            weight = source.Weights[row];
            long units = frame.QuantizeWeight(weight);
            delta.Weights[from] -= units;
            delta.Weights[to] += units;
        }

        if (weight == 0)
            return;
        long* left = delta.Sums + ((long)from * source.Columns);
        long* joined = delta.Sums + ((long)to * source.Columns);
        if (source.Singles != null)
        {
            sums.Subtract(source.Singles + ((long)row * source.Columns), weight, left);
            sums.Add(source.Singles + ((long)row * source.Columns), weight, joined);
        }
        else
        {
            sums.Subtract(source.Doubles + ((long)row * source.Columns), weight, left);
            sums.Add(source.Doubles + ((long)row * source.Columns), weight, joined);
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
