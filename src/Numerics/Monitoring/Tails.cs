using OrleansCluster.Numerics.Functions;

namespace OrleansCluster.Numerics.Monitoring;

/// <summary>How probable values at least as great are by chance alone.</summary>
public static class Tails
{
    private const double Precision = 1e-16;

    /// <summary>
    /// The upper tail of the chi-square distribution: Q(ν/2, x/2), by the series of P below ν/2 + 1 and by Lentz's continued fraction above it (Press et al.,
    /// Numerical Recipes, 6.2).
    /// </summary>
    /// <param name="value">At least 0.</param>
    /// <param name="degrees">Degrees of freedom, at least 1.</param>
    public static double ChiSquare(double value, int degrees)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(degrees, 1);
        if (!(value > 0))
            return 1;
        if (double.IsPositiveInfinity(value))
            return 0;
        double a = degrees / 2.0, x = value / 2;
        double scale = Elementary.Exp((a * Elementary.Log(x)) - x - LogGammaOfHalves(degrees));
        return x < a + 1 ? Math.Max(0, 1 - (scale * Series(a, x))) : Math.Min(1, scale * Fraction(a, x));
    }

    /// <summary>The upper tail of the normal distribution.</summary>
    public static double Normal(double value)
    {
        double half = ChiSquare(value * value, 1) / 2;
        return value < 0 ? 1 - half : half;
    }

    /// <summary>
    /// The upper tail of what has mean 0, deviation 1 and a skewness, as of a mean of skewed values: a gamma distribution's (Pearson's type III) after
    /// Wilson and Hilferty (1931), or the normal one where that is greater.
    /// </summary>
    public static double Skewed(double value, double skew)
    {
        double normal = Normal(value);
        double root = 1 + (skew * value / 2);
        if (!(Math.Abs(skew) > 1e-6) || !(root > 0))
            return normal;
        double cube = Elementary.Exp(Elementary.Log(root) / 3);
        return Math.Max(normal, Normal((6 / skew * (cube - 1)) + (skew / 6)));
    }

    /// <summary>The upper tail of Kolmogorov's distribution: 2 Σ (−1)^(i−1) exp(−2 i² t²), or, for small t, 1 − √(2π)/t Σ exp(−(2i−1)² π² / (8t²)).</summary>
    /// <param name="value">√(n·m / (n + m)) · D for the greatest difference D of two empirical distribution functions.</param>
    public static double Kolmogorov(double value)
    {
        if (!(value > 0.04))
            return 1;
        double sum = 0;
        if (value < 1)
        {
            for (int i = 1; i <= 20; i++)
                sum += Elementary.Exp(-((2 * i) - 1) * ((2 * i) - 1) * Math.PI * Math.PI / (8 * value * value));
            return Math.Max(0, 1 - (Math.Sqrt(2 * Math.PI) / value * sum));
        }

        for (int i = 1; i <= 20; i++)
            sum += (i % 2 == 1 ? 2 : -2) * Elementary.Exp(-2.0 * i * i * value * value);
        return sum;
    }

    /// <summary>ln Γ(n/2), by recurrence from Γ(1) = 1 and Γ(½) = √π.</summary>
    private static double LogGammaOfHalves(int halves)
    {
        double sum = halves % 2 == 0 ? 0 : 0.5 * Elementary.Log(Math.PI);
        for (int half = halves - 2; half > 0; half -= 2)
            sum += Elementary.Log(half / 2.0);
        return sum;
    }

    private static double Series(double a, double x)
    {
        double term = 1 / a, sum = term;
        for (double n = a + 1; term > sum * Precision; n++)
            sum += term *= x / n;
        return sum;
    }

    private static double Fraction(double a, double x)
    {
        double b = x + 1 - a, c = 1e300, d = 1 / b, h = d;
        for (int i = 1; i < 10_000; i++)
        {
            double an = -i * (i - a);
            b += 2;
            d = 1 / ((an * d) + b);
            c = b + (an / c);
            double step = d * c;
            h *= step;
            if (Math.Abs(step - 1) < Precision * 4)
                break;
        }

        return h;
    }
}
