using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using OrleansCluster.Numerics.Distances;
using OrleansCluster.Numerics.Simd;

namespace OrleansCluster.Numerics.KMeans.Assign;

/// <summary>
/// Lower bounds on scores from rows and centres that were rounded to seven bits: four multiply-adds where float32 does one.
/// Centres that the bounds leave are scored in float32. See docs/numerics-certification.md.
/// </summary>
internal abstract unsafe class CodeKernel
{
    /// <summary>Rows screened together, at most.</summary>
    public const int MostRows = 16;

    /// <summary>Numbers of a row: the unit of its codes, bounds on the norms of what the codes stand for, of the rest, and of the row.</summary>
    public const int RowFacts = 4;

    /// <summary>What the codes of rows are greater by, so that they have no sign.</summary>
    public const int Bias = 64;

    /// <summary>Rounds a row to seven bits: its greatest value is 63 units.</summary>
    /// <param name="row">A centred row, zero up to the stride; cleared when out of range.</param>
    /// <param name="stride">Columns, rounded up to whole blocks.</param>
    /// <param name="bias">Added to each code.</param>
    /// <param name="limit">The greatest norm; beyond it, the row's norm is infinite.</param>
    /// <param name="codes">Out: a byte a column.</param>
    /// <param name="facts">Out: <see cref="RowFacts"/> numbers.</param>
    public abstract void Encode(float* row, int stride, int bias, float limit, byte* codes, float* facts);

    /// <summary>Bounds for some rows and the first panels of centres.</summary>
    /// <param name="table">The centres.</param>
    /// <param name="panels">How many panels.</param>
    /// <param name="codes">Codes of all rows.</param>
    /// <param name="facts">Numbers of all rows.</param>
    /// <param name="rows">Which rows: room for 16, of which those beyond the count are written.</param>
    /// <param name="count">How many, at most 16.</param>
    /// <param name="bounds">Out: rows × panels × 32.</param>
    public abstract void Screen(CodeTable table, int panels, byte* codes, float* facts, int* rows, int count, float* bounds);

    /// <summary>The least of some bounds.</summary>
    /// <param name="bounds">Whole panels.</param>
    /// <param name="count">How many.</param>
    public abstract float Least(float* bounds, int count);

    /// <summary>Lists the places whose bound does not exceed a limit.</summary>
    /// <param name="bounds">Whole panels.</param>
    /// <param name="count">How many.</param>
    /// <param name="limit">The limit.</param>
    /// <param name="found">Out: the places.</param>
    /// <param name="rest">Out: the least of the other bounds.</param>
    public abstract int Candidates(float* bounds, int count, float limit, int* found, out float rest);

    /// <summary>The kernel of one width.</summary>
    public static CodeKernel For(SimdWidth width) => width switch
    {
        SimdWidth.V512 => new CodeKernel<ByteLanes512, Vector512<int>, FloatLanes512, Vector512<float>>(),
        SimdWidth.V256 => new CodeKernel<ByteLanes256, Vector256<int>, FloatLanes256, Vector256<float>>(),
        SimdWidth.V128 => new CodeKernel<ByteLanes128, Vector128<int>, FloatLanes128, Vector128<float>>(),
        _ => new CodeKernel<ByteLanesScalar, int, FloatLanesScalar, float>(),
    };
}

/// <inheritdoc/>
internal sealed unsafe class CodeKernel<TBytes, TInts, TLanes, TVector> : CodeKernel
    where TBytes : struct, IByteLanes<TInts, TVector>
    where TInts : struct
    where TLanes : struct, IFloatLanes<TVector>
    where TVector : struct
{
    private const int Panel = CodeTable.Panel;
    private const int Block = CodeTable.Block;
    private const int Together = 4;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Encode(float* row, int stride, int bias, float limit, byte* codes, float* facts)
    {
        const float Tiny = 1e-30f;
        const float Levels = 63;
        float rounding = 1 + ((stride + 8) * (1f / (1 << 24)));
        TVector zero = TLanes.Broadcast(0);
        TVector least = zero, squares = zero;
        for (int j = 0; j < stride; j += TLanes.Width)
        {
            TVector x = TLanes.Load(row + j);
            squares = TLanes.FusedMultiplyAdd(x, x, squares);
            least = TLanes.Min(least, TLanes.Min(x, TLanes.Subtract(zero, x)));
        }

        float norm = MathF.FusedMultiplyAdd(MathF.Sqrt(TLanes.Sum(squares)), rounding, Certificate.NormFloor);
        float greatest = -TLanes.Least(least);
        if (!(norm <= limit))
        {
            new Span<float>(row, stride).Clear();
            (norm, greatest) = (float.PositiveInfinity, 0);
        }

        float unit = greatest < Tiny ? 0 : greatest / Levels;
        TVector scale = TLanes.Broadcast(greatest < Tiny ? 0 : Levels / greatest);
        TVector shift = TLanes.Broadcast(BitConverter.Int32BitsToSingle(ByteLanes.Rounder));
        TVector minus = TLanes.Broadcast(-unit);
        TVector coded = zero, rest = zero;
        for (int j = 0; j < stride; j += TLanes.Width)
        {
            TVector x = TLanes.Load(row + j);
            TVector shifted = TLanes.FusedMultiplyAdd(x, scale, shift);
            TVector code = TLanes.Subtract(shifted, shift);
            TVector error = TLanes.FusedMultiplyAdd(code, minus, x);
            coded = TLanes.FusedMultiplyAdd(code, code, coded);
            rest = TLanes.FusedMultiplyAdd(error, error, rest);
            TBytes.StoreBytes(shifted, bias, codes + j);
        }

        facts[0] = unit;
        facts[1] = MathF.FusedMultiplyAdd(MathF.Sqrt(TLanes.Sum(coded)) * unit, rounding, Certificate.NormFloor);
        facts[2] = MathF.FusedMultiplyAdd(MathF.Sqrt(TLanes.Sum(rest)), rounding, Certificate.NormFloor);
        facts[3] = norm;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Screen(CodeTable table, int panels, byte* codes, float* facts, int* rows, int count, float* bounds)
    {
        int blocks = table.Stride / Block;
        long words = table.Stride / sizeof(int);
        for (int i = count; i % Together != 0; i++)
            rows[i] = rows[count - 1];
        int* centres = table.Codes;
        int* starts = table.Starts;
        float* of = table.Facts;
        for (int panel = 0; panel < panels; panel++)
        {
            for (int i = 0; i < count; i += Together)
            {
                for (int v = 0; v < Panel; v += 2 * TLanes.Width)
                    Quad(centres + v, starts + v, of + v, blocks, words, (int*)codes, facts, rows + i,
                        bounds + ((long)i * panels * Panel) + (panel * Panel) + v, panels * Panel);
            }

            centres += words * Panel;
            starts += blocks * Panel;
            of += CodeTable.FactCount * Panel;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override float Least(float* bounds, int count)
    {
        TVector least = TLanes.Load(bounds), other = TLanes.Load(bounds + TLanes.Width);
        for (int i = 2 * TLanes.Width; i < count; i += 2 * TLanes.Width)
        {
            least = TLanes.Min(least, TLanes.Load(bounds + i));
            other = TLanes.Min(other, TLanes.Load(bounds + i + TLanes.Width));
        }

        return TLanes.Least(TLanes.Min(least, other));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override int Candidates(float* bounds, int count, float limit, int* found, out float rest)
    {
        TVector none = TLanes.Broadcast(float.PositiveInfinity);
        TVector most = TLanes.Broadcast(limit);
        TVector others = none;
        int many = 0;
        for (int i = 0; i < count; i += 2 * TLanes.Width)
        {
            TVector low = TLanes.Load(bounds + i), high = TLanes.Load(bounds + i + TLanes.Width);
            TVector least = TLanes.Min(low, high);
            if (TLanes.NotGreater(least, most) == 0)
            {
                others = TLanes.Min(others, least);
                continue;
            }

            others = TLanes.Min(others, TLanes.Min(TLanes.SelectLess(most, low, low, none), TLanes.SelectLess(most, high, high, none)));
            for (uint mask = TLanes.NotGreater(low, most); mask != 0; mask &= mask - 1)
                found[many++] = i + BitOperations.TrailingZeroCount(mask);
            for (uint mask = TLanes.NotGreater(high, most); mask != 0; mask &= mask - 1)
                found[many++] = i + TLanes.Width + BitOperations.TrailingZeroCount(mask);
        }

        rest = TLanes.Least(others);
        return many;
    }

    /// <summary>Four rows and two vectors of centres.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Quad(int* centres, int* starts, float* of, int blocks, long words, int* codes, float* facts, int* rows, float* bounds, int boundStride)
    {
        int* x0 = codes + (rows[0] * words), x1 = codes + (rows[1] * words), x2 = codes + (rows[2] * words), x3 = codes + (rows[3] * words);
        TInts a0 = TBytes.Broadcast(0), a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
        for (int block = 0; block < blocks; block++)
        {
            TInts p0 = TBytes.Load(starts), p1 = p0, p2 = p0, p3 = p0;
            TInts q0 = TBytes.Load(starts + TLanes.Width), q1 = q0, q2 = q0, q3 = q0;
            starts += Panel;
            TInts c = TBytes.Load(centres), e = TBytes.Load(centres + TLanes.Width);
            AddTo(ref p0, ref q0, x0[0], c, e);
            AddTo(ref p1, ref q1, x1[0], c, e);
            AddTo(ref p2, ref q2, x2[0], c, e);
            AddTo(ref p3, ref q3, x3[0], c, e);
            (c, e) = (TBytes.Load(centres + Panel), TBytes.Load(centres + Panel + TLanes.Width));
            AddTo(ref p0, ref q0, x0[1], c, e);
            AddTo(ref p1, ref q1, x1[1], c, e);
            AddTo(ref p2, ref q2, x2[1], c, e);
            AddTo(ref p3, ref q3, x3[1], c, e);
            (c, e) = (TBytes.Load(centres + (2 * Panel)), TBytes.Load(centres + (2 * Panel) + TLanes.Width));
            AddTo(ref p0, ref q0, x0[2], c, e);
            AddTo(ref p1, ref q1, x1[2], c, e);
            AddTo(ref p2, ref q2, x2[2], c, e);
            AddTo(ref p3, ref q3, x3[2], c, e);
            (c, e) = (TBytes.Load(centres + (3 * Panel)), TBytes.Load(centres + (3 * Panel) + TLanes.Width));
            AddTo(ref p0, ref q0, x0[3], c, e);
            AddTo(ref p1, ref q1, x1[3], c, e);
            AddTo(ref p2, ref q2, x2[3], c, e);
            AddTo(ref p3, ref q3, x3[3], c, e);
            x0 += Block / sizeof(int);
            x1 += Block / sizeof(int);
            x2 += Block / sizeof(int);
            x3 += Block / sizeof(int);
            centres += Block / sizeof(int) * Panel;
            a0 = TBytes.Add(a0, TBytes.Widen(p0));
            b0 = TBytes.Add(b0, TBytes.Widen(q0));
            a1 = TBytes.Add(a1, TBytes.Widen(p1));
            b1 = TBytes.Add(b1, TBytes.Widen(q1));
            a2 = TBytes.Add(a2, TBytes.Widen(p2));
            b2 = TBytes.Add(b2, TBytes.Widen(q2));
            a3 = TBytes.Add(a3, TBytes.Widen(p3));
            b3 = TBytes.Add(b3, TBytes.Widen(q3));
        }

        Bound(a0, b0, of, facts + ((long)rows[0] * RowFacts), bounds);
        Bound(a1, b1, of, facts + ((long)rows[1] * RowFacts), bounds + boundStride);
        Bound(a2, b2, of, facts + ((long)rows[2] * RowFacts), bounds + (2 * boundStride));
        Bound(a3, b3, of, facts + ((long)rows[3] * RowFacts), bounds + (3 * boundStride));
    }

    /// <summary>Adds a row's next four codes times those of two vectors of centres.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddTo(ref TInts low, ref TInts high, int codes, TInts centres, TInts others)
    {
        TInts x = TBytes.Broadcast(codes);
        low = TBytes.AddPairs(low, TBytes.Pairs(x, centres));
        high = TBytes.AddPairs(high, TBytes.Pairs(x, others));
    }

    /// <summary>½|c̃|² + codes of x · codes of −c, less what the codes leave out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Bound(TInts low, TInts high, float* of, float* row, float* bounds)
    {
        TVector unit = TLanes.Broadcast(row[0]), coded = TLanes.Broadcast(-row[1]), rest = TLanes.Broadcast(-row[2]);
        for (int v = 0; v < 2; v++)
        {
            float* fact = of + (v * TLanes.Width);
            TVector bound = TLanes.FusedMultiplyAdd(TLanes.Multiply(TBytes.ToFloat(v == 0 ? low : high), unit), TLanes.Load(fact + Panel), TLanes.Load(fact));
            bound = TLanes.FusedMultiplyAdd(coded, TLanes.Load(fact + (2 * Panel)), bound);
            bound = TLanes.FusedMultiplyAdd(rest, TLanes.Load(fact + (3 * Panel)), bound);
            TLanes.Store(bound, bounds + (v * TLanes.Width));
        }
    }
}
