using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;

namespace OrleansCluster.Datasets;

/// <summary>
/// The header of an npy file: magic, version 1 to 3, length (2 bytes in version 1, else 4), and a Python dictionary literal with
/// <c>descr</c>, <c>fortran_order</c> and <c>shape</c> (NEP 1).
/// </summary>
/// <param name="Fields">What an element holds, in order: one value without a name, or the fields of a record.</param>
/// <param name="ElementBytes">Bytes of an element.</param>
/// <param name="ColumnMajor">Whether elements lie column by column.</param>
/// <param name="Shape">Sizes; each at least 0.</param>
/// <param name="DataOffset">Where the elements begin.</param>
internal sealed record NpyHeader(ImmutableArray<NpyField> Fields, int ElementBytes, bool ColumnMajor, ImmutableArray<long> Shape, int DataOffset)
{
    // Enough for a record of as many fields as a table may have columns.
    private const int LongestLiteral = 4 << 20;

    public static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Whether an element is a record of fields.</summary>
    public bool IsRecord => Fields is not [{ Name.Length: 0 }];

    /// <exception cref="DataFormatException">There is no such header.</exception>
    public static NpyHeader Read(InputSource source)
    {
        Span<byte> prefix = stackalloc byte[12];
        if (source.Read(prefix[..10]) < 10)
            throw Damaged(source, "it ends within the header");
        int version = prefix[6];
        if (version is < 1 or > 3)
            throw new DataFormatException($"{source.Name} has npy format version {version}; 1 to 3 are read. Save it again with numpy.save.");
        int start = version == 1 ? 10 : 12;
        if (source.Read(prefix[10..start]) < start - 10)
            throw Damaged(source, "it ends within the header");
        long length = version == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(prefix[8..]) : BinaryPrimitives.ReadUInt32LittleEndian(prefix[8..]);
        if (start + length > source.Length)
            throw Damaged(source, "it ends within the header");
        if (length > LongestLiteral)
            throw Damaged(source, $"its header of {length} bytes is too long");
        var literal = new byte[length];
        if (source.Read(literal) < length)
            throw Damaged(source, "it ends within the header");
        try
        {
            return new NpyLiteral((version == 3 ? Encoding.UTF8 : Encoding.Latin1).GetString(literal)).Header(start + (int)length);
        }
        catch (FormatException e)
        {
            throw Damaged(source, e.Message);
        }
    }

    private static DataFormatException Damaged(InputSource source, string what) =>
        new($"{source.Name} is a damaged npy file: {what}. Save it again with numpy.save.");
}

/// <summary>One value of an element.</summary>
/// <param name="Name">Its name; empty: the element is this value alone.</param>
/// <param name="Element">Its type.</param>
/// <param name="Offset">Where it begins in the element, in bytes.</param>
internal sealed record NpyField(string Name, NpyElement Element, int Offset);
