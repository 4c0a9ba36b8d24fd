using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace OrleansCluster.Datasets;

/// <summary>
/// Short numbers in a text, 16 bytes at a time and without a branch on their digits: a minus or none, digits with or without one point, and then another
/// character within 16 bytes. They have at most 15 digits, so that one division of two exact numbers rounds them correctly, as <see cref="NumberText"/> does.
/// </summary>
internal static class QuickNumber
{
    /// <summary>Bytes behind a number that are looked at, though not heeded.</summary>
    public const int Slack = 32;

    private static ReadOnlySpan<double> PowersOfTen => [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

    /// <summary>Reads the number that begins at <paramref name="text"/>, of which 17 bytes can be read.</summary>
    /// <returns>Its length; 0: it is none of these, or goes on as one.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Read(ref byte text, out double value)
    {
        int minus = text == '-' ? 1 : 0;
        Vector128<byte> digits = Vector128.LoadUnsafe(ref text, (nuint)minus) - Vector128.Create((byte)'0');
        uint others = Vector128.GreaterThan(digits, Vector128.Create((byte)9)).ExtractMostSignificantBits();
        int whole = BitOperations.TrailingZeroCount(others | 0x10000);
        bool hasPoint = Unsafe.Add(ref text, minus + whole) == '.';
        int length = hasPoint ? BitOperations.TrailingZeroCount((others & (others - 1)) | 0x10000) : whole;
        int point = hasPoint ? 1 : 0, count = length - point;
        if (length == 16 || count == 0)
        {
            value = 0;
            return 0;
        }

        // The digits without the point, at the end of 16 bytes; what is before them becomes 0.
        Vector128<sbyte> from = Vector128.Create((sbyte)0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15) - Vector128.Create((sbyte)(16 - count));
        from -= Vector128.GreaterThanOrEqual(from, Vector128.Create((sbyte)whole));
        double magnitude = Value(Vector128.Shuffle(digits, from.AsByte()))
            / Unsafe.Add(ref MemoryMarshal.GetReference(PowersOfTen), hasPoint ? length - whole - 1 : 0);
        value = BitConverter.UInt64BitsToDouble(BitConverter.DoubleToUInt64Bits(magnitude) ^ ((ulong)minus << 63));
        return minus + length;
    }

    /// <summary>Reads numbers with one delimiter between each two of them, and perhaps blanks before them.</summary>
    /// <param name="text">Where the first begins; a line break or another end comes somewhere behind.</param>
    /// <param name="delimiter">What separates them.</param>
    /// <param name="numbers">Where they go: as many as are wanted, as float64 or float32.</param>
    /// <param name="count">How many are wanted, at least 1.</param>
    /// <param name="isWide">Whether as float64.</param>
    /// <returns>How many bytes they take; 0: one of them is not written as <see cref="Read"/> wants it. So they are all of float32, too.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe int ReadSeveral(byte* text, byte delimiter, byte* numbers, int count, bool isWide)
    {
        byte* at = text;
        for (int i = 0; ;)
        {
            while (*at == ' ')
                at++;
            int length = Read(ref *at, out double value);
            if (length == 0)
                return 0;
            at += length;
            if (isWide)
                ((double*)numbers)[i] = value;
            else
                ((float*)numbers)[i] = (float)value;
            if (++i == count)
                return (int)(at - text);
            if (*at++ != delimiter)
                return 0;
        }
    }

    /// <summary>The number of 16 digits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Value(Vector128<byte> digits)
    {
        if (!Sse41.IsSupported)
        {
            Vector128<ulong> halves = digits.AsUInt64();
            return (EightDigits.ValueOf(halves.ToScalar()) * 100_000_000L) + EightDigits.ValueOf(halves.GetElement(1));
        }

        // Two, four and eight digits beside each other.
        Vector128<short> two = Ssse3.MultiplyAddAdjacent(digits, Vector128.Create((ushort)0x010A).AsSByte());
        Vector128<int> four = Sse2.MultiplyAddAdjacent(two, Vector128.Create(0x0001_0064).AsInt16());
        Vector128<short> packed = Sse41.PackUnsignedSaturate(four, four).AsInt16();
        ulong eight = Sse2.MultiplyAddAdjacent(packed, Vector128.Create(0x0001_2710).AsInt16()).AsUInt64().ToScalar();
        return ((long)(uint)eight * 100_000_000L) + (long)(eight >> 32);
    }
}
