using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace OrleansCluster.Numerics.Simd;

/// <summary>
/// The float32 operations of the nearest-centre kernel, for one vector width, so that the kernel is written once.
/// Operands are never NaN.
/// </summary>
internal unsafe interface IFloatLanes<TVector>
    where TVector : struct
{
    /// <summary>Lanes of a vector.</summary>
    static abstract int Width { get; }

    /// <summary>Whether there are registers enough (32) to hold two vectors of rows × eight centres.</summary>
    static abstract bool TwoVectors { get; }

    static abstract TVector Load(float* source);

    static abstract void Store(TVector value, float* target);

    static abstract TVector Broadcast(float value);

    /// <summary>table[indices[lane]] for each lane.</summary>
    static abstract TVector Gather(float* table, int* indices);

    /// <summary>The same, faster where the table fits into registers.</summary>
    /// <param name="table">With room for <see cref="FloatLanes.TableRoom"/> entries, however few there are.</param>
    /// <param name="entries">Number of entries, up to a whole panel of centres.</param>
    /// <param name="indices">One a lane.</param>
    static abstract TVector Look(float* table, int entries, int* indices);

    static abstract TVector FusedMultiplyAdd(TVector a, TVector b, TVector addend);

    static abstract TVector Add(TVector a, TVector b);

    static abstract TVector Subtract(TVector a, TVector b);

    static abstract TVector Multiply(TVector a, TVector b);

    static abstract TVector Sqrt(TVector value);

    static abstract TVector Min(TVector a, TVector b);

    static abstract TVector Max(TVector a, TVector b);

    /// <summary>a &lt; b ? whenLess : otherwise, lane by lane.</summary>
    static abstract TVector SelectLess(TVector a, TVector b, TVector whenLess, TVector otherwise);

    /// <summary>Replaces the lowest three bits of each lane by those of <paramref name="tag"/>.</summary>
    static abstract TVector Tag(TVector value, TVector tag);

    /// <summary>The least lane.</summary>
    static abstract float Least(TVector value);

    /// <summary>The sum of all lanes, in an order that is the width's own.</summary>
    static abstract float Sum(TVector value);

    /// <summary>A bit for each lane in which a &gt; b does not hold.</summary>
    static abstract uint NotGreater(TVector a, TVector b);

    /// <summary>Writes, for each lane, the bits of <paramref name="panel"/> plus the lowest three bits of <paramref name="tagged"/>.</summary>
    static abstract void StoreLabels(TVector panel, TVector tagged, int* labels);
}

/// <summary>What all widths share.</summary>
internal static class FloatLanes
{
    /// <summary>Entries of a table that four of the widest vectors hold.</summary>
    public const int TableRoom = 64;
}

internal readonly unsafe struct FloatLanes512 : IFloatLanes<Vector512<float>>
{
    public static int Width => 16;

    public static bool TwoVectors => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(float* source) => Vector512.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> value, float* target) => value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Gather(float* table, int* indices)
    {
        if (Avx2.IsSupported)
            return Vector512.Create(Avx2.GatherVector256(table, Vector256.Load(indices), 4), Avx2.GatherVector256(table, Vector256.Load(indices + 8), 4));
        return Vector512.Create(FloatLanes256.Gather(table, indices), FloatLanes256.Gather(table, indices + 8));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Look(float* table, int entries, int* indices)
    {
        if (!Avx512F.IsSupported || entries > FloatLanes.TableRoom)
            return Gather(table, indices);
        Vector512<int> index = Vector512.Load(indices);
        if (entries <= 16)
            return Avx512F.PermuteVar16x32(Load(table), index);
        Vector512<float> lower = Avx512F.PermuteVar16x32x2(Load(table), index, Load(table + 16));
        if (entries <= 32)
            return lower;
        Vector512<float> upper = Avx512F.PermuteVar16x32x2(Load(table + 32), index, Load(table + 48));
        return Vector512.ConditionalSelect(Vector512.GreaterThan(index, Vector512.Create(31)).AsSingle(), upper, lower);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Broadcast(float value) => Vector512.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> FusedMultiplyAdd(Vector512<float> a, Vector512<float> b, Vector512<float> addend)
        => Vector512.FusedMultiplyAdd(a, b, addend);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Subtract(Vector512<float> a, Vector512<float> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Add(Vector512<float> a, Vector512<float> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Multiply(Vector512<float> a, Vector512<float> b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sqrt(Vector512<float> value) => Vector512.Sqrt(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Min(Vector512<float> a, Vector512<float> b) => Vector512.MinNative(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Max(Vector512<float> a, Vector512<float> b) => Vector512.MaxNative(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> SelectLess(Vector512<float> a, Vector512<float> b, Vector512<float> whenLess, Vector512<float> otherwise)
        => Vector512.ConditionalSelect(Vector512.LessThan(a, b), whenLess, otherwise);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Tag(Vector512<float> value, Vector512<float> tag)
        => Vector512.ConditionalSelect(Vector512.Create(~7).AsSingle(), value, tag);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector512<float> value) => Vector512.Sum(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Least(Vector512<float> value) => FloatLanes256.Least(Vector256.MinNative(value.GetLower(), value.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint NotGreater(Vector512<float> a, Vector512<float> b)
        => ~(uint)Vector512.GreaterThan(a, b).ExtractMostSignificantBits() & 0xFFFF;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreLabels(Vector512<float> panel, Vector512<float> tagged, int* labels)
        => (panel.AsInt32() + (tagged.AsInt32() & Vector512.Create(7))).Store(labels);
}

internal readonly unsafe struct FloatLanes256 : IFloatLanes<Vector256<float>>
{
    public static int Width => 8;

    public static bool TwoVectors => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(float* source) => Vector256.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<float> value, float* target) => value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Gather(float* table, int* indices)
    {
        if (Avx2.IsSupported)
            return Avx2.GatherVector256(table, Vector256.Load(indices), 4);
        return Vector256.Create(FloatLanes128.Gather(table, indices), FloatLanes128.Gather(table, indices + 4));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Look(float* table, int entries, int* indices) => Gather(table, indices);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Broadcast(float value) => Vector256.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> FusedMultiplyAdd(Vector256<float> a, Vector256<float> b, Vector256<float> addend)
        => Vector256.FusedMultiplyAdd(a, b, addend);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Subtract(Vector256<float> a, Vector256<float> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Add(Vector256<float> a, Vector256<float> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Multiply(Vector256<float> a, Vector256<float> b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Sqrt(Vector256<float> value) => Vector256.Sqrt(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Min(Vector256<float> a, Vector256<float> b) => Vector256.MinNative(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Max(Vector256<float> a, Vector256<float> b) => Vector256.MaxNative(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> SelectLess(Vector256<float> a, Vector256<float> b, Vector256<float> whenLess, Vector256<float> otherwise)
        => Vector256.ConditionalSelect(Vector256.LessThan(a, b), whenLess, otherwise);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Tag(Vector256<float> value, Vector256<float> tag)
        => Vector256.ConditionalSelect(Vector256.Create(~7).AsSingle(), value, tag);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector256<float> value) => Vector256.Sum(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Least(Vector256<float> value) => FloatLanes128.Least(Vector128.MinNative(value.GetLower(), value.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint NotGreater(Vector256<float> a, Vector256<float> b)
        => ~Vector256.GreaterThan(a, b).ExtractMostSignificantBits() & 0xFF;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreLabels(Vector256<float> panel, Vector256<float> tagged, int* labels)
        => (panel.AsInt32() + (tagged.AsInt32() & Vector256.Create(7))).Store(labels);
}

internal readonly unsafe struct FloatLanes128 : IFloatLanes<Vector128<float>>
{
    public static int Width => 4;

    public static bool TwoVectors => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Load(float* source) => Vector128.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<float> value, float* target) => value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Gather(float* table, int* indices)
        => Vector128.Create(table[indices[0]], table[indices[1]], table[indices[2]], table[indices[3]]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Look(float* table, int entries, int* indices) => Gather(table, indices);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Broadcast(float value) => Vector128.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> FusedMultiplyAdd(Vector128<float> a, Vector128<float> b, Vector128<float> addend)
        => Vector128.FusedMultiplyAdd(a, b, addend);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Subtract(Vector128<float> a, Vector128<float> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Add(Vector128<float> a, Vector128<float> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Multiply(Vector128<float> a, Vector128<float> b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Sqrt(Vector128<float> value) => Vector128.Sqrt(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Min(Vector128<float> a, Vector128<float> b) => Vector128.MinNative(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Max(Vector128<float> a, Vector128<float> b) => Vector128.MaxNative(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> SelectLess(Vector128<float> a, Vector128<float> b, Vector128<float> whenLess, Vector128<float> otherwise)
        => Vector128.ConditionalSelect(Vector128.LessThan(a, b), whenLess, otherwise);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Tag(Vector128<float> value, Vector128<float> tag)
        => Vector128.ConditionalSelect(Vector128.Create(~7).AsSingle(), value, tag);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector128<float> value) => Vector128.Sum(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Least(Vector128<float> value)
    {
        value = Vector128.MinNative(value, Vector128.Shuffle(value, Vector128.Create(2, 3, 0, 1)));
        return Vector128.MinNative(value, Vector128.Shuffle(value, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint NotGreater(Vector128<float> a, Vector128<float> b)
        => ~Vector128.GreaterThan(a, b).ExtractMostSignificantBits() & 0xF;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreLabels(Vector128<float> panel, Vector128<float> tagged, int* labels)
        => (panel.AsInt32() + (tagged.AsInt32() & Vector128.Create(7))).Store(labels);
}

internal readonly unsafe struct FloatLanesScalar : IFloatLanes<float>
{
    public static int Width => 1;

    public static bool TwoVectors => false;

    public static float Load(float* source) => *source;

    public static void Store(float value, float* target) => *target = value;

    public static float Gather(float* table, int* indices) => table[*indices];

    public static float Look(float* table, int entries, int* indices) => Gather(table, indices);

    public static float Broadcast(float value) => value;

    public static float FusedMultiplyAdd(float a, float b, float addend) => MathF.FusedMultiplyAdd(a, b, addend);

    public static float Add(float a, float b) => a + b;

    public static float Subtract(float a, float b) => a - b;

    public static float Multiply(float a, float b) => a * b;

    public static float Sqrt(float value) => MathF.Sqrt(value);

    public static float Min(float a, float b) => a < b ? a : b;

    public static float Max(float a, float b) => a > b ? a : b;

    public static float SelectLess(float a, float b, float whenLess, float otherwise) => a < b ? whenLess : otherwise;

    public static float Tag(float value, float tag)
        => BitConverter.Int32BitsToSingle((BitConverter.SingleToInt32Bits(value) & ~7) | (BitConverter.SingleToInt32Bits(tag) & 7));

    public static float Least(float value) => value;

    public static float Sum(float value) => value;

    public static uint NotGreater(float a, float b) => a > b ? 0u : 1u;

    public static void StoreLabels(float panel, float tagged, int* labels)
        => *labels = BitConverter.SingleToInt32Bits(panel) + (BitConverter.SingleToInt32Bits(tagged) & 7);
}
