using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace OrleansCluster.Numerics.Encoding;

/// <summary>Reads what <see cref="ByteWriter"/> wrote. A length is believed only as far as there are bytes for it.</summary>
/// <param name="bytes">The whole encoding.</param>
public sealed class ByteReader(ReadOnlyMemory<byte> bytes)
{
    private int _position;

    /// <summary>A list that sums of its length may be read into; null: none.</summary>
    internal long[]? Room { get; init; }

    /// <summary>Checks the four letters and returns the version, which is at most <paramref name="newest"/>.</summary>
    public byte Header(string magic, byte newest)
    {
        foreach (char letter in magic)
        {
            if (Byte() != (byte)letter)
                throw new InvalidDataException($"These bytes are not a '{magic}' encoding.");
        }

        byte version = Byte();
        if (version == 0 || version > newest)
            throw new InvalidDataException($"The '{magic}' encoding has version {version}; this build reads up to {newest}.");
        return version;
    }

    public byte Byte() => Take(1)[0];

    public bool Boolean() => Byte() != 0;

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    public Int128 Int128() => BinaryPrimitives.ReadInt128LittleEndian(Take(16));

    /// <summary>A number as <see cref="ByteWriter.Short"/> writes it.</summary>
    public long Short()
    {
        ulong read = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = Byte();
            read |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return (long)(read >> 1) ^ -(long)(read & 1);
        }

        throw new InvalidDataException("The encoding has a number of more than 64 bits.");
    }

    /// <summary>Numbers as <see cref="ByteWriter.Shorts"/> writes them.</summary>
    public long[] Shorts()
    {
        var values = new long[Length(1)];
        for (int i = 0; i < values.Length; i++)
            values[i] = Short();
        return values;
    }

    public double Double() => BinaryPrimitives.ReadDoubleLittleEndian(Take(8));

    public string String() => System.Text.Encoding.UTF8.GetString(Take(Length(1)));

    public double[] Doubles()
    {
        double[] values = GC.AllocateUninitializedArray<double>(Length(8));
        Int64s(MemoryMarshal.Cast<double, long>(values.AsSpan()));
        return values;
    }

    /// <summary>Values of which something else said how many there are.</summary>
    /// <param name="count">Their number.</param>
    /// <param name="room">Where they go if there are as many; null: into a new list.</param>
    public long[] Int64s(int count, long[]? room = null)
    {
        long[] values = room?.Length == count ? room : GC.AllocateUninitializedArray<long>(count);
        Int64s(values);
        return values;
    }

    public int[] Int32s()
    {
        var values = new int[Length(4)];
        for (int i = 0; i < values.Length; i++)
            values[i] = Int32();
        return values;
    }

    public byte[] Bytes() => Take(Length(1)).ToArray();

    /// <summary>A count of items of <paramref name="itemBytes"/> bytes each, no more than the bytes that are left can hold.</summary>
    public int Length(int itemBytes)
    {
        int length = Int32();
        if (length < 0 || length > (bytes.Length - _position) / itemBytes)
            throw new InvalidDataException($"The encoding promises {length} items but ends before.");
        return length;
    }

    /// <summary>Whether nothing is left.</summary>
    public bool IsAtEnd => _position == bytes.Length;

    /// <summary>Checks that nothing is left.</summary>
    public void End()
    {
        if (!IsAtEnd)
            throw new InvalidDataException($"The encoding has {bytes.Length - _position} bytes too many.");
    }

    private void Int64s(Span<long> values)
    {
        ReadOnlySpan<long> source = MemoryMarshal.Cast<byte, long>(Take(values.Length * 8));
        if (BitConverter.IsLittleEndian)
            source.CopyTo(values);
        else
            BinaryPrimitives.ReverseEndianness(source, values);
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > bytes.Length - _position)
            throw new InvalidDataException("The encoding ends too early.");
        _position += count;
        return bytes.Span.Slice(_position - count, count);
    }
}
