using System.Buffers.Binary;
using System.Globalization;
using OrleansCluster.Numerics;

namespace OrleansCluster.Datasets;

/// <summary>How one value lies in an npy file.</summary>
/// <param name="Kind"><c>f</c> floating, <c>i</c> signed, <c>u</c> unsigned, <c>b</c> Boolean.</param>
/// <param name="Size">Bytes.</param>
/// <param name="BigEndian">Byte order.</param>
internal readonly record struct NpyElement(char Kind, int Size, bool BigEndian)
{
    private const long ExactIntegers = 1L << 53;

    /// <summary>The precision that holds every value of this type, or nearly: 8-byte integers are checked one by one.</summary>
    public Precision Natural => (Kind == 'f' ? Size <= 4 : Size <= 2) ? Precision.Float32 : Precision.Float64;

    /// <summary>Whether a value is stored as a batch stores it.</summary>
    public bool IsStoredAs(Precision precision) => Kind == 'f' && !BigEndian && Size == (int)precision;

    /// <exception cref="DataFormatException">Values of this type cannot be used.</exception>
    public static NpyElement Parse(string type, string path)
    {
        char order = type.Length > 0 ? type[0] : ' ';
        char kind = type.Length > 1 ? type[1] : ' ';
        bool known = int.TryParse(type.AsSpan(Math.Min(2, type.Length)), NumberStyles.None, CultureInfo.InvariantCulture, out int size)
            && order is '<' or '>' or '|' or '='
            && (kind, size) is ('f', 2 or 4 or 8) or ('i' or 'u', 1 or 2 or 4 or 8) or ('b', 1);
        if (known)
            return new NpyElement(kind, size, order == '>');
        string what = kind switch
        {
            'O' => "Python objects, which are not read: they can run code",
            'U' or 'S' or 'a' => "text",
            'c' => "complex numbers",
            'M' or 'm' => "dates or time spans",
            'V' => "records of several fields",
            'f' => $"floating-point numbers of {size} bytes",
            _ => "of an unknown type",
        };
        throw new DataFormatException($"{path}: the values are {what} (dtype '{type}'). Save numbers: x.astype('f8').");
    }

    /// <summary>The value, widened exactly; false when it is an integer beyond 2^53, which float64 would change.</summary>
    public bool TryRead(ReadOnlySpan<byte> bytes, out double value)
    {
        if (Kind == 'f')
        {
            value = Size switch
            {
                2 => (double)(BigEndian ? BinaryPrimitives.ReadHalfBigEndian(bytes) : BinaryPrimitives.ReadHalfLittleEndian(bytes)),
                4 => BigEndian ? BinaryPrimitives.ReadSingleBigEndian(bytes) : BinaryPrimitives.ReadSingleLittleEndian(bytes),
                _ => BigEndian ? BinaryPrimitives.ReadDoubleBigEndian(bytes) : BinaryPrimitives.ReadDoubleLittleEndian(bytes),
            };
            return true;
        }

        Int128 integer = ReadInteger(bytes);
        value = (double)(long)Int128.Clamp(integer, long.MinValue, long.MaxValue);
        return integer >= -ExactIntegers && integer <= ExactIntegers;
    }

    /// <summary>The value in full, as an id.</summary>
    public string Show(ReadOnlySpan<byte> bytes)
    {
        if (Kind != 'f')
            return ReadInteger(bytes).ToString(CultureInfo.InvariantCulture);
        TryRead(bytes, out double value);
        return Size switch
        {
            2 => ((Half)value).ToString(CultureInfo.InvariantCulture),
            4 => ((float)value).ToString(CultureInfo.InvariantCulture),
            _ => value.ToString(CultureInfo.InvariantCulture),
        };
    }

    private Int128 ReadInteger(ReadOnlySpan<byte> bytes) => (Kind, Size) switch
    {
        ('i', 1) => (sbyte)bytes[0],
        ('i', 2) => BigEndian ? BinaryPrimitives.ReadInt16BigEndian(bytes) : BinaryPrimitives.ReadInt16LittleEndian(bytes),
        ('i', 4) => BigEndian ? BinaryPrimitives.ReadInt32BigEndian(bytes) : BinaryPrimitives.ReadInt32LittleEndian(bytes),
        ('i', _) => BigEndian ? BinaryPrimitives.ReadInt64BigEndian(bytes) : BinaryPrimitives.ReadInt64LittleEndian(bytes),
        (_, 1) => bytes[0],
        (_, 2) => BigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes),
        (_, 4) => BigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        _ => BigEndian ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : BinaryPrimitives.ReadUInt64LittleEndian(bytes),
    };
}
