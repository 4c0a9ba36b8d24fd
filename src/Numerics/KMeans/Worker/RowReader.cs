using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Numerics.KMeans.Worker;

/// <summary>A shard's rows as the passes over them want them: widened, with weights, in slices.</summary>
internal sealed class RowReader
{
    /// <summary>Rows in a slice: about a millisecond of work.</summary>
    public const int SliceRows = 2048;

    private readonly RowBlock? _dense;
    private readonly SparseBlock? _sparse;

    /// <param name="rows">The shard's rows.</param>
    public RowReader(RowBlock rows) =>
        (_dense, Rows, Columns, Weights, FirstRow) = (rows, rows.Rows, rows.Columns, rows.Weights, rows.FirstRow);

    /// <inheritdoc cref="RowReader(RowBlock)"/>
    public RowReader(SparseBlock rows) =>
        (_sparse, Rows, Columns, Weights, FirstRow) = (rows, rows.Rows, rows.Columns, rows.Weights, rows.FirstRow);

    /// <summary>The rows, which are dense.</summary>
    public RowBlock Block => _dense ?? throw new InvalidOperationException("The rows are sparse.");

    public int Rows { get; }

    public int Columns { get; }

    /// <summary>One a row, or empty: every row weighs 1.</summary>
    public ReadOnlyMemory<double> Weights { get; }

    public long FirstRow { get; }

    public int Slices => (Rows + SliceRows - 1) / SliceRows;

    public (int Start, int End) Slice(int slice) => (slice * SliceRows, Math.Min(Rows, (slice + 1) * SliceRows));

    public double Weight(int row) => Weights.IsEmpty ? 1 : Weights.Span[row];

    /// <summary>Weights of the rows from <paramref name="start"/> on; empty when every row weighs 1.</summary>
    public ReadOnlySpan<double> WeightsFrom(int start) => Weights.IsEmpty ? default : Weights.Span[start..];

    public long Id(int row) => FirstRow + row;

    public double[] Row(int row)
    {
        var values = new double[Columns];
        if (_sparse is { } sparse)
            sparse.CopyRow(row, values);
        else
            Block.CopyRow(row, values);
        return values;
    }

    /// <summary>Runs <paramref name="body"/> over slices, looking at the cancellation between them.</summary>
    public void ForSlices(Work work, Action<int, int, int> body)
        => work.Parallel.For(Slices, slice =>
        {
            work.Cancellation.ThrowIfCancellationRequested();
            (int start, int end) = Slice(slice);
            body(slice, start, end);
        });

    /// <summary>Adds up what slices sum on their own; integers, so that the order is free.</summary>
    public Int128[] SumSlices(int length, Work work, Action<Int128[], int, int> body)
    {
        var total = new Int128[length];
        ForSlices(work, (_, start, end) =>
        {
            var own = new Int128[length];
            body(own, start, end);
            lock (total)
            {
                for (int i = 0; i < length; i++)
                    total[i] += own[i];
            }
        });
        return total;
    }

    /// <summary>As <see cref="SumSlices"/>, for sums that fit in 64 bits over a shard: weights in units.</summary>
    public long[] CountSlices(int length, Work work, Action<long[], int, int> body)
    {
        var total = new long[length];
        ForSlices(work, (_, start, end) =>
        {
            var own = new long[length];
            body(own, start, end);
            lock (total)
            {
                for (int i = 0; i < length; i++)
                    total[i] += own[i];
            }
        });
        return total;
    }
}
