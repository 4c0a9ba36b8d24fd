using System.Numerics;
using OrleansCluster.Numerics.Functions;

namespace OrleansCluster.Numerics.Tests.Functions;

public sealed class ExponentialTests
{
    private const int Bits = 220;

    private static readonly BigInteger One = BigInteger.One << Bits;

    // ln 2 = 2 atanh(1/3)
    private static readonly BigInteger Ln2 = LogOf2();

    [Fact]
    public void Errors_stay_below_one_unit_in_the_last_place_over_the_whole_range()
    {
        double worst = 0;
        foreach (double x in Cases(new Random(21)))
        {
            double error = ErrorInUlps(x);
            worst = Math.Max(worst, error);
            error.ShouldBeLessThan(1.0, $"e^{x:R}");
        }

        worst.ShouldBeGreaterThan(0.4);
    }

    [Fact]
    public void Agrees_with_the_platform_within_its_own_error()
    {
        var random = new Random(22);
        for (int i = 0; i < 200_000; i++)
        {
            double x = (random.NextDouble() - 0.5) * 1400;
            double own = Elementary.Exp(x);
            Math.Abs(own - Math.Exp(x)).ShouldBeLessThanOrEqualTo(2 * (Math.BitIncrement(own) - own), $"e^{x:R}");
        }
    }

    [Fact]
    public void Has_the_usual_limits()
    {
        Elementary.Exp(0).ShouldBe(1);
        Elementary.Exp(-0.0).ShouldBe(1);
        Elementary.Exp(double.NegativeInfinity).ShouldBe(0);
        Elementary.Exp(-746).ShouldBe(0);
        Elementary.Exp(-745.1).ShouldBe(double.Epsilon);
        Elementary.Exp(709.78).ShouldBeLessThan(double.PositiveInfinity);
        Elementary.Exp(709.79).ShouldBe(double.PositiveInfinity);
        Elementary.Exp(double.PositiveInfinity).ShouldBe(double.PositiveInfinity);
        Elementary.Exp(double.NaN).ShouldBe(double.NaN);
    }

    [Fact]
    public void Every_width_gives_the_bits_of_scalar_code()
    {
        double[] cases = [.. Cases(new Random(23)), 0, -0.0, double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1e300, -1e300, 709.79, 710.5,
            -745.2, -746.5];
        Lanes.Check(cases, Elementary.Exp, LaneFunction.Exp);
    }

    private static IEnumerable<double> Cases(Random random)
    {
        for (int i = 0; i < 6000; i++)
        {
            yield return (random.NextDouble() * 1454.9) - 745.13;
            yield return -random.NextDouble() * 41.6;
            // Where the reduction changes, and near 0.
            yield return ((random.Next(-1000, 1000) + 0.5) * Math.Log(2)) + ((random.NextDouble() - 0.5) * Math.ScaleB(1, -random.Next(0, 50)));
            yield return (random.NextDouble() - 0.5) * Math.ScaleB(1, -random.Next(0, 60));
            // Denormal results.
            yield return -708.4 - (random.NextDouble() * 36.7);
        }

        yield return 709.782712893384;
        yield return double.Epsilon;
    }

    /// <summary>In units of the result's last place, or of the least denormal.</summary>
    private static double ErrorInUlps(double x)
    {
        double own = Elementary.Exp(x);
        int n = (int)Math.Round(x / Math.Log(2));
        // e^x = 2^n e^r, both in fixed point of 220 bits.
        BigInteger fixedX = Fixed(x);
        BigInteger r = fixedX - (n * Ln2);
        BigInteger sum = One;
        BigInteger term = One;
        for (int i = 1; !term.IsZero && i < 200; i++)
        {
            term = term * r / i >> Bits;
            sum += term;
        }

        // own = m · 2^e exactly.
        long bits = BitConverter.DoubleToInt64Bits(own);
        int biased = (int)(bits >> 52);
        BigInteger m = (bits & 0xFFFFFFFFFFFFF) | (biased == 0 ? 0 : 1L << 52);
        int e = Math.Max(biased, 1) - 1075;
        // Both in units of 2^e: sum · 2^(n − Bits − e) against m, with 64 more bits.
        int shift = n - Bits - e + 64;
        BigInteger exact = shift >= 0 ? sum << shift : sum >> -shift;
        return (double)BigInteger.Abs(exact - (m << 64)) / Math.Pow(2, 64);
    }

    private static BigInteger Fixed(double x)
    {
        long bits = BitConverter.DoubleToInt64Bits(Math.Abs(x));
        int biased = (int)(bits >> 52);
        BigInteger m = (bits & 0xFFFFFFFFFFFFF) | (biased == 0 ? 0 : 1L << 52);
        int shift = Math.Max(biased, 1) - 1075 + Bits;
        BigInteger magnitude = shift >= 0 ? m << shift : m >> -shift;
        return x < 0 ? -magnitude : magnitude;
    }

    private static BigInteger LogOf2()
    {
        BigInteger s = One / 3;
        BigInteger square = s * s >> Bits;
        BigInteger sum = 0;
        BigInteger power = s;
        for (int n = 1; !power.IsZero; n += 2)
        {
            sum += power / n;
            power = power * square >> Bits;
        }

        return 2 * sum;
    }
}
