using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace OrleansCluster.Numerics.Simd;

/// <summary>What mixtures need of a vector beyond <see cref="IDoubleLanes{TVector}"/>. Each lane does exactly what scalar code does.</summary>
internal unsafe interface IRealLanes<TVector> : IDoubleLanes<TVector>
    where TVector : struct
{
    static abstract TVector Add(TVector a, TVector b);

    static abstract TVector Divide(TVector a, TVector b);

    /// <summary>addend − a·b, rounded once.</summary>
    static abstract TVector NegativeMultiplyAdd(TVector a, TVector b, TVector addend);

    /// <summary>Bit i tells whether lane i of <paramref name="a"/> is less than that of <paramref name="b"/>.</summary>
    static abstract uint LessMask(TVector a, TVector b);

    /// <summary>value · 2^n, rounded once, for the integer n = shifted − <see cref="RealLanes.RoundingShift"/>, |n| ≤ 2000.</summary>
    static abstract TVector ScaleByPowerOf2(TVector value, TVector shifted);

    /// <summary>For normal x = 2^e·m with m in (1/√2, √2]: m, and e as a number.</summary>
    static abstract TVector Split(TVector x, out TVector exponent);
}

/// <summary>What all widths share.</summary>
internal static class RealLanes
{
    /// <summary>Adding and subtracting 1.5·2^52 rounds a number below 2^51 to the nearest integer, ties to even, and leaves it in the low bits.</summary>
    public const double RoundingShift = 6755399441055744.0;

    /// <summary>The least m of <see cref="IRealLanes{TVector}.Split"/>: just above 1/√2, half of the number after √2.</summary>
    public const double LeastReduced = 0.70710678118654768;
}

internal readonly unsafe partial struct DoubleLanes512 : IRealLanes<Vector512<double>>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Add(Vector512<double> a, Vector512<double> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Divide(Vector512<double> a, Vector512<double> b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> NegativeMultiplyAdd(Vector512<double> a, Vector512<double> b, Vector512<double> addend)
        => Vector512.FusedMultiplyAdd(-a, b, addend);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint LessMask(Vector512<double> a, Vector512<double> b) => (uint)Vector512.LessThan(a, b).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> ScaleByPowerOf2(Vector512<double> value, Vector512<double> shifted)
    {
        // n + 2048 is positive, so that a logical shift halves it; 1023 + 1024 − 2048 and 1023 − 1024 undo the offsets.
        Vector512<long> n = shifted.AsInt64() - Vector512.Create(RealLanes.RoundingShift).AsInt64();
        Vector512<long> half = (n + Vector512.Create(2048L)) >>> 1;
        Vector512<long> first = (half - Vector512.Create(1L)) << 52;
        Vector512<long> second = (n - half + Vector512.Create(2047L)) << 52;
        return value * first.AsDouble() * second.AsDouble();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Split(Vector512<double> x, out Vector512<double> exponent)
    {
        Vector512<long> least = Vector512.Create(RealLanes.LeastReduced).AsInt64();
        Vector512<long> reduced = x.AsInt64() - least;
        // The exponent plus 2^10, made positive for a logical shift, becomes a number by way of the rounding shift's low bits.
        Vector512<long> offset = (reduced + Vector512.Create(1024L << 52)) >>> 52;
        exponent = (offset + Vector512.Create(RealLanes.RoundingShift).AsInt64()).AsDouble() - Vector512.Create(RealLanes.RoundingShift + 1024);
        return ((reduced & Vector512.Create(0xFFFFFFFFFFFFFL)) + least).AsDouble();
    }
}

internal readonly unsafe partial struct DoubleLanes256 : IRealLanes<Vector256<double>>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Add(Vector256<double> a, Vector256<double> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Divide(Vector256<double> a, Vector256<double> b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> NegativeMultiplyAdd(Vector256<double> a, Vector256<double> b, Vector256<double> addend)
        => Vector256.FusedMultiplyAdd(-a, b, addend);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint LessMask(Vector256<double> a, Vector256<double> b) => (uint)Vector256.LessThan(a, b).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> ScaleByPowerOf2(Vector256<double> value, Vector256<double> shifted)
    {
        // n + 2048 is positive, so that a logical shift halves it; 1023 + 1024 − 2048 and 1023 − 1024 undo the offsets.
        Vector256<long> n = shifted.AsInt64() - Vector256.Create(RealLanes.RoundingShift).AsInt64();
        Vector256<long> half = (n + Vector256.Create(2048L)) >>> 1;
        Vector256<long> first = (half - Vector256.Create(1L)) << 52;
        Vector256<long> second = (n - half + Vector256.Create(2047L)) << 52;
        return value * first.AsDouble() * second.AsDouble();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Split(Vector256<double> x, out Vector256<double> exponent)
    {
        Vector256<long> least = Vector256.Create(RealLanes.LeastReduced).AsInt64();
        Vector256<long> reduced = x.AsInt64() - least;
        // The exponent plus 2^10, made positive for a logical shift, becomes a number by way of the rounding shift's low bits.
        Vector256<long> offset = (reduced + Vector256.Create(1024L << 52)) >>> 52;
        exponent = (offset + Vector256.Create(RealLanes.RoundingShift).AsInt64()).AsDouble() - Vector256.Create(RealLanes.RoundingShift + 1024);
        return ((reduced & Vector256.Create(0xFFFFFFFFFFFFFL)) + least).AsDouble();
    }
}

internal readonly unsafe partial struct DoubleLanes128 : IRealLanes<Vector128<double>>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Add(Vector128<double> a, Vector128<double> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Divide(Vector128<double> a, Vector128<double> b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> NegativeMultiplyAdd(Vector128<double> a, Vector128<double> b, Vector128<double> addend)
        => Vector128.FusedMultiplyAdd(-a, b, addend);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint LessMask(Vector128<double> a, Vector128<double> b) => (uint)Vector128.LessThan(a, b).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> ScaleByPowerOf2(Vector128<double> value, Vector128<double> shifted)
    {
        // n + 2048 is positive, so that a logical shift halves it; 1023 + 1024 − 2048 and 1023 − 1024 undo the offsets.
        Vector128<long> n = shifted.AsInt64() - Vector128.Create(RealLanes.RoundingShift).AsInt64();
        Vector128<long> half = (n + Vector128.Create(2048L)) >>> 1;
        Vector128<long> first = (half - Vector128.Create(1L)) << 52;
        Vector128<long> second = (n - half + Vector128.Create(2047L)) << 52;
        return value * first.AsDouble() * second.AsDouble();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Split(Vector128<double> x, out Vector128<double> exponent)
    {
        Vector128<long> least = Vector128.Create(RealLanes.LeastReduced).AsInt64();
        Vector128<long> reduced = x.AsInt64() - least;
        // The exponent plus 2^10, made positive for a logical shift, becomes a number by way of the rounding shift's low bits.
        Vector128<long> offset = (reduced + Vector128.Create(1024L << 52)) >>> 52;
        exponent = (offset + Vector128.Create(RealLanes.RoundingShift).AsInt64()).AsDouble() - Vector128.Create(RealLanes.RoundingShift + 1024);
        return ((reduced & Vector128.Create(0xFFFFFFFFFFFFFL)) + least).AsDouble();
    }
}

internal readonly unsafe partial struct DoubleLanesScalar : IRealLanes<double>
{
    public static double Add(double a, double b) => a + b;

    public static double Divide(double a, double b) => a / b;

    public static double NegativeMultiplyAdd(double a, double b, double addend) => Math.FusedMultiplyAdd(-a, b, addend);

    public static uint LessMask(double a, double b) => a < b ? 1u : 0u;

    public static double ScaleByPowerOf2(double value, double shifted)
    {
        long n = BitConverter.DoubleToInt64Bits(shifted) - BitConverter.DoubleToInt64Bits(RealLanes.RoundingShift);
        long half = n >> 1;
        return value * PowerOf2(half) * PowerOf2(n - half);
    }

    public static double Split(double x, out double exponent)
    {
        long least = BitConverter.DoubleToInt64Bits(RealLanes.LeastReduced);
        long reduced = BitConverter.DoubleToInt64Bits(x) - least;
        exponent = reduced >> 52;
        return BitConverter.Int64BitsToDouble((reduced & 0xFFFFFFFFFFFFF) + least);
    }

    private static double PowerOf2(long exponent) => BitConverter.Int64BitsToDouble((exponent + 1023) << 52);
}
