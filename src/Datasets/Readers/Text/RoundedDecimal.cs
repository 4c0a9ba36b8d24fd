using System.Numerics;

namespace OrleansCluster.Datasets;

/// <summary>
/// The float64 nearest to a decimal number of up to 19 digits, ties to even, by one or two 64 × 64-bit products with a power of ten of 128 bits (D. Lemire,
/// "Number parsing at a gigabyte per second", 2021). What these bits leave open is said to be open.
/// </summary>
internal static class RoundedDecimal
{
    private const int Greatest = 65;

    // 5^q as 128 bits, the highest of them 1: from q = −Greatest on, by its high and low half.
    private static readonly ulong[] Powers = MakePowers();

    /// <summary>The float64 nearest to <c>digits × 10^exponent</c>.</summary>
    /// <returns>False when it is undecided, not finite or not normal, or the exponent is beyond the table.</returns>
    public static bool TryRound(ulong digits, int exponent, out double value)
    {
        const int Mantissa = 52, Bias = 1023;
        value = 0;
        if (digits == 0)
            return true;
        if (exponent is < -Greatest or > Greatest)
            return false;
        int zeros = BitOperations.LeadingZeroCount(digits);
        digits <<= zeros;
        int at = 2 * (exponent + Greatest);
        ulong high = Math.BigMul(digits, Powers[at], out ulong low);
        // The lower half of the power can change the result only where the bits that are rounded off are all ones.
        if ((high & 0x1FF) == 0x1FF)
        {
            ulong more = Math.BigMul(digits, Powers[at + 1], out _);
            low += more;
            if (low < more)
                high++;
            if (low == ulong.MaxValue)
                return false;
        }

        int top = (int)(high >> 63), dropped = top + 64 - Mantissa - 3;
        ulong mantissa = high >> dropped;
        // ⌊log2 10^q⌋ = ⌊217706 q / 2^16⌋ for all q of the table.
        int power = ((217_706 * exponent) >> 16) + 63 + top - zeros + Bias;
        if (power is <= 0 or >= 2046)
            return false;
        // A number half way between two float64 goes to the even one; it can be met exactly where 5^q, or what it divides, fits 64 bits.
        if (low <= 1 && exponent is >= -4 and <= 23 && (mantissa & 3) == 1 && mantissa << dropped == high)
            mantissa &= ~1UL;
        mantissa = (mantissa + (mantissa & 1)) >> 1;
        if (mantissa == 2UL << Mantissa)
        {
            mantissa >>= 1;
            power++;
        }

        value = BitConverter.UInt64BitsToDouble((mantissa & ~(1UL << Mantissa)) | ((ulong)power << Mantissa));
        return true;
    }

    /// <summary>
    /// Powers are cut off after 128 bits. Of those below 1 the last bit is raised where 64 bits hold the divisor: there a product that should be exact must not
    /// fall short of it.
    /// </summary>
    private static ulong[] MakePowers()
    {
        const int LeastDivisor = -27;
        var powers = new ulong[2 * ((2 * Greatest) + 1)];
        for (int q = -Greatest; q <= Greatest; q++)
        {
            var five = BigInteger.Pow(5, Math.Abs(q));
            int bits = (int)five.GetBitLength();
            BigInteger power = q >= 0 ? five << 128
                : ((BigInteger.One << (q >= LeastDivisor ? bits + 127 : (2 * bits) + 128)) / five) + 1;
            power >>= (int)power.GetBitLength() - 128;
            int at = 2 * (q + Greatest);
            (powers[at], powers[at + 1]) = ((ulong)(power >> 64), (ulong)(power & ulong.MaxValue));
        }

        return powers;
    }
}
