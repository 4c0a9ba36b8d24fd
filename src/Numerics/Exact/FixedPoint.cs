namespace OrleansCluster.Numerics.Exact;

/// <summary>Non-negative numbers as integers on a grid of 2^unit: how potentials and objectives are summed exactly.</summary>
internal static class FixedPoint
{
    /// <summary>Bits below an upper bound of a whole sum at which its grid lies.</summary>
    public const int Bits = 126;

    /// <summary><paramref name="value"/> / 2^<paramref name="unit"/>, rounded to nearest, ties to even.</summary>
    /// <param name="value">Finite, at least 0, below 2^(unit + 127).</param>
    /// <param name="unit">Exponent of the grid.</param>
    public static Int128 FromDouble(double value, int unit)
    {
        ulong bits = BitConverter.DoubleToUInt64Bits(value);
        int exponent = (int)(bits >> 52);
        ulong mantissa = bits & 0xF_FFFF_FFFF_FFFF;
        if (exponent == 0)
            exponent = 1;
        else
            mantissa |= 1UL << 52;
        int shift = exponent - 1075 - unit;
        if (shift >= 0)
            return (Int128)mantissa << shift;
        if (shift < -54)
            return 0;
        ulong kept = mantissa >> -shift;
        ulong rest = mantissa & ((1UL << -shift) - 1);
        ulong half = 1UL << (-shift - 1);
        return rest > half || (rest == half && (kept & 1) == 1) ? kept + 1 : kept;
    }

    /// <summary>
    /// Bits of a part when a value is taken apart by rounding it to multiples of 2^(unit + 80), what is left to those of 2^(unit + 40), and what is left to
    /// those of 2^unit: the only rounding of the three that is not exact is that of <see cref="FromDouble"/>, as the greater parts are even.
    /// </summary>
    public const int PartBits = 40;

    /// <summary>Whether float64 reaches from the grid to 1.5 · 2^52 multiples of the greatest part, so that adding that rounds to multiples of it.</summary>
    /// <param name="unit">Exponent of the grid.</param>
    public static bool HasParts(int unit) => unit is >= -1000 and <= 800;

    /// <summary>The nearest double to <paramref name="value"/> · 2^<paramref name="unit"/>.</summary>
    public static double ToDouble(Int128 value, int unit) => Math.ScaleB(Binary.ToDouble(value), unit);

    /// <summary>The grid for Σ w·D when rows weigh <paramref name="totalWeight"/> together and no D exceeds <paramref name="greatestSquared"/>.</summary>
    /// <remarks>The sum is at most 2^126, or less than twice that when tiny weights were rounded down to units: it fits in 127 bits.</remarks>
    public static int UnitFor(double totalWeight, double greatestSquared)
        => Binary.CeilingExponent(totalWeight) + Binary.CeilingExponent(greatestSquared) - Bits;
}
