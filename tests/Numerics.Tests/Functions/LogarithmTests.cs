using System.Numerics;
using OrleansCluster.Numerics.Functions;

namespace OrleansCluster.Numerics.Tests.Functions;

public sealed class LogarithmTests
{
    private const int Bits = 200;

    private static readonly BigInteger One = BigInteger.One << Bits;

    // ln 2 = 2 atanh(1/3)
    private static readonly BigInteger Ln2 = 2 * Atanh(One / 3);

    [Fact]
    public void Errors_stay_below_one_unit_in_the_last_place()
    {
        var random = new Random(11);
        double worst = 0;
        foreach (double x in Cases(random))
        {
            double error = ErrorInUlps(x);
            worst = Math.Max(worst, error);
            error.ShouldBeLessThan(1.0, $"ln {x:R}");
        }

        worst.ShouldBeGreaterThan(0.4);
    }

    [Fact]
    public void Agrees_with_the_platform_within_its_own_error()
    {
        var random = new Random(12);
        for (int i = 0; i < 200_000; i++)
        {
            double x = random.NextDouble() + 1e-17;
            double own = Elementary.Log(x);
            Math.Abs(own - Math.Log(x)).ShouldBeLessThanOrEqualTo(2 * (Math.BitIncrement(Math.Abs(own)) - Math.Abs(own)), $"ln {x:R}");
        }
    }

    [Fact]
    public void One_has_the_logarithm_zero() => Elementary.Log(1).ShouldBe(0);

    [Fact]
    public void Has_the_usual_limits()
    {
        Elementary.Log(0).ShouldBe(double.NegativeInfinity);
        Elementary.Log(-0.0).ShouldBe(double.NegativeInfinity);
        Elementary.Log(-1).ShouldBe(double.NaN);
        Elementary.Log(double.NegativeInfinity).ShouldBe(double.NaN);
        Elementary.Log(double.NaN).ShouldBe(double.NaN);
        Elementary.Log(double.PositiveInfinity).ShouldBe(double.PositiveInfinity);
        // ln 2^−1074
        Elementary.Log(double.Epsilon).ShouldBe(-744.4400719213812);
    }

    [Fact]
    public void Every_width_gives_the_bits_of_scalar_code()
    {
        double[] cases = [.. Cases(new Random(13)), 0, -0.0, -1, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, 1e-310,
            -double.Epsilon];
        Lanes.Check(cases, Elementary.Log, LaneFunction.Log);
    }

    private static IEnumerable<double> Cases(Random random)
    {
        for (int i = 0; i < 4000; i++)
        {
            yield return random.NextDouble() + Math.ScaleB(1, -53);
            yield return Math.ScaleB(1 + random.NextDouble(), random.Next(-1022, 1023));
            // Where the logarithm vanishes and where the reduction changes.
            yield return 1 + ((random.NextDouble() - 0.5) * Math.ScaleB(1, -random.Next(0, 50)));
            yield return Math.Sqrt(2) * (1 + ((random.NextDouble() - 0.5) * Math.ScaleB(1, -random.Next(0, 50))));
        }

        for (int i = 0; i < 1000; i++)
            yield return random.NextInt64(1, 1L << 52) * double.Epsilon;
        yield return Math.ScaleB(1, -53);
        yield return 1 - Math.ScaleB(1, -53);
        yield return double.MaxValue;
    }

    private static double ErrorInUlps(double x)
    {
        double own = Elementary.Log(x);
        if (x == 1)
            return own == 0 ? 0 : double.PositiveInfinity;
        int denormal = x < 2.2250738585072014e-308 ? 54 : 0;
        (BigInteger mantissa, int exponent) = Split(Math.ScaleB(x, denormal));
        exponent -= denormal;
        // x = m · 2^e with m in [1, 2): ln x = e ln 2 + 2 atanh((m − 1) / (m + 1))
        BigInteger m = mantissa << (Bits - 52);
        BigInteger exact = ((exponent + 52) * Ln2) + (2 * Atanh(((m - One) << Bits) / (m + One)));
        (BigInteger ownMantissa, int ownExponent) = Split(Math.Abs(own));
        int shift = Bits + ownExponent;
        BigInteger ownFixed = shift >= 0 ? ownMantissa << shift : ownMantissa >> -shift;
        BigInteger difference = BigInteger.Abs(exact - (own < 0 ? -ownFixed : ownFixed));
        return (double)difference / Math.Pow(2, shift);
    }

    private static (BigInteger Mantissa, int Exponent) Split(double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        return ((bits & 0xFFFFFFFFFFFFF) | (1L << 52), (int)((bits >> 52) & 0x7FF) - 1075);
    }

    private static BigInteger Atanh(BigInteger s)
    {
        BigInteger square = (s * s) >> Bits;
        BigInteger sum = 0;
        BigInteger power = s;
        for (int n = 1; power != 0; n += 2)
        {
            sum += power / n;
            power = (power * square) >> Bits;
        }

        return sum;
    }
}
