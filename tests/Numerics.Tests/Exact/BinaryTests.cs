using System.Numerics;
using OrleansCluster.Numerics.Exact;

namespace OrleansCluster.Numerics.Tests.Exact;

public sealed class BinaryTests
{
    [Theory]
    [InlineData(1.0, 0)]
    [InlineData(1.0000000000000002, 1)]
    [InlineData(2.0, 1)]
    [InlineData(0.75, 0)]
    [InlineData(0.5, -1)]
    [InlineData(double.Epsilon, -1074)]
    [InlineData(3 * double.Epsilon, -1072)]
    [InlineData(double.MaxValue, 1024)]
    [InlineData(0.0, 0)]
    public void Ceiling_exponent_is_the_least_power_that_reaches(double value, int expected)
        => Binary.CeilingExponent(value).ShouldBe(expected);

    [Fact]
    public void Adding_up_never_falls_short_and_is_exact_when_it_can_be()
    {
        Binary.AddUp(1, 2).ShouldBe(3);
        Binary.AddUp(1, 1e-30).ShouldBe(1.0000000000000002);
        Binary.AddUp(1e-30, 1).ShouldBe(1.0000000000000002);
    }

    [Fact]
    public void Quotients_are_correctly_rounded()
    {
        var random = new Random(7);
        for (int i = 0; i < 20_000; i++)
        {
            Int128 numerator = Draw(random, random.Next(1, 96));
            Int128 denominator = Draw(random, random.Next(1, 96));
            if (random.Next(2) == 0)
                numerator = -numerator;
            double quotient = Binary.Divide(numerator, denominator);
            IsNearest(quotient, (BigInteger)numerator, (BigInteger)denominator).ShouldBeTrue($"{numerator}/{denominator} = {quotient:R}");
        }
    }

    [Fact]
    public void Halfway_quotients_round_to_even()
    {
        Int128 two53 = Int128.One << 53;
        Binary.Divide(two53 + 1, 1).ShouldBe(9007199254740992.0);
        Binary.Divide(two53 + 3, 1).ShouldBe(9007199254740996.0);
        Binary.Divide((two53 << 20) + (1 << 20) + 1, Int128.One << 20).ShouldBe(9007199254740994.0);
        Binary.Divide(0, 5).ShouldBe(0);
    }

    private static Int128 Draw(Random random, int bits)
        => ((((Int128)random.NextInt64() << 62) | random.NextInt64()) & ((Int128.One << bits) - 1)) | (Int128.One << (bits - 1));

    // |q − n/d| must be at most half the distance to either neighbour; doubles are compared as exact fractions.
    private static bool IsNearest(double q, BigInteger n, BigInteger d)
    {
        BigInteger error = Error(q);
        return error <= Error(Math.BitIncrement(q)) && error <= Error(Math.BitDecrement(q));

        BigInteger Error(double v)
        {
            long bits = BitConverter.DoubleToInt64Bits(v);
            int exponent = (int)((bits >> 52) & 0x7FF) - 1075;
            BigInteger mantissa = (bits & 0xFFFFFFFFFFFFF) | (1L << 52);
            if (v < 0)
                mantissa = -mantissa;
            // over the common denominator d · 2^1100
            return BigInteger.Abs((mantissa * d << (1100 + exponent)) - (n << 1100));
        }
    }

    [Fact]
    public void Scaling_rounds_as_the_platform_does()
    {
        double[] values = [0, -0.0, 1, -1, 1.0 / 3, double.Epsilon, -3 * double.Epsilon, 2.2250738585072014e-308, 1e-300 / 3, 1e300 / 3, double.MaxValue,
            double.PositiveInfinity];
        int[] exponents = [-2200, -1100, -1074, -1023, -1000, -999, -60, -3, -1, 0, 1, 5, 52, 999, 1000, 1023, 1100, 2100];
        foreach (double value in values)
        {
            foreach (int exponent in exponents)
                BitConverter.DoubleToInt64Bits(Binary.Scale(value, exponent))
                    .ShouldBe(BitConverter.DoubleToInt64Bits(Math.ScaleB(value, exponent)), $"{value:R} · 2^{exponent}");
        }
    }

    [Fact]
    public void An_integer_is_its_nearest_double_and_the_rest()
    {
        var random = new Random(3);
        for (int i = 0; i < 20_000; i++)
        {
            Int128 value = ((Int128)random.NextInt64(long.MinValue, long.MaxValue) << random.Next(60)) >> random.Next(110);
            var parts = DoubleDouble.From(value);
            parts.High.ShouldBe(Binary.ToDouble(value));
            parts.Low.ShouldBe(Binary.ToDouble(value - (Int128)parts.High));
        }
    }
}
