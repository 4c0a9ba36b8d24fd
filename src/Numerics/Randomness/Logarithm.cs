namespace OrleansCluster.Numerics.Randomness;

/// <summary>
/// A natural logarithm of our own: the same bits on every machine, which the platform's is not bound to.
/// Only additions, multiplications, fused multiply-adds and one division, all correctly rounded by IEEE 754.
/// </summary>
public static class Logarithm
{
    // ln 2 in two parts; the first ends in 33 zero bits, so that its product with an exponent is exact.
    private const double Ln2High = 0.69314718036912382;
    private const double Ln2Low = 1.9082149292705877e-10;

    /// <summary>ln x; error below 1 unit in the last place.</summary>
    /// <param name="x">Finite, normal and above 0.</param>
    /// <remarks>
    /// x = 2^n · (1 + f) with 1 + f in [√½, √2); with s = f / (2 + f) and z = s², ln(1 + f) = 2 atanh s = f − s·(f − R),
    /// R = 2 (z/3 + z²/5 + …). As z ≤ 0.0295, the first term left out, 2s·z¹²/25, is below 2^−62 of the result.
    /// </remarks>
    public static double Natural(double x)
    {
        long bits = BitConverter.DoubleToInt64Bits(x);
        int n = (int)(bits >> 52) - 1023;
        double m = BitConverter.Int64BitsToDouble((bits & 0xF_FFFF_FFFF_FFFF) | 0x3FF0_0000_0000_0000);
        if (m > 1.4142135623730951)
        {
            m *= 0.5;
            n++;
        }

        double f = m - 1;
        double s = f / (2 + f);
        double z = s * s;
        double series = 2.0 / 23;
        series = Math.FusedMultiplyAdd(series, z, 2.0 / 21);
        series = Math.FusedMultiplyAdd(series, z, 2.0 / 19);
        series = Math.FusedMultiplyAdd(series, z, 2.0 / 17);
        series = Math.FusedMultiplyAdd(series, z, 2.0 / 15);
        series = Math.FusedMultiplyAdd(series, z, 2.0 / 13);
        series = Math.FusedMultiplyAdd(series, z, 2.0 / 11);
        series = Math.FusedMultiplyAdd(series, z, 2.0 / 9);
        series = Math.FusedMultiplyAdd(series, z, 2.0 / 7);
        series = Math.FusedMultiplyAdd(series, z, 2.0 / 5);
        series = Math.FusedMultiplyAdd(series, z, 2.0 / 3);
        double small = s * (f - (series * z));
        return (n * Ln2High) - ((small - (n * Ln2Low)) - f);
    }
}
