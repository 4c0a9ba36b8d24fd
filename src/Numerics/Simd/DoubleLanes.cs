using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace OrleansCluster.Numerics.Simd;

/// <summary>The float64 operations of canonical distances and exact sums, for one vector width. Each lane does exactly what scalar code does.</summary>
internal unsafe interface IDoubleLanes<TVector>
    where TVector : struct
{
    /// <summary>Lanes of a vector.</summary>
    static abstract int Width { get; }

    static abstract TVector Load(double* source);

    /// <summary>Loads as many float32 values and widens them exactly.</summary>
    static abstract TVector Load(float* source);

    static abstract TVector Broadcast(double value);

    static abstract TVector Subtract(TVector a, TVector b);

    static abstract TVector Multiply(TVector a, TVector b);

    static abstract TVector FusedMultiplyAdd(TVector a, TVector b, TVector addend);

    /// <summary>a &lt; b ? whenLess : otherwise, lane by lane.</summary>
    static abstract TVector SelectLess(TVector a, TVector b, TVector whenLess, TVector otherwise);

    static abstract void Store(TVector value, double* target);

    /// <summary>Rounds to float32, to nearest even.</summary>
    static abstract void Store(TVector value, float* target);

    /// <summary>
    /// As many rows of as many differences as there are lanes, a row after the other: adds the squares column after column,
    /// rows in lanes, each with one fused multiply-add: sum = fma(difference, difference, sum).
    /// </summary>
    static abstract TVector AddSquares(TVector sum, double* differences);

    /// <summary>bits(sum) + bits(value), as 64-bit integers, wrapping around.</summary>
    static abstract TVector AddBits(TVector sum, TVector value);

    /// <summary>target += bits(value) − bits(bias), as 64-bit integers.</summary>
    static abstract void AddBits(TVector value, TVector bias, long* target);

    /// <summary>target −= bits(value) − bits(bias), as 64-bit integers.</summary>
    static abstract void SubtractBits(TVector value, TVector bias, long* target);
}

internal readonly unsafe partial struct DoubleLanes512 : IDoubleLanes<Vector512<double>>
{
    public static int Width => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Load(double* source) => Vector512.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Load(float* source)
    {
        if (Avx512F.IsSupported)
            return Avx512F.ConvertToVector512Double(Vector256.Load(source));
        (Vector256<double> lower, Vector256<double> upper) = Vector256.Widen(Vector256.Load(source));
        return Vector512.Create(lower, upper);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Broadcast(double value) => Vector512.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Subtract(Vector512<double> a, Vector512<double> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Multiply(Vector512<double> a, Vector512<double> b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> FusedMultiplyAdd(Vector512<double> a, Vector512<double> b, Vector512<double> addend)
        => Vector512.FusedMultiplyAdd(a, b, addend);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> SelectLess(Vector512<double> a, Vector512<double> b, Vector512<double> whenLess, Vector512<double> otherwise)
        => Vector512.ConditionalSelect(Vector512.LessThan(a, b), whenLess, otherwise);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<double> value, double* target) => value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<double> value, float* target)
    {
        if (Avx512F.IsSupported)
            Avx512F.ConvertToVector256Single(value).Store(target);
        else
            Vector256.Narrow(value.GetLower(), value.GetUpper()).Store(target);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> AddBits(Vector512<double> sum, Vector512<double> value) => (sum.AsInt64() + value.AsInt64()).AsDouble();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddBits(Vector512<double> value, Vector512<double> bias, long* target)
        => (Vector512.Load(target) + (value.AsInt64() - bias.AsInt64())).Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SubtractBits(Vector512<double> value, Vector512<double> bias, long* target)
        => (Vector512.Load(target) - (value.AsInt64() - bias.AsInt64())).Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> AddSquares(Vector512<double> sum, double* differences)
    {
        if (!Avx512F.IsSupported)
        {
            for (int j = 0; j < 8; j++)
            {
                Vector512<double> column = Vector512.Create(
                    differences[j], differences[8 + j], differences[16 + j], differences[24 + j], differences[32 + j], differences[40 + j],
                        differences[48 + j], differences[56 + j]);
                sum = Vector512.FusedMultiplyAdd(column, column, sum);
            }

            return sum;
        }

        Vector512<double> r0 = Vector512.Load(differences), r1 = Vector512.Load(differences + 8), r2 = Vector512.Load(differences + 16),
            r3 = Vector512.Load(differences + 24);
        Vector512<double> r4 = Vector512.Load(differences + 32), r5 = Vector512.Load(differences + 40), r6 = Vector512.Load(differences + 48),
            r7 = Vector512.Load(differences + 56);
        Vector512<double> low01 = Avx512F.UnpackLow(r0, r1), low23 = Avx512F.UnpackLow(r2, r3), low45 = Avx512F.UnpackLow(r4, r5),
            low67 = Avx512F.UnpackLow(r6, r7);
        Vector512<double> high01 = Avx512F.UnpackHigh(r0, r1), high23 = Avx512F.UnpackHigh(r2, r3), high45 = Avx512F.UnpackHigh(r4, r5),
            high67 = Avx512F.UnpackHigh(r6, r7);
        Vector512<double> a = Avx512F.Shuffle4x128(low01, low23, 0x88), b = Avx512F.Shuffle4x128(low45, low67, 0x88);
        Vector512<double> c = Avx512F.Shuffle4x128(high01, high23, 0x88), d = Avx512F.Shuffle4x128(high45, high67, 0x88);
        Vector512<double> e = Avx512F.Shuffle4x128(low01, low23, 0xDD), f = Avx512F.Shuffle4x128(low45, low67, 0xDD);
        Vector512<double> g = Avx512F.Shuffle4x128(high01, high23, 0xDD), h = Avx512F.Shuffle4x128(high45, high67, 0xDD);
        sum = Square(Avx512F.Shuffle4x128(a, b, 0x88), sum);
        sum = Square(Avx512F.Shuffle4x128(c, d, 0x88), sum);
        sum = Square(Avx512F.Shuffle4x128(e, f, 0x88), sum);
        sum = Square(Avx512F.Shuffle4x128(g, h, 0x88), sum);
        sum = Square(Avx512F.Shuffle4x128(a, b, 0xDD), sum);
        sum = Square(Avx512F.Shuffle4x128(c, d, 0xDD), sum);
        sum = Square(Avx512F.Shuffle4x128(e, f, 0xDD), sum);
        return Square(Avx512F.Shuffle4x128(g, h, 0xDD), sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Square(Vector512<double> value, Vector512<double> sum) => Vector512.FusedMultiplyAdd(value, value, sum);
}

internal readonly unsafe partial struct DoubleLanes256 : IDoubleLanes<Vector256<double>>
{
    public static int Width => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Load(double* source) => Vector256.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Load(float* source)
    {
        if (Avx.IsSupported)
            return Avx.ConvertToVector256Double(Vector128.Load(source));
        (Vector128<double> lower, Vector128<double> upper) = Vector128.Widen(Vector128.Load(source));
        return Vector256.Create(lower, upper);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Broadcast(double value) => Vector256.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Subtract(Vector256<double> a, Vector256<double> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Multiply(Vector256<double> a, Vector256<double> b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> FusedMultiplyAdd(Vector256<double> a, Vector256<double> b, Vector256<double> addend)
        => Vector256.FusedMultiplyAdd(a, b, addend);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> SelectLess(Vector256<double> a, Vector256<double> b, Vector256<double> whenLess, Vector256<double> otherwise)
        => Vector256.ConditionalSelect(Vector256.LessThan(a, b), whenLess, otherwise);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<double> value, double* target) => value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<double> value, float* target)
    {
        if (Avx.IsSupported)
            Avx.ConvertToVector128Single(value).Store(target);
        else
            Vector128.Narrow(value.GetLower(), value.GetUpper()).Store(target);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> AddBits(Vector256<double> sum, Vector256<double> value) => (sum.AsInt64() + value.AsInt64()).AsDouble();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddBits(Vector256<double> value, Vector256<double> bias, long* target)
        => (Vector256.Load(target) + (value.AsInt64() - bias.AsInt64())).Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SubtractBits(Vector256<double> value, Vector256<double> bias, long* target)
        => (Vector256.Load(target) - (value.AsInt64() - bias.AsInt64())).Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> AddSquares(Vector256<double> sum, double* differences)
    {
        if (!Avx.IsSupported)
        {
            for (int j = 0; j < 4; j++)
                sum = Square(Vector256.Create(differences[j], differences[4 + j], differences[8 + j], differences[12 + j]), sum);
            return sum;
        }

        Vector256<double> r0 = Vector256.Load(differences), r1 = Vector256.Load(differences + 4), r2 = Vector256.Load(differences + 8),
            r3 = Vector256.Load(differences + 12);
        Vector256<double> low01 = Avx.UnpackLow(r0, r1), low23 = Avx.UnpackLow(r2, r3), high01 = Avx.UnpackHigh(r0, r1), high23 = Avx.UnpackHigh(r2, r3);
        sum = Square(Avx.Permute2x128(low01, low23, 0x20), sum);
        sum = Square(Avx.Permute2x128(high01, high23, 0x20), sum);
        sum = Square(Avx.Permute2x128(low01, low23, 0x31), sum);
        return Square(Avx.Permute2x128(high01, high23, 0x31), sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Square(Vector256<double> value, Vector256<double> sum) => Vector256.FusedMultiplyAdd(value, value, sum);
}

internal readonly unsafe partial struct DoubleLanes128 : IDoubleLanes<Vector128<double>>
{
    public static int Width => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Load(double* source) => Vector128.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Load(float* source) => Vector128.Create(source[0], (double)source[1]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Broadcast(double value) => Vector128.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Subtract(Vector128<double> a, Vector128<double> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Multiply(Vector128<double> a, Vector128<double> b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> FusedMultiplyAdd(Vector128<double> a, Vector128<double> b, Vector128<double> addend)
        => Vector128.FusedMultiplyAdd(a, b, addend);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> SelectLess(Vector128<double> a, Vector128<double> b, Vector128<double> whenLess, Vector128<double> otherwise)
        => Vector128.ConditionalSelect(Vector128.LessThan(a, b), whenLess, otherwise);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<double> value, double* target) => value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<double> value, float* target)
    {
        target[0] = (float)value.GetElement(0);
        target[1] = (float)value.GetElement(1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> AddBits(Vector128<double> sum, Vector128<double> value) => (sum.AsInt64() + value.AsInt64()).AsDouble();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddBits(Vector128<double> value, Vector128<double> bias, long* target)
        => (Vector128.Load(target) + (value.AsInt64() - bias.AsInt64())).Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SubtractBits(Vector128<double> value, Vector128<double> bias, long* target)
        => (Vector128.Load(target) - (value.AsInt64() - bias.AsInt64())).Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> AddSquares(Vector128<double> sum, double* differences)
    {
        Vector128<double> first = Vector128.Create(differences[0], differences[2]), second = Vector128.Create(differences[1], differences[3]);
        return Vector128.FusedMultiplyAdd(second, second, Vector128.FusedMultiplyAdd(first, first, sum));
    }
}

internal readonly unsafe partial struct DoubleLanesScalar : IDoubleLanes<double>
{
    public static int Width => 1;

    public static double Load(double* source) => *source;

    public static double Load(float* source) => *source;

    public static double Broadcast(double value) => value;

    public static double Subtract(double a, double b) => a - b;

    public static double Multiply(double a, double b) => a * b;

    public static double FusedMultiplyAdd(double a, double b, double addend) => Math.FusedMultiplyAdd(a, b, addend);

    public static double SelectLess(double a, double b, double whenLess, double otherwise) => a < b ? whenLess : otherwise;

    public static void Store(double value, double* target) => *target = value;

    public static void Store(double value, float* target) => *target = (float)value;

    public static double AddBits(double sum, double value)
        => BitConverter.Int64BitsToDouble(unchecked(BitConverter.DoubleToInt64Bits(sum) + BitConverter.DoubleToInt64Bits(value)));

    public static void AddBits(double value, double bias, long* target)
        => *target += BitConverter.DoubleToInt64Bits(value) - BitConverter.DoubleToInt64Bits(bias);

    public static void SubtractBits(double value, double bias, long* target)
        => *target -= BitConverter.DoubleToInt64Bits(value) - BitConverter.DoubleToInt64Bits(bias);

    public static double AddSquares(double sum, double* differences) => Math.FusedMultiplyAdd(*differences, *differences, sum);
}
