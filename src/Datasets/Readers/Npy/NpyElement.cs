using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Datasets;

/// <summary>How one value lies in an npy file.</summary>
/// <param name="Type">As numpy writes it: <c>&lt;f8</c>.</param>
/// <param name="Kind"><c>f</c> floating, <c>i</c> signed, <c>u</c> unsigned, <c>b</c> Boolean, <c>S</c> bytes of text, <c>U</c> text of 4 bytes a character,
/// or what is not read.</param>
/// <param name="Size">Bytes.</param>
/// <param name="BigEndian">Byte order.</param>
internal readonly record struct NpyElement(string Type, char Kind, int Size, bool BigEndian)
{
    private const long ExactIntegers = 1L << 53;
    private const int LongestText = 1 << 20;

    private static readonly UTF32Encoding BigEndianUtf32 = new(bigEndian: true, byteOrderMark: false);

    /// <summary>Whether it is a number that can be read.</summary>
    public bool IsNumber => (Kind, Size) is ('f', 2 or 4 or 8) or ('i' or 'u', 1 or 2 or 4 or 8) or ('b', 1);

    /// <summary>Whether it is known how many bytes it takes, whatever they mean.</summary>
    public bool HasSize => CanBeShown || (Size > 0 && Kind is 'f' or 'c' or 'M' or 'm' or 'V' or 'S' or 'U');

    /// <summary>Whether it can be an id or a label.</summary>
    public bool CanBeShown => IsNumber || (Kind is 'S' && Size is > 0 and <= LongestText) || (Kind is 'U' && Size is > 0 and <= LongestText && Size % 4 == 0);

    /// <summary>The precision that holds every value of this type, or nearly: 8-byte integers are checked one by one.</summary>
    public Precision Natural => (Kind == 'f' ? Size <= 4 : Size <= 2) ? Precision.Float32 : Precision.Float64;

    /// <summary>Whether a value is stored as a batch stores it.</summary>
    public bool IsStoredAs(Precision precision) => Kind == 'f' && !BigEndian && Size == (int)precision;

    /// <summary>Reads a type. Whether its values can be used shows when they are wanted.</summary>
    public static NpyElement Parse(string type)
    {
        char kind = type.Length > 1 ? type[1] : ' ';
        if (kind == 'a')
            kind = 'S';
        int digits = Math.Min(2, type.Length), end = digits;
        while (end < type.Length && char.IsAsciiDigit(type[end]))
            end++;
        bool known = type.Length > 1 && type[0] is '<' or '>' or '|' or '=';
        int size = int.TryParse(type.AsSpan(digits, end - digits), NumberStyles.None, CultureInfo.InvariantCulture, out int count) ? count : 0;
        return new NpyElement(type, known ? kind : ' ', kind == 'U' ? (int)Math.Min(size * 4L, int.MaxValue) : size, type.StartsWith('>'));
    }

    /// <summary>Why values of this type are not numbers that can be read, and what to do.</summary>
    /// <param name="where">The array or the column, as the beginning of a sentence.</param>
    public DataFormatException Refusal(string where)
    {
        (string what, string remedy) = Kind switch
        {
            'O' => ("Python objects, which are not read: they can run code", "Save numbers: x.astype('f8')."),
            'U' or 'S' => ("text", "Save numbers: x.astype('f8')."),
            'c' => ("complex numbers", "Save both parts as columns: numpy.c_[x.real, x.imag]."),
            'M' => ("dates", "Save numbers, such as days: (x - x.min()) / numpy.timedelta64(1, 'D')."),
            'm' => ("time spans", "Save numbers, such as seconds: x / numpy.timedelta64(1, 's')."),
            'V' => ("bytes without a type", "Save plain columns: numpy.c_[x['a'], x['b']]."),
            'f' => ($"floating-point numbers of {Size} bytes", "Save them as float64: x.astype('f8')."),
            _ => ("of an unknown type", "Save numbers: x.astype('f8')."),
        };
        return new DataFormatException($"{where}: the values are {what} (dtype '{Type}'). {remedy}");
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

    /// <summary>The value in full, as an id or a label.</summary>
    public string Show(ReadOnlySpan<byte> bytes)
    {
        switch (Kind)
        {
            case 'S':
                return Encoding.UTF8.GetString(bytes.TrimEnd((byte)0));
            case 'U':
                return (BigEndian ? BigEndianUtf32 : Encoding.UTF32).GetString(bytes).TrimEnd('\0');
            case 'f':
                TryRead(bytes, out double value);
                return Size switch
                {
                    2 => ((Half)value).ToString(CultureInfo.InvariantCulture),
                    4 => ((float)value).ToString(CultureInfo.InvariantCulture),
                    _ => value.ToString(CultureInfo.InvariantCulture),
                };
            default:
                return ReadInteger(bytes).ToString(CultureInfo.InvariantCulture);
        }
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
