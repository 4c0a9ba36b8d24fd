using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using OrleansCluster.Numerics.Exact;

namespace OrleansCluster.Numerics.KMeans.Sphere;

/// <summary>
/// Vectors divided by their length, each value rounded once: computed in twice the digits of float64, so that vectors of one direction have one result,
/// whatever their lengths. docs/numerics.md defines it.
/// </summary>
internal static class Direction
{
    /// <summary>Means shorter than this are what roundings left of rows that cancel: 2^−40.</summary>
    public const double Cancelled = 1.0 / (1L << 40);

    /// <summary>Squared lengths nearer to 1 than this are those of directions as others round them: 2^−48.</summary>
    private const double NearOne = 1.0 / (1L << 48);

    private const int Lanes = 4;

    /// <summary>Divides a vector by its length.</summary>
    /// <param name="vector">d finite values, or those of a sparse row.</param>
    /// <param name="columns">Of a sparse row: the columns of the values; else empty.</param>
    /// <param name="unit">Out: as many values; may be the vector itself.</param>
    /// <returns>False: all values are 0, and stay so.</returns>
    public static bool Find(ReadOnlySpan<double> vector, ReadOnlySpan<uint> columns, Span<double> unit)
    {
        unit = unit[..vector.Length];
        double greatest = 0;
        foreach (double value in vector)
            greatest = Math.Max(greatest, Math.Abs(value));
        if (greatest == 0)
        {
            unit.Clear();
            return false;
        }

        Scale(vector, -Math.ILogB(greatest), unit);
        DoubleDouble squared = columns.IsEmpty ? Squared(unit) : Squared(unit, columns);
        // The root in two parts, by one step of Newton's.
        double root = Math.Sqrt(squared.High);
        double rest = (Math.FusedMultiplyAdd(-root, root, squared.High) + squared.Low) / (2 * root);
        Divide(unit, root, rest);
        return true;
    }

    /// <summary>A mean's direction; false: it is shorter than <see cref="Cancelled"/>, and has none.</summary>
    /// <param name="mean">d finite values; divided by their length, if there is a direction.</param>
    public static bool FindOfMean(Span<double> mean)
    {
        double squared = 0;
        foreach (double value in mean)
            squared = Math.FusedMultiplyAdd(value, value, squared);
        return squared >= Cancelled * Cancelled && Find(mean, [], mean);
    }

    /// <summary>A given centre's direction; one whose squared length is within 2^−48 of 1 stays as it is. False: it is 0.</summary>
    public static bool FindOfCentre(Span<double> centre)
    {
        double squared = 0;
        foreach (double value in centre)
            squared = Math.FusedMultiplyAdd(value, value, squared);
        return Math.Abs(squared - 1) <= NearOne || Find(centre, [], centre);
    }

    /// <summary>Times a power of two, which brings the greatest value between 1 and 2.</summary>
    private static void Scale(ReadOnlySpan<double> vector, int exponent, Span<double> scaled)
    {
        // 2^1074, by which denormal numbers are multiplied, is beyond float64.
        double first = Math.ScaleB(1, exponent / 2), second = Math.ScaleB(1, exponent - (exponent / 2));
        for (int j = 0; j < vector.Length; j++)
            scaled[j] = vector[j] * first * second;
    }

    /// <summary>The sum of squares: that of column j goes to lane j mod 4, in their order; then lane after lane (Ogita, Rump, Oishi, 2005: Dot2).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static DoubleDouble Squared(ReadOnlySpan<double> values)
    {
        Vector256<double> high = default, low = default;
        int j = 0;
        for (; j <= values.Length - Lanes; j += Lanes)
            Add(Vector256.Create(values[j..]), ref high, ref low);
        if (j < values.Length)
        {
            Span<double> last = stackalloc double[Lanes];
            values[j..].CopyTo(last);
            Add(Vector256.Create<double>(last), ref high, ref low);
        }

        return Sum(high, low);
    }

    /// <summary>The same of a sparse row, whose zeros add nothing.</summary>
    private static DoubleDouble Squared(ReadOnlySpan<double> values, ReadOnlySpan<uint> columns)
    {
        Span<double> highs = stackalloc double[Lanes], lows = stackalloc double[Lanes];
        for (int i = 0; i < values.Length; i++)
        {
            int lane = (int)(columns[i] % Lanes);
            double value = values[i], square = value * value, high = highs[lane], sum = high + square, rounded = sum - high;
            lows[lane] += (high - (sum - rounded)) + (square - rounded) + Math.FusedMultiplyAdd(value, value, -square);
            highs[lane] = sum;
        }

        return Sum(Vector256.Create<double>(highs), Vector256.Create<double>(lows));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(Vector256<double> value, ref Vector256<double> high, ref Vector256<double> low)
    {
        Vector256<double> square = value * value, sum = high + square, rounded = sum - high;
        low += (high - (sum - rounded)) + (square - rounded) + Vector256.FusedMultiplyAdd(value, value, -square);
        high = sum;
    }

    private static DoubleDouble Sum(Vector256<double> high, Vector256<double> low)
    {
        DoubleDouble total = default;
        for (int lane = 0; lane < Lanes; lane++)
            total += new DoubleDouble(high[lane], 0) + new DoubleDouble(low[lane], 0);
        return total;
    }

    /// <summary>Quotients, corrected once by what they leave.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Divide(Span<double> values, double root, double rest)
    {
        Vector256<double> roots = Vector256.Create(root), rests = Vector256.Create(rest);
        int j = 0;
        for (; j <= values.Length - Lanes; j += Lanes)
        {
            Vector256<double> value = Vector256.Create<double>(values[j..]), quotient = value / roots;
            Vector256<double> left = Vector256.FusedMultiplyAdd(-quotient, rests, Vector256.FusedMultiplyAdd(-quotient, roots, value));
            (quotient + (left / roots)).CopyTo(values[j..]);
        }

        for (; j < values.Length; j++)
        {
            double quotient = values[j] / root;
            double left = Math.FusedMultiplyAdd(-quotient, rest, Math.FusedMultiplyAdd(-quotient, root, values[j]));
            values[j] = quotient + (left / root);
        }
    }
}
