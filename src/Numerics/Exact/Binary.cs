using System.Diagnostics;

namespace OrleansCluster.Numerics.Exact;

/// <summary>Exponents and correctly rounded quotients: the few operations on binary numbers that exact sums need.</summary>
public static class Binary
{
    /// <summary>E(v): the least integer with 2^E ≥ <paramref name="value"/>; 0 for the value 0.</summary>
    /// <param name="value">Finite, at least 0; denormal numbers too.</param>
    public static int CeilingExponent(double value)
    {
        Debug.Assert(value >= 0 && double.IsFinite(value));
        if (value == 0)
            return 0;
        int floor = Math.ILogB(value);
        return Math.ScaleB(1, floor) == value ? floor : floor + 1;
    }

    /// <summary>
    /// <paramref name="value"/> · 2^<paramref name="exponent"/>, rounded once: <see cref="Math.ScaleB(double, int)"/>, as one product where that is exact.
    /// </summary>
    public static double Scale(double value, int exponent)
    {
        if (exponent is > -1000 and < 1000)
        {
            double product = value * BitConverter.Int64BitsToDouble((long)(exponent + 1023) << 52);
            if (Math.Abs(product) >= 2.2250738585072014e-308 || value == 0)
                return product;
        }

        return Math.ScaleB(value, exponent);
    }

    /// <summary><paramref name="a"/> + <paramref name="b"/> for values ≥ 0, rounded up when inexact.</summary>
    public static double AddUp(double a, double b)
    {
        double sum = a + b;
        double bRounded = sum - a;
        double error = (a - (sum - bRounded)) + (b - bRounded);
        return error > 0 ? Math.BitIncrement(sum) : sum;
    }

    /// <summary><paramref name="numerator"/> / <paramref name="denominator"/>, correctly rounded (to nearest, ties to even).</summary>
    /// <param name="numerator">Any value of at most 96 bits beyond its sign.</param>
    /// <param name="denominator">Greater than 0, less than 2^96.</param>
    public static double Divide(Int128 numerator, Int128 denominator)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(denominator, Int128.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(denominator, Int128.One << 96);
        bool negative = numerator < 0;
        UInt128 rest = negative ? (UInt128)(-numerator) : (UInt128)numerator;
        UInt128 divisor = (UInt128)denominator;
        // Rows of one weight weigh a small number times a power of two, which moves the point only.
        int zeros = (int)UInt128.TrailingZeroCount(divisor);
        if (divisor >> zeros <= uint.MaxValue)
        {
            double magnitude = Scale(Divide(rest, (uint)(divisor >> zeros)), -zeros);
            return negative ? -magnitude : magnitude;
        }

        UInt128 quotient = rest / divisor;
        rest -= quotient * divisor;
        int fraction = 0;
        // 32 bits a turn: the rest is below 2^96, so that the shift cannot overflow. 55 significant bits and a sticky one round correctly.
        while (rest != 0 && quotient < (UInt128.One << 55))
        {
            rest <<= 32;
            UInt128 digit = rest / divisor;
            rest -= digit * divisor;
            quotient = (quotient << 32) | digit;
            fraction += 32;
        }

        double result = Math.ScaleB(ToDouble(quotient, rest != 0), -fraction);
        return negative ? -result : result;
    }

    /// <summary>The same by digits of 32 bits, of which a machine word holds two.</summary>
    private static double Divide(UInt128 numerator, uint divisor)
    {
        UInt128 quotient = 0;
        ulong rest = 0;
        for (int shift = 96; shift >= 0; shift -= 32)
            quotient = (quotient << 32) | Digit((uint)(numerator >> shift));
        int fraction = 0;
        for (; rest != 0 && quotient < (UInt128.One << 55); fraction += 32)
            quotient = (quotient << 32) | Digit(0);
        return Scale(ToDouble(quotient, rest != 0), -fraction);

        ulong Digit(uint next)
        {
            (ulong digit, rest) = Math.DivRem((rest << 32) | next, divisor);
            return digit;
        }
    }

    /// <summary>The nearest double, ties to even.</summary>
    public static double ToDouble(Int128 value)
        => value < 0 ? -ToDouble((UInt128)(-value), sticky: false) : ToDouble((UInt128)value, sticky: false);

    /// <summary>The nearest double of a magnitude of which bits below the last may have been cut off.</summary>
    private static double ToDouble(UInt128 magnitude, bool sticky)
    {
        int length = 128 - (int)UInt128.LeadingZeroCount(magnitude);
        int cut = Math.Max(0, length - 62);
        ulong head = (ulong)(magnitude >> cut);
        if (sticky || (magnitude & ((UInt128.One << cut) - 1)) != 0)
            head |= 1;
        return Scale((double)(long)head, cut);
    }
}
