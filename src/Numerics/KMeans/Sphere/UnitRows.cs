using System.Runtime.InteropServices;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Numerics.KMeans.Sphere;

/// <summary>Rows divided by their lengths, in float64, with their weights and ids; dense and sparse rows alike to the bit.</summary>
public static class UnitRows
{
    private const int SliceRows = 2048;

    /// <summary>Rows of length 1.</summary>
    /// <param name="rows">Finite rows.</param>
    /// <param name="zeros">Out: rows of length 0, ascending, which have no direction and stay as they are.</param>
    /// <param name="parallel">Where slices run.</param>
    public static RowBlock Of(RowBlock rows, out int[] zeros, IParallel parallel)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(parallel);
        int d = rows.Columns;
        double[] values = GC.AllocateUninitializedArray<double>(checked(rows.Rows * d));
        zeros = InSlices(rows.Rows, parallel, row =>
        {
            Span<double> target = values.AsSpan(row * d, d);
            rows.CopyRow(row, target);
            return Direction.Find(target, [], target);
        });
        return new RowBlock(values, d, rows.Weights, rows.FirstRow);
    }

    /// <inheritdoc cref="Of(RowBlock, out int[], IParallel)"/>
    /// <exception cref="TrainingException">The rows have more values than one block holds as float64.</exception>
    public static SparseBlock Of(SparseBlock rows, out int[] zeros, IParallel parallel)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(parallel);
        uint first = rows.Offsets.Span[0];
        uint[] offsets = [.. MemoryMarshal.ToEnumerable(rows.Offsets).Select(offset => offset - first)];
        int size = SparseBlock.EntryBytesOf(Precision.Float64);
        if (offsets[^1] > (uint)(Array.MaxLength / size))
            throw new TrainingException(
                $"{rows.Rows} rows have {offsets[^1]} values, more than the {Array.MaxLength / size} that are divided by their rows' lengths together: give "
                    + "fewer columns.");
        byte[] entries = GC.AllocateUninitializedArray<byte>((int)offsets[^1] * size);
        zeros = InSlices(rows.Rows, parallel, row =>
        {
            ReadOnlySpan<uint> columns = rows.ColumnsOf(row);
            Span<byte> target = entries.AsSpan((int)offsets[row] * size, columns.Length * size);
            MemoryMarshal.AsBytes(columns).CopyTo(target);
            Span<double> values = MemoryMarshal.Cast<byte, double>(target[(columns.Length * sizeof(uint))..]);
            rows.CopyValues(row, values);
            return Direction.Find(values, columns, values);
        });
        return new SparseBlock(Precision.Float64, rows.Columns, entries, offsets, rows.Weights, rows.FirstRow);
    }

    /// <summary>Rows of which something does not hold, ascending.</summary>
    private static int[] InSlices(int rows, IParallel parallel, Func<int, bool> holds)
    {
        var others = new List<int>();
        parallel.For((rows + SliceRows - 1) / SliceRows, slice =>
        {
            for (int row = slice * SliceRows; row < Math.Min(rows, (slice + 1) * SliceRows); row++)
            {
                if (holds(row))
                    continue;
                lock (others)
                    others.Add(row);
            }
        });
        return [.. others.Order()];
    }
}
