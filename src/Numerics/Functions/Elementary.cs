using OrleansCluster.Numerics.Simd;

namespace OrleansCluster.Numerics.Functions;

/// <summary>
/// The natural exponential and logarithm as every result of this library uses them: the same bits on every processor, in scalar
/// and in vector form, which the platform's are not bound to. Only additions, multiplications, divisions and fused multiply-adds,
/// all correctly rounded by IEEE 754, and shifts of exponents.
/// </summary>
/// <remarks>
/// Both are within 1 ulp of the true value over all of float64; a denormal result of <see cref="Exp"/> within one unit of the least denormal.
/// </remarks>
public static class Elementary
{
    /// <summary>1 / ln 2.</summary>
    internal const double InverseLn2 = 1.4426950408889634;

    /// <summary>ln 2 with its last bits zero: its product with an exponent is exact.</summary>
    internal const double Ln2High = 0.69314718036912382;

    /// <summary>ln 2 − <see cref="Ln2High"/>.</summary>
    internal const double Ln2Low = 1.9082149292705877e-10;

    /// <summary>Below this exp is zero.</summary>
    internal const double LeastExponent = -746;

    /// <summary>Above this exp is infinite.</summary>
    internal const double GreatestExponent = 710;

    /// <summary>2^−1022.</summary>
    internal const double LeastNormal = 2.2250738585072014e-308;

    /// <summary>2^54.</summary>
    internal const double DenormalScale = 18014398509481984.0;

    /// <summary>e^<paramref name="x"/>, within 1 ulp. 0 below −745.2, infinite above 709.8, NaN for NaN.</summary>
    public static double Exp(double x) => Elementary<DoubleLanesScalar, double>.Exp(x);

    /// <summary>ln <paramref name="x"/>, within 1 ulp. −∞ for 0, NaN below 0 and for NaN, ∞ for ∞.</summary>
    public static double Log(double x) => Elementary<DoubleLanesScalar, double>.Log(x);
}
