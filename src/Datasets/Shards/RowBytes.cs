using System.Buffers;
using System.Runtime.InteropServices;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Datasets;

/// <summary>Rows as bytes (row-major, little-endian), as they travel and as they are kept.</summary>
public static class RowBytes
{
    /// <summary>A view of <paramref name="values"/> as rows: nothing is copied.</summary>
    /// <param name="values">rows × columns values.</param>
    /// <param name="precision">How each value is stored.</param>
    /// <param name="columns">At least 1.</param>
    /// <param name="weights">One a row, or empty.</param>
    /// <param name="firstRow">Stable id of row 0.</param>
    /// <exception cref="ArgumentException">The lengths do not agree.</exception>
    public static RowBlock AsBlock(
        ReadOnlyMemory<byte> values, Precision precision, int columns, ReadOnlyMemory<double> weights = default, long firstRow = 0)
    {
        if (values.Length % (int)precision != 0)
            throw new ArgumentException($"{values.Length} bytes are not whole values of {(int)precision} bytes.", nameof(values));
        return precision == Precision.Float32
            ? new RowBlock(new CastMemory<float>(values).Memory, columns, weights, firstRow)
            : new RowBlock(new CastMemory<double>(values).Memory, columns, weights, firstRow);
    }

    /// <summary>Some columns of rows, copied.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="columns">Positions of the columns wanted, in this order.</param>
    /// <returns>rows × wanted columns values in the rows' precision, row-major, little-endian.</returns>
    public static byte[] OfColumns(RowBlock rows, ReadOnlySpan<int> columns)
    {
        var bytes = GC.AllocateUninitializedArray<byte>(rows.Rows * columns.Length * (int)rows.Precision);
        if (rows.Precision == Precision.Float32)
            Copy(rows.Float32.Span, rows.Columns, columns, MemoryMarshal.Cast<byte, float>(bytes.AsSpan()));
        else
            Copy(rows.Float64.Span, rows.Columns, columns, MemoryMarshal.Cast<byte, double>(bytes.AsSpan()));
        return bytes;
    }

    /// <summary>The number of rows, checked against the schema.</summary>
    internal static int Count(RowSchema schema, ReadOnlyMemory<byte> values, ReadOnlyMemory<double> weights, ReadOnlyMemory<string> ids)
    {
        if (!schema.IsSparse && values.Length % schema.RowBytes != 0)
            throw new ArgumentException($"{values.Length} bytes are not whole rows of {schema.RowBytes} bytes.", nameof(values));
        int rows = schema.IsSparse ? SparseRowBytes.Count(values.Span, schema.Precision) : values.Length / schema.RowBytes;
        if (weights.Length != (schema.WeightColumn is null ? 0 : rows))
            throw new ArgumentException($"{weights.Length} weights for {rows} rows with weight column '{schema.WeightColumn}'.", nameof(weights));
        if (ids.Length != (schema.IdColumn is null ? 0 : rows))
            throw new ArgumentException($"{ids.Length} ids for {rows} rows with id column '{schema.IdColumn}'.", nameof(ids));
        return rows;
    }

    /// <summary>Bytes of the first rows.</summary>
    internal static int Length(RowSchema schema, ReadOnlySpan<byte> values, int rows) =>
        schema.IsSparse ? SparseRowBytes.Length(values, schema.Precision, rows) : rows * schema.RowBytes;

    private static void Copy<T>(ReadOnlySpan<T> values, int width, ReadOnlySpan<int> columns, Span<T> target)
    {
        for (int row = 0, at = 0; row < values.Length; row += width)
        {
            foreach (int column in columns)
                target[at++] = values[row + column];
        }
    }

    private sealed class CastMemory<T>(ReadOnlyMemory<byte> bytes) : MemoryManager<T>
        where T : unmanaged
    {
        public override Span<T> GetSpan() => MemoryMarshal.Cast<byte, T>(MemoryMarshal.AsMemory(bytes).Span);

        public override unsafe MemoryHandle Pin(int elementIndex = 0)
        {
            MemoryHandle handle = bytes.Pin();
            return new MemoryHandle((T*)handle.Pointer + elementIndex, pinnable: new Pinned(handle));
        }

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }

        private sealed class Pinned(MemoryHandle handle) : IPinnable
        {
            private MemoryHandle _handle = handle;

            public MemoryHandle Pin(int elementIndex) => throw new NotSupportedException();

            void IPinnable.Unpin() => _handle.Dispose();
        }
    }
}
