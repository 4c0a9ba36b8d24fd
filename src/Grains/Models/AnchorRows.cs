using System.Buffers.Binary;
using System.Runtime.InteropServices;
using OrleansCluster.Datasets;
using OrleansCluster.Numerics.Randomness;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Models;

/// <summary>
/// The anchor rows of a model: a fixed sample of the rows that its first version was trained on, by which versions are compared ever after.
/// Which rows they are is a function of how many there are, so it depends on no shard, thread or silo.
/// </summary>
internal sealed class AnchorRows
{
    /// <summary>Rows of a sample, at most.</summary>
    public const int Most = 4096;

    private const int MostBytes = 16 << 20;
    private const int HeaderBytes = 20;

    private AnchorRows(RowBlock rows) => Rows = rows;

    /// <summary>The rows with their weights.</summary>
    public RowBlock Rows { get; }

    /// <summary>Positions of the sampled rows, ascending: one at random in each of as many equal runs of rows as there are to be.</summary>
    /// <param name="rows">Rows of the dataset version.</param>
    /// <param name="rowBytes">Bytes of one: a sample of very wide rows is smaller, 16 MB at most.</param>
    public static long[] Positions(long rows, int rowBytes)
    {
        int count = (int)Math.Min(rows, Math.Clamp(MostBytes / Math.Max(1, rowBytes), 1, Most));
        var draws = new Draws(0, Purpose.Anchors, 0, 0);
        var positions = new long[count];
        for (int i = 0; i < count; i++)
        {
            long first = (long)((Int128)rows * i / count), end = (long)((Int128)rows * (i + 1) / count);
            positions[i] = first + (long)(draws.Bits(i) % (ulong)(end - first));
        }

        return positions;
    }

    /// <summary>
    /// <c>OCAN</c>, version, bytes of a value, columns, rows (int32 each), values (row-major), then one float64 weight a row, when there are weights.
    /// Little-endian.
    /// </summary>
    /// <param name="precision">How values are stored.</param>
    /// <param name="columns">Values of a row.</param>
    /// <param name="values">Whole rows.</param>
    /// <param name="weights">One float64 a row, or none.</param>
    public static byte[] Encode(Precision precision, int columns, ReadOnlySpan<byte> values, ReadOnlySpan<byte> weights)
    {
        var bytes = new byte[HeaderBytes + values.Length + weights.Length];
        "OCAN"u8.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), 1);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), (int)precision);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), columns);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), values.Length / columns / (int)precision);
        values.CopyTo(bytes.AsSpan(HeaderBytes));
        weights.CopyTo(bytes.AsSpan(HeaderBytes + values.Length));
        return bytes;
    }

    /// <exception cref="InvalidDataException">The bytes are no anchor rows, or those of a newer program.</exception>
    public static AnchorRows Decode(ReadOnlyMemory<byte> bytes)
    {
        ReadOnlySpan<byte> header = bytes.Span;
        if (header.Length < HeaderBytes || !header.StartsWith("OCAN"u8))
            throw new InvalidDataException("They are no anchor rows.");
        int version = BinaryPrimitives.ReadInt32LittleEndian(header[4..]), precision = BinaryPrimitives.ReadInt32LittleEndian(header[8..]);
        int columns = BinaryPrimitives.ReadInt32LittleEndian(header[12..]), rows = BinaryPrimitives.ReadInt32LittleEndian(header[16..]);
        if (version != 1)
            throw new InvalidDataException($"They have format {version}, this program reads 1: use a newer one.");
        long values = (long)precision * columns * rows, weights = bytes.Length - HeaderBytes - values;
        if (precision is not (4 or 8) || columns < 1 || rows < 0 || (weights != 0 && weights != (long)rows * sizeof(double)))
            throw new InvalidDataException("Their length does not fit their header.");
        double[] each = MemoryMarshal.Cast<byte, double>(bytes.Span[(int)(HeaderBytes + values)..]).ToArray();
        // A copy, so that values lie where their type may be read.
        return new AnchorRows(RowBytes.AsBlock(bytes.Slice(HeaderBytes, (int)values).ToArray(), (Precision)precision, columns, each));
    }
}
