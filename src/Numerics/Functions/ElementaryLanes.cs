using System.Runtime.CompilerServices;
using OrleansCluster.Numerics.Simd;

namespace OrleansCluster.Numerics.Functions;

/// <summary>Exponential and logarithm, lane by lane, for one vector width: one source for scalar and vector code.</summary>
internal static class Elementary<TLanes, TVector>
    where TLanes : struct, IRealLanes<TVector>
    where TVector : struct
{
    /// <summary>e^x.</summary>
    /// <remarks>
    /// x = n ln 2 + r with |r| ≤ ½ ln 2; e^r by its Taylor series to r^13, whose rest is below 2^−57; 2^n in two factors, so that a denormal
    /// result is rounded once.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Exp(TVector x)
    {
        TVector least = TLanes.Broadcast(Elementary.LeastExponent);
        TVector greatest = TLanes.Broadcast(Elementary.GreatestExponent);
        x = TLanes.SelectLess(x, least, least, x);
        x = TLanes.SelectLess(greatest, x, greatest, x);
        TVector shifted = TLanes.FusedMultiplyAdd(x, TLanes.Broadcast(Elementary.InverseLn2), TLanes.Broadcast(RealLanes.RoundingShift));
        TVector n = TLanes.Subtract(shifted, TLanes.Broadcast(RealLanes.RoundingShift));
        TVector r = TLanes.NegativeMultiplyAdd(n, TLanes.Broadcast(Elementary.Ln2High), x);
        r = TLanes.NegativeMultiplyAdd(n, TLanes.Broadcast(Elementary.Ln2Low), r);
        TVector series = TLanes.Broadcast(1.0 / 6227020800);
        series = TLanes.FusedMultiplyAdd(series, r, TLanes.Broadcast(1.0 / 479001600));
        series = TLanes.FusedMultiplyAdd(series, r, TLanes.Broadcast(1.0 / 39916800));
        series = TLanes.FusedMultiplyAdd(series, r, TLanes.Broadcast(1.0 / 3628800));
        series = TLanes.FusedMultiplyAdd(series, r, TLanes.Broadcast(1.0 / 362880));
        series = TLanes.FusedMultiplyAdd(series, r, TLanes.Broadcast(1.0 / 40320));
        series = TLanes.FusedMultiplyAdd(series, r, TLanes.Broadcast(1.0 / 5040));
        series = TLanes.FusedMultiplyAdd(series, r, TLanes.Broadcast(1.0 / 720));
        series = TLanes.FusedMultiplyAdd(series, r, TLanes.Broadcast(1.0 / 120));
        series = TLanes.FusedMultiplyAdd(series, r, TLanes.Broadcast(1.0 / 24));
        series = TLanes.FusedMultiplyAdd(series, r, TLanes.Broadcast(1.0 / 6));
        series = TLanes.FusedMultiplyAdd(series, r, TLanes.Broadcast(0.5));
        TVector value = TLanes.Add(TLanes.Broadcast(1), TLanes.FusedMultiplyAdd(series, TLanes.Multiply(r, r), r));
        return TLanes.ScaleByPowerOf2(value, shifted);
    }

    /// <summary>ln x.</summary>
    /// <remarks>
    /// x = 2^n · (1 + f) with 1 + f in (√½, √2]; with s = f / (2 + f) and z = s², ln(1 + f) = 2 artanh s = f − s·(f − R),
    /// R = 2 (z/3 + z²/5 + …). As z ≤ 0.0295, the first term left out, 2s·z^12/25, is below 2^−62 of the result.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Log(TVector x)
    {
        TVector zero = TLanes.Broadcast(0);
        TVector normal = TLanes.Broadcast(Elementary.LeastNormal);
        TVector scaled = TLanes.SelectLess(x, normal, TLanes.Multiply(x, TLanes.Broadcast(Elementary.DenormalScale)), x);
        TVector m = TLanes.Split(scaled, out TVector n);
        n = TLanes.SelectLess(x, normal, TLanes.Subtract(n, TLanes.Broadcast(54)), n);
        TVector f = TLanes.Subtract(m, TLanes.Broadcast(1));
        TVector s = TLanes.Divide(f, TLanes.Add(TLanes.Broadcast(2), f));
        TVector z = TLanes.Multiply(s, s);
        TVector series = TLanes.Broadcast(2.0 / 23);
        series = TLanes.FusedMultiplyAdd(series, z, TLanes.Broadcast(2.0 / 21));
        series = TLanes.FusedMultiplyAdd(series, z, TLanes.Broadcast(2.0 / 19));
        series = TLanes.FusedMultiplyAdd(series, z, TLanes.Broadcast(2.0 / 17));
        series = TLanes.FusedMultiplyAdd(series, z, TLanes.Broadcast(2.0 / 15));
        series = TLanes.FusedMultiplyAdd(series, z, TLanes.Broadcast(2.0 / 13));
        series = TLanes.FusedMultiplyAdd(series, z, TLanes.Broadcast(2.0 / 11));
        series = TLanes.FusedMultiplyAdd(series, z, TLanes.Broadcast(2.0 / 9));
        series = TLanes.FusedMultiplyAdd(series, z, TLanes.Broadcast(2.0 / 7));
        series = TLanes.FusedMultiplyAdd(series, z, TLanes.Broadcast(2.0 / 5));
        series = TLanes.FusedMultiplyAdd(series, z, TLanes.Broadcast(2.0 / 3));
        TVector small = TLanes.Multiply(s, TLanes.Subtract(f, TLanes.Multiply(series, z)));
        TVector low = TLanes.Subtract(TLanes.Subtract(small, TLanes.Multiply(n, TLanes.Broadcast(Elementary.Ln2Low))), f);
        TVector value = TLanes.Subtract(TLanes.Multiply(n, TLanes.Broadcast(Elementary.Ln2High)), low);
        // 0, negative numbers, ∞ and NaN: −∞ + x·0 … by comparisons that are false for NaN.
        value = TLanes.SelectLess(zero, x, value, TLanes.Broadcast(double.NaN));
        value = TLanes.SelectLess(x, TLanes.Broadcast(double.PositiveInfinity), value, TLanes.Add(x, x));
        TVector negligible = TLanes.Broadcast(double.Epsilon);
        TVector whenTiny = TLanes.SelectLess(x, zero, value, TLanes.Broadcast(double.NegativeInfinity));
        return TLanes.SelectLess(x, negligible, whenTiny, value);
    }
}
