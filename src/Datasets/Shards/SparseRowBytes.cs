using System.Buffers.Binary;
using System.Runtime.InteropServices;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Datasets;

/// <summary>
/// Sparse rows as they travel, one after the other: how many entries a row has (uint32), their columns (uint32, strictly ascending), and their values, none of
/// them 0; little-endian.
/// </summary>
public static class SparseRowBytes
{
    /// <summary>How many rows there are.</summary>
    /// <exception cref="ArgumentException">The bytes are not whole rows.</exception>
    public static int Count(ReadOnlySpan<byte> rows, Precision precision)
    {
        int count = 0;
        for (; !rows.IsEmpty; count++)
            rows = rows[LengthOf(rows, precision)..];
        return count;
    }

    /// <summary>Bytes of the first rows.</summary>
    /// <exception cref="ArgumentException">There are not so many.</exception>
    public static int Length(ReadOnlySpan<byte> rows, Precision precision, int count)
    {
        int length = 0;
        for (int row = 0; row < count; row++)
            length += LengthOf(rows[length..], precision);
        return length;
    }

    /// <summary>The rows of a block.</summary>
    public static byte[] Of(SparseBlock rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ReadOnlySpan<uint> offsets = rows.Offsets.Span;
        int entry = SparseBlock.EntryBytesOf(rows.Precision);
        var bytes = new byte[checked((rows.Rows * sizeof(uint)) + ((int)(offsets[^1] - offsets[0]) * entry))];
        for (int row = 0, at = 0; row < rows.Rows; row++)
        {
            uint count = offsets[row + 1] - offsets[row];
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), count);
            ReadOnlySpan<byte> entries = rows.Entries.Span.Slice((int)(offsets[row] * (uint)entry), (int)count * entry);
            entries.CopyTo(bytes.AsSpan(at + sizeof(uint)));
            at += sizeof(uint) + entries.Length;
        }

        return bytes;
    }

    /// <summary>Writes a row.</summary>
    /// <param name="target">Where it goes.</param>
    /// <param name="precision">How values are stored.</param>
    /// <param name="columns">Of its entries, strictly ascending.</param>
    /// <param name="values">As many, none of them 0 in this precision.</param>
    internal static void Write(Stream target, Precision precision, ReadOnlySpan<uint> columns, ReadOnlySpan<double> values)
    {
        Span<byte> room = stackalloc byte[sizeof(double)];
        BinaryPrimitives.WriteUInt32LittleEndian(room, (uint)columns.Length);
        target.Write(room[..sizeof(uint)]);
        target.Write(MemoryMarshal.AsBytes(columns));
        if (precision == Precision.Float64)
        {
            target.Write(MemoryMarshal.AsBytes(values));
            return;
        }

        foreach (double value in values)
        {
            BinaryPrimitives.WriteSingleLittleEndian(room, (float)value);
            target.Write(room[..sizeof(float)]);
        }
    }

    /// <summary>Takes the first row.</summary>
    /// <param name="rows">The rows, which begin with the next one afterwards.</param>
    /// <param name="precision">How values are stored.</param>
    /// <param name="values">Out: the values, widened; replaced where it is too short.</param>
    /// <returns>The columns.</returns>
    internal static ReadOnlySpan<uint> Take(ref ReadOnlySpan<byte> rows, Precision precision, ref double[] values)
    {
        int length = LengthOf(rows, precision), count = (int)BinaryPrimitives.ReadUInt32LittleEndian(rows);
        ReadOnlySpan<uint> columns = MemoryMarshal.Cast<byte, uint>(rows.Slice(sizeof(uint), count * sizeof(uint)));
        ReadOnlySpan<byte> bytes = rows[(sizeof(uint) * (1 + count))..length];
        if (values.Length < count)
            values = new double[count * 2];
        for (int i = 0; i < count; i++)
            values[i] = precision == Precision.Float64 ? MemoryMarshal.Read<double>(bytes[(i * sizeof(double))..])
                : MemoryMarshal.Read<float>(bytes[(i * sizeof(float))..]);
        rows = rows[length..];
        return columns;
    }

    /// <summary>The entries of rows without their numbers, as a shard has them.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="precision">How values are stored.</param>
    /// <param name="offsets">Where each row begins and the last one ends; goes on.</param>
    /// <exception cref="DataFormatException">They are more than a shard can hold.</exception>
    internal static byte[] Entries(ReadOnlySpan<byte> rows, Precision precision, List<uint> offsets)
    {
        int entry = SparseBlock.EntryBytesOf(precision), at = 0;
        var entries = new byte[rows.Length];
        while (!rows.IsEmpty)
        {
            int length = LengthOf(rows, precision);
            rows[sizeof(uint)..length].CopyTo(entries.AsSpan(at));
            at += length - sizeof(uint);
            long end = offsets[^1] + ((length - sizeof(uint)) / entry);
            if (end * entry > int.MaxValue)
                throw new DataFormatException($"{ShardFormat.RowsPerShard} sparse rows have more than {int.MaxValue / entry} values other than 0: store them "
                    + "dense (--dense), or with fewer columns.");
            offsets.Add((uint)end);
            rows = rows[length..];
        }

        return entries[..at];
    }

    private static int LengthOf(ReadOnlySpan<byte> rows, Precision precision)
    {
        long length = rows.Length < sizeof(uint) ? long.MaxValue
            : sizeof(uint) + (BinaryPrimitives.ReadUInt32LittleEndian(rows) * (long)SparseBlock.EntryBytesOf(precision));
        return length <= rows.Length ? (int)length : throw new ArgumentException($"{rows.Length} bytes are not whole sparse rows.", nameof(rows));
    }
}
