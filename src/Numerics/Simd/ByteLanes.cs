using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace OrleansCluster.Numerics.Simd;

/// <summary>
/// The integer operations of kernels on bytes, for one vector width, so that a kernel is written once. A lane is 32 bits:
/// four bytes, a pair of 16-bit integers or one of 32 bits. They are exact, so that every width gives the same numbers.
/// </summary>
internal unsafe interface IByteLanes<TVector, TFloat>
    where TVector : struct
    where TFloat : struct
{
    static abstract TVector Load(int* source);

    /// <summary>The same four bytes in each lane.</summary>
    static abstract TVector Broadcast(int four);

    /// <summary>Two sums of two products each: bytes without a sign, at most 127, times bytes with one.</summary>
    static abstract TVector Pairs(TVector unsigned, TVector signed);

    /// <summary>Adds pairs of 16-bit integers; what overflows comes back when it is taken away again.</summary>
    static abstract TVector AddPairs(TVector a, TVector b);

    /// <summary>The sum of a pair.</summary>
    static abstract TVector Widen(TVector pair);

    static abstract TVector Add(TVector a, TVector b);

    static abstract TFloat ToFloat(TVector value);

    /// <summary>Writes a byte a lane: an integer that was rounded by adding 1.5 · 2^23, plus <paramref name="bias"/>.</summary>
    static abstract void StoreBytes(TFloat shifted, int bias, byte* target);
}

/// <summary>What all widths share.</summary>
internal static class ByteLanes
{
    /// <summary>The bits of 1.5 · 2^23.</summary>
    public const int Rounder = 0x4B400000;
}

internal readonly unsafe struct ByteLanes512 : IByteLanes<Vector512<int>, Vector512<float>>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Load(int* source) => Vector512.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Broadcast(int four) => Vector512.Create(four);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Pairs(Vector512<int> unsigned, Vector512<int> signed)
    {
        if (Avx512BW.IsSupported)
            return Avx512BW.MultiplyAddAdjacent(unsigned.AsByte(), signed.AsSByte()).AsInt32();
        return Vector512.Create(ByteLanes256.Pairs(unsigned.GetLower(), signed.GetLower()), ByteLanes256.Pairs(unsigned.GetUpper(), signed.GetUpper()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> AddPairs(Vector512<int> a, Vector512<int> b) => (a.AsInt16() + b.AsInt16()).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Widen(Vector512<int> pair)
    {
        if (Avx512BW.IsSupported)
            return Avx512BW.MultiplyAddAdjacent(pair.AsInt16(), Vector512.Create((short)1));
        return ((pair << 16) >> 16) + (pair >> 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Add(Vector512<int> a, Vector512<int> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> ToFloat(Vector512<int> value) => Vector512.ConvertToSingle(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBytes(Vector512<float> shifted, int bias, byte* target)
    {
        Vector512<int> value = shifted.AsInt32() + Vector512.Create(bias - ByteLanes.Rounder);
        if (Avx512F.IsSupported)
            Avx512F.ConvertToVector128Byte(value & Vector512.Create(0xFF)).Store(target);
        else
            ByteLanesScalar.StoreLowest(value.AsByte(), target);
    }
}

internal readonly unsafe struct ByteLanes256 : IByteLanes<Vector256<int>, Vector256<float>>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Load(int* source) => Vector256.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Broadcast(int four) => Vector256.Create(four);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Pairs(Vector256<int> unsigned, Vector256<int> signed)
    {
        if (Avx2.IsSupported)
            return Avx2.MultiplyAddAdjacent(unsigned.AsByte(), signed.AsSByte()).AsInt32();
        return Vector256.Create(ByteLanes128.Pairs(unsigned.GetLower(), signed.GetLower()), ByteLanes128.Pairs(unsigned.GetUpper(), signed.GetUpper()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> AddPairs(Vector256<int> a, Vector256<int> b) => (a.AsInt16() + b.AsInt16()).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Widen(Vector256<int> pair)
    {
        if (Avx2.IsSupported)
            return Avx2.MultiplyAddAdjacent(pair.AsInt16(), Vector256.Create((short)1));
        return ((pair << 16) >> 16) + (pair >> 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> a, Vector256<int> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> ToFloat(Vector256<int> value) => Vector256.ConvertToSingle(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBytes(Vector256<float> shifted, int bias, byte* target)
    {
        ByteLanes128.StoreBytes(shifted.GetLower(), bias, target);
        ByteLanes128.StoreBytes(shifted.GetUpper(), bias, target + 4);
    }
}

internal readonly unsafe struct ByteLanes128 : IByteLanes<Vector128<int>, Vector128<float>>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Load(int* source) => Vector128.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Broadcast(int four) => Vector128.Create(four);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Pairs(Vector128<int> unsigned, Vector128<int> signed)
    {
        if (Ssse3.IsSupported)
            return Ssse3.MultiplyAddAdjacent(unsigned.AsByte(), signed.AsSByte()).AsInt32();
        // Bytes 0 and 2 of each lane stand in the low halves of its 16-bit parts, bytes 1 and 3 in the high ones.
        Vector128<short> even = (unsigned.AsInt16() & Vector128.Create((short)0xFF)) * ((signed.AsInt16() << 8) >> 8);
        Vector128<short> odd = (unsigned.AsUInt16() >> 8).AsInt16() * (signed.AsInt16() >> 8);
        return (even + odd).AsInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> AddPairs(Vector128<int> a, Vector128<int> b) => (a.AsInt16() + b.AsInt16()).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Widen(Vector128<int> pair) => ((pair << 16) >> 16) + (pair >> 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Add(Vector128<int> a, Vector128<int> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> ToFloat(Vector128<int> value) => Vector128.ConvertToSingle(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBytes(Vector128<float> shifted, int bias, byte* target)
    {
        Vector128<int> value = shifted.AsInt32() + Vector128.Create(bias - ByteLanes.Rounder);
        Vector128<byte> lowest = Vector128.Shuffle(value.AsByte(), Vector128.Create((byte)0, 4, 8, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
        Unsafe.WriteUnaligned(target, lowest.AsInt32().ToScalar());
    }
}

internal readonly unsafe struct ByteLanesScalar : IByteLanes<int, float>
{
    public static int Load(int* source) => *source;

    public static int Broadcast(int four) => four;

    public static int Pairs(int unsigned, int signed)
    {
        int low = ((unsigned & 0xFF) * (sbyte)signed) + ((unsigned >> 8 & 0xFF) * (sbyte)(signed >> 8));
        int high = ((unsigned >> 16 & 0xFF) * (sbyte)(signed >> 16)) + ((unsigned >> 24 & 0xFF) * (sbyte)(signed >> 24));
        return Pair(low, high);
    }

    public static int AddPairs(int a, int b) => Pair((short)a + (short)b, (a >> 16) + (b >> 16));

    public static int Widen(int pair) => (short)pair + (pair >> 16);

    public static int Add(int a, int b) => a + b;

    public static float ToFloat(int value) => value;

    public static void StoreBytes(float shifted, int bias, byte* target)
        => *target = unchecked((byte)(BitConverter.SingleToInt32Bits(shifted) + (bias - ByteLanes.Rounder)));

    /// <summary>Writes the lowest byte of each lane.</summary>
    internal static void StoreLowest(Vector512<byte> lanes, byte* target)
    {
        for (int lane = 0; lane < Vector512<int>.Count; lane++)
            target[lane] = lanes[lane * sizeof(int)];
    }

    private static int Pair(int low, int high) => (low & 0xFFFF) | (high << 16);
}
