namespace OrleansCluster.Numerics.Exact;

/// <summary>
/// An unevaluated sum of two doubles, about 106 bits: for the few places where a small difference of large sums is wanted.
/// Error-free transformations after Knuth (two-sum) and the fused multiply-add product; relative error below 2^−100 an operation.
/// </summary>
/// <param name="High">The nearest double.</param>
/// <param name="Low">The rest.</param>
internal readonly record struct DoubleDouble(double High, double Low)
{
    /// <summary>What integers seldom exceed, and 64 bits hold with room to spare.</summary>
    private const long Common = 1L << 61;

    public static DoubleDouble From(Int128 value)
    {
        if (value > -Common && value < Common)
        {
            long small = (long)value;
            double nearest = small;
            return new DoubleDouble(nearest, small - (long)nearest);
        }

        double high = Binary.ToDouble(value);
        // A magnitude that rounds up to 2^127 does not convert back; no sum comes near it.
        return new DoubleDouble(high, Binary.ToDouble(value - (Int128)high));
    }

    /// <summary>a − b, exactly.</summary>
    public static DoubleDouble Difference(double a, double b) => TwoSum(a, -b);

    public static DoubleDouble operator +(DoubleDouble a, DoubleDouble b)
    {
        DoubleDouble high = TwoSum(a.High, b.High);
        DoubleDouble low = TwoSum(a.Low, b.Low);
        DoubleDouble first = QuickTwoSum(high.High, high.Low + low.High);
        return QuickTwoSum(first.High, first.Low + low.Low);
    }

    public static DoubleDouble operator -(DoubleDouble a) => new(-a.High, -a.Low);

    public static DoubleDouble operator -(DoubleDouble a, DoubleDouble b) => a + -b;

    public static DoubleDouble operator *(DoubleDouble a, DoubleDouble b)
    {
        double product = a.High * b.High;
        double error = Math.FusedMultiplyAdd(a.High, b.High, -product);
        error = Math.FusedMultiplyAdd(a.High, b.Low, error);
        error = Math.FusedMultiplyAdd(a.Low, b.High, error);
        return QuickTwoSum(product, error);
    }

    /// <summary>Times 2^<paramref name="exponent"/>, exactly unless a part becomes denormal.</summary>
    public DoubleDouble Scale(int exponent) => new(Binary.Scale(High, exponent), Binary.Scale(Low, exponent));

    private static DoubleDouble TwoSum(double a, double b)
    {
        double sum = a + b;
        double bRounded = sum - a;
        return new DoubleDouble(sum, (a - (sum - bRounded)) + (b - bRounded));
    }

    private static DoubleDouble QuickTwoSum(double a, double b)
    {
        double sum = a + b;
        return new DoubleDouble(sum, b - (sum - a));
    }
}
