namespace OrleansCluster.Numerics.Functions;

/// <summary>
/// Logarithm near 1, exponential near 0, and sines of parts of a circle, the same bits on every processor; each within a few units in the last place.
/// </summary>
public static class Near
{
    private const double HalfPi = 1.5707963267948966;

    /// <summary>ln(1 + <paramref name="x"/>). The rounding of 1 + x is made good by the factor x / ((1 + x) − 1) (Goldberg 1991, theorem 4).</summary>
    public static double LogOnePlus(double x)
    {
        double sum = 1 + x;
        return sum == 1 || !double.IsFinite(sum) ? x : Elementary.Log(sum) * (x / (sum - 1));
    }

    /// <summary>e^<paramref name="x"/> − 1, in the same way (Kahan).</summary>
    public static double ExpMinusOne(double x)
    {
        double power = Elementary.Exp(x);
        if (power == 1)
            return x;
        double minusOne = power - 1;
        return minusOne == -1 || double.IsInfinity(power) ? minusOne : minusOne * (x / Elementary.Log(power));
    }

    /// <summary>sin and cos of 2π · <paramref name="part"/> / <paramref name="parts"/>.</summary>
    /// <param name="part">0 … parts − 1.</param>
    /// <param name="parts">At least 1.</param>
    public static (double Sine, double Cosine) OfCircle(int part, int parts)
    {
        // In eighths of the circle the angle is at most π/4 from an axis: 8 · part = 2 · parts · quarter + rest.
        int quarter = (int)Math.Round(4.0 * part / parts, MidpointRounding.AwayFromZero);
        double angle = HalfPi * (((4.0 * part) - ((double)quarter * parts)) / parts);
        (double sine, double cosine) = (Sine(angle), Cosine(angle));
        return (quarter % 4) switch
        {
            0 => (sine, cosine),
            1 => (cosine, -sine),
            2 => (-sine, -cosine),
            _ => (-cosine, sine),
        };
    }

    /// <summary>Taylor's series to x^17, whose rest is below 2^−60 within π/4.</summary>
    private static double Sine(double x)
    {
        double square = x * x, sum = 0;
        for (int n = 17; n > 1; n -= 2)
            sum = Math.FusedMultiplyAdd(sum, square, 1) * (-1.0 / (n * (n - 1)));
        return x * Math.FusedMultiplyAdd(sum, square, 1);
    }

    private static double Cosine(double x)
    {
        double square = x * x, sum = 0;
        for (int n = 18; n > 1; n -= 2)
            sum = Math.FusedMultiplyAdd(sum, square, 1) * (-1.0 / (n * (n - 1)));
        return Math.FusedMultiplyAdd(sum, square, 1);
    }
}
