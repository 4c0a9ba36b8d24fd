using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace OrleansCluster.Numerics.Exact;

/// <summary>Four numbers of <see cref="DoubleDouble"/> side by side: each lane has the bits of the scalar operations.</summary>
/// <param name="High">The nearest doubles.</param>
/// <param name="Low">The rests.</param>
internal readonly record struct DoubleDoubleLanes(Vector256<double> High, Vector256<double> Low)
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleDoubleLanes Broadcast(DoubleDouble value) => new(Vector256.Create(value.High), Vector256.Create(value.Low));

    public static DoubleDoubleLanes Load(ReadOnlySpan<DoubleDouble> values)
        => new(
            Vector256.Create(values[0].High, values[1].High, values[2].High, values[3].High),
            Vector256.Create(values[0].Low, values[1].Low, values[2].Low, values[3].Low));

    public void Store(Span<DoubleDouble> values)
    {
        for (int lane = 0; lane < 4; lane++)
            values[lane] = new DoubleDouble(High[lane], Low[lane]);
    }

    /// <summary>Integers, exactly: their halves of 32 bits are doubles, whose sum rounds once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleDoubleLanes From(Vector256<long> values)
    {
        // A half beneath the digits of a power of two is a number that differs from it by the half: 2^52 for the lower, unsigned one, 2^84 + 2^63 for the
        // upper, signed one.
        Vector256<double> lower = ((values & Vector256.Create(0xFFFF_FFFFL)) | Vector256.Create(0x4330_0000_0000_0000)).AsDouble();
        Vector256<double> upper = (Vector256.ShiftRightLogical(values, 32) ^ Vector256.Create(0x4530_0000_8000_0000)).AsDouble();
        return TwoSum(upper - Vector256.Create(0x4530_0000_8000_0000).AsDouble(), lower - Vector256.Create(0x4330_0000_0000_0000).AsDouble());
    }

    /// <summary>a − b, exactly.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleDoubleLanes Difference(Vector256<double> a, Vector256<double> b) => TwoSum(a, Negate(b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleDoubleLanes operator +(DoubleDoubleLanes a, DoubleDoubleLanes b)
    {
        DoubleDoubleLanes high = TwoSum(a.High, b.High);
        DoubleDoubleLanes low = TwoSum(a.Low, b.Low);
        DoubleDoubleLanes first = QuickTwoSum(high.High, high.Low + low.High);
        return QuickTwoSum(first.High, first.Low + low.Low);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleDoubleLanes operator -(DoubleDoubleLanes a, DoubleDoubleLanes b) => a + new DoubleDoubleLanes(Negate(b.High), Negate(b.Low));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleDoubleLanes operator *(DoubleDoubleLanes a, DoubleDoubleLanes b)
    {
        Vector256<double> product = a.High * b.High;
        Vector256<double> error = Vector256.FusedMultiplyAdd(a.High, b.High, Negate(product));
        error = Vector256.FusedMultiplyAdd(a.High, b.Low, error);
        error = Vector256.FusedMultiplyAdd(a.Low, b.High, error);
        return QuickTwoSum(product, error);
    }

    /// <summary>Times powers of two, where no part leaves the normal numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public DoubleDoubleLanes Scale(Vector256<double> powers) => new(High * powers, Low * powers);

    /// <summary>With the other sign, zeros too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Negate(Vector256<double> value) => value ^ Vector256.Create(-0.0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static DoubleDoubleLanes TwoSum(Vector256<double> a, Vector256<double> b)
    {
        Vector256<double> sum = a + b;
        Vector256<double> rounded = sum - a;
        return new DoubleDoubleLanes(sum, (a - (sum - rounded)) + (b - rounded));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static DoubleDoubleLanes QuickTwoSum(Vector256<double> a, Vector256<double> b)
    {
        Vector256<double> sum = a + b;
        return new DoubleDoubleLanes(sum, b - (sum - a));
    }
}
