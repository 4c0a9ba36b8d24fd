using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using OrleansCluster.Numerics.Exact;
using OrleansCluster.Numerics.KMeans.Assign;
using OrleansCluster.Numerics.Simd;

namespace OrleansCluster.Numerics.KMeans.Worker;

/// <summary>
/// Ranges of columns, and their sums and sums of squares on the frame's grid, a vector of values at a time. As many rows as fill whole vectors
/// (lcm(d, lanes) values) count as one long row, so that every lane has work whatever the number of columns.
/// </summary>
/// <remarks>
/// A square of up to 100 bits is added in parts: q = h·2^25 + l with |h| ≤ 2^25, |l| ≤ 2^24, both exact in float64, and so are h², hl and l².
/// Rows without weights weigh 2^p units, p ≤ 50: ⌊2^40 q² / 2^p⌋ cuts off q² mod 2^s, s = p − 40 ≤ 10, which is t² mod 2^s for the t nearest to 0 with t ≡ q
/// mod 2^s.
/// </remarks>
internal abstract unsafe class SurveyKernel
{
    /// <summary>Most rows of a call: sums of squares of h stay within 2^62.</summary>
    public const int MostRows = 1 << 12;

    /// <summary>Takes the rows into least and greatest values of columns. The sign of a zero is of no account.</summary>
    /// <param name="rows">count × d.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="minima">d.</param>
    /// <param name="maxima">d.</param>
    public abstract void Ranges(float* rows, int count, Span<double> minima, Span<double> maxima);

    /// <inheritdoc cref="Ranges(float*, int, Span{double}, Span{double})"/>
    public abstract void Ranges(double* rows, int count, Span<double> minima, Span<double> maxima);

    /// <summary>Adds Σ q and Σ ⌊2^40 q² / q_w⌋ of rows without weights.</summary>
    /// <param name="rows">count × d.</param>
    /// <param name="count">Number of rows, at most <see cref="MostRows"/>.</param>
    /// <param name="frame">The grid.</param>
    /// <param name="sums">[S | Q]: 2d.</param>
    public abstract void Moments(float* rows, int count, ColumnFrame frame, Span<Int128> sums);

    /// <inheritdoc cref="Moments(float*, int, ColumnFrame, Span{Int128})"/>
    public abstract void Moments(double* rows, int count, ColumnFrame frame, Span<Int128> sums);

    /// <summary>The kernel of one width.</summary>
    public static SurveyKernel For(SimdWidth width) => width switch
    {
        SimdWidth.V512 => new SurveyKernel<DoubleLanes512, Vector512<double>>(),
        SimdWidth.V256 => new SurveyKernel<DoubleLanes256, Vector256<double>>(),
        SimdWidth.V128 => new SurveyKernel<DoubleLanes128, Vector128<double>>(),
        _ => new SurveyKernel<DoubleLanesScalar, double>(),
    };
}

/// <inheritdoc/>
internal sealed unsafe class SurveyKernel<TLanes, TVector> : SurveyKernel
    where TLanes : struct, IRealLanes<TVector>
    where TVector : struct
{
    /// <summary>1.5 · 2^52: see <see cref="SumKernel"/>.</summary>
    private const double Rounder = 6755399441055744.0;

    /// <summary>Where h and l part.</summary>
    private const int HighBits = 25;

    /// <summary>Values that are read again and again, column after column: they stay in the first-level cache.</summary>
    private const int ChunkValues = 1 << 12;

    /// <summary>S, h², hl, l² and what is cut off.</summary>
    private const int Parts = 5;

    public override void Ranges(float* rows, int count, Span<double> minima, Span<double> maxima) => RangesOf(rows, count, minima, maxima);

    public override void Ranges(double* rows, int count, Span<double> minima, Span<double> maxima) => RangesOf(rows, count, minima, maxima);

    public override void Moments(float* rows, int count, ColumnFrame frame, Span<Int128> sums) => MomentsOf(rows, count, frame, sums);

    public override void Moments(double* rows, int count, ColumnFrame frame, Span<Int128> sums) => MomentsOf(rows, count, frame, sums);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RangesOf<T>(T* rows, int count, Span<double> minima, Span<double> maxima)
        where T : unmanaged
    {
        int d = minima.Length;
        int together = RowsTogether(d);
        int period = together * d;
        double[] bounds = new double[2 * period];
        fixed (double* low = bounds)
        {
            double* high = low + period;
            new Span<double>(low, period).Fill(double.PositiveInfinity);
            new Span<double>(high, period).Fill(double.NegativeInfinity);
            int chunk = Math.Max(8, ChunkValues / period);
            int whole = count / together;
            for (int done = 0; done < whole; done += chunk)
            {
                int periods = Math.Min(chunk, whole - done);
                for (int v = 0; v < period; v += TLanes.Width)
                {
                    T* x = rows + ((long)done * period) + v;
                    TVector least = TLanes.Load(low + v);
                    TVector greatest = TLanes.Load(high + v);
                    for (int i = 0; i < periods; i++, x += period)
                    {
                        TVector value = Load(x);
                        least = TLanes.SelectLess(value, least, value, least);
                        greatest = TLanes.SelectLess(greatest, value, value, greatest);
                    }

                    TLanes.Store(least, low + v);
                    TLanes.Store(greatest, high + v);
                }
            }

            for (int v = 0; v < period; v++)
                Take(minima, maxima, v % d, low[v], high[v]);
            for (long i = (long)whole * period; i < (long)count * d; i++)
            {
                double value = Value(rows, i);
                Take(minima, maxima, (int)(i % d), value, value);
            }
        }
    }

    private static void Take(Span<double> minima, Span<double> maxima, int column, double least, double greatest)
    {
        // Adding 0 gives −0 the sign of 0, so that the order of rows does not show.
        minima[column] = Math.Min(minima[column], least + 0.0);
        maxima[column] = Math.Max(maxima[column], greatest + 0.0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MomentsOf<T>(T* rows, int count, ColumnFrame frame, Span<Int128> sums)
        where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MostRows);
        long unit = frame.QuantizeWeight(1);
        if (unit == 0)
            return;
        int d = frame.Columns;
        int together = RowsTogether(d);
        int period = together * d;
        int whole = count / together;
        int shift = -frame.WeightExponent - Steps.Moments.SquareBits;
        double[] grid = new double[3 * period];
        for (int v = 0; v < period; v++)
            (grid[v], grid[period + v], grid[(2 * period) + v]) = (frame.Origins[v % d], frame.Scales[v % d], frame.SecondScales[v % d]);
        long[] parts = new long[Parts * period];
        fixed (double* origins = grid)
        fixed (long* sum = parts)
        {
            int chunk = Math.Max(8, ChunkValues / period);
            for (int done = 0; done < whole; done += chunk)
            {
                int periods = Math.Min(chunk, whole - done);
                for (int v = 0; v < period; v += TLanes.Width)
                {
                    double* scale = origins + period + v;
                    Add(rows + ((long)done * period) + v, periods, period, origins + v, scale, frame.SingleScale ? null : scale + period, Math.Max(shift, 0),
                        (double*)(sum + (v * Parts)));
                }
            }
        }

        long bias = unchecked(whole * BitConverter.DoubleToInt64Bits(Rounder));
        for (int v = 0; v < period; v++)
        {
            ReadOnlySpan<long> part = parts.AsSpan(((v / TLanes.Width) * TLanes.Width * Parts) + (v % TLanes.Width));
            Int128 square = ((Int128)Sum(part, 1) << (2 * HighBits)) + ((Int128)Sum(part, 2) << (HighBits + 1)) + Sum(part, 3);
            sums[v % d] += Sum(part, 0);
            sums[d + (v % d)] += shift >= 0 ? (square - Sum(part, 4)) >> shift : square << -shift;
        }

        for (long i = (long)whole * period; i < (long)count * d; i++)
        {
            int j = (int)(i % d);
            long q = frame.Quantize(j, Value(rows, i), 1);
            sums[j] += q;
            sums[d + j] += Steps.Moments.Square(q, unit);
        }

        long Sum(ReadOnlySpan<long> part, int which) => unchecked(part[which * TLanes.Width] - bias);
    }

    /// <summary>Adds a vector of columns of rows that lie a period apart. What is added is the bits of 1.5 · 2^52 + an integer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add<T>(T* x, int count, int period, double* origins, double* scales, double* secondScales, int shift, double* parts)
        where T : unmanaged
    {
        TVector origin = TLanes.Load(origins);
        TVector scale = TLanes.Load(scales);
        TVector rounder = TLanes.Broadcast(Rounder);
        TVector high = TLanes.Broadcast(1L << HighBits), perHigh = TLanes.Broadcast(1.0 / (1L << HighBits));
        TVector cut = TLanes.Broadcast(1L << shift), perCut = TLanes.Broadcast(1.0 / (1L << shift));
        // Rounds to the integer below when added before rounding to the nearest: multiples of 2^−s are no closer than that.
        TVector below = TLanes.Broadcast((0.5 / (1L << shift)) - 0.5);
        TVector p0 = TLanes.Load(parts), p1 = TLanes.Load(parts + TLanes.Width), p2 = TLanes.Load(parts + (2 * TLanes.Width));
        TVector p3 = TLanes.Load(parts + (3 * TLanes.Width)), p4 = TLanes.Load(parts + (4 * TLanes.Width));
        for (int i = 0; i < count; i++, x += period)
        {
            TVector difference = TLanes.Subtract(Load(x), origin);
            // Powers of two: exact unless they vanish next to 1, so that only the sum rounds.
            TVector rounded = secondScales == null
                ? TLanes.FusedMultiplyAdd(difference, scale, rounder)
                : TLanes.FusedMultiplyAdd(TLanes.Multiply(difference, scale), TLanes.Load(secondScales), rounder);
            p0 = TLanes.AddBits(p0, rounded);
            TVector q = TLanes.Subtract(rounded, rounder);
            TVector h = TLanes.Subtract(TLanes.FusedMultiplyAdd(q, perHigh, rounder), rounder);
            TVector l = TLanes.NegativeMultiplyAdd(h, high, q);
            p1 = TLanes.AddBits(p1, TLanes.FusedMultiplyAdd(h, h, rounder));
            p2 = TLanes.AddBits(p2, TLanes.FusedMultiplyAdd(h, l, rounder));
            p3 = TLanes.AddBits(p3, TLanes.FusedMultiplyAdd(l, l, rounder));
            TVector t = TLanes.NegativeMultiplyAdd(TLanes.Subtract(TLanes.FusedMultiplyAdd(q, perCut, rounder), rounder), cut, q);
            TVector square = TLanes.Multiply(t, t);
            TVector quotient = TLanes.Subtract(TLanes.Add(TLanes.FusedMultiplyAdd(square, perCut, below), rounder), rounder);
            p4 = TLanes.AddBits(p4, TLanes.Add(TLanes.NegativeMultiplyAdd(quotient, cut, square), rounder));
        }

        TLanes.Store(p0, parts);
        TLanes.Store(p1, parts + TLanes.Width);
        TLanes.Store(p2, parts + (2 * TLanes.Width));
        TLanes.Store(p3, parts + (3 * TLanes.Width));
        TLanes.Store(p4, parts + (4 * TLanes.Width));
    }

    /// <summary>Rows of which whole vectors can be made: lanes / gcd(d, lanes).</summary>
    private static int RowsTogether(int columns) => Math.Max(1, TLanes.Width >> BitOperations.TrailingZeroCount(columns));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Load<T>(T* values)
        where T : unmanaged
        => typeof(T) == typeof(float) ? TLanes.Load((float*)values) : TLanes.Load((double*)values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Value<T>(T* values, long at)
        where T : unmanaged
        => typeof(T) == typeof(float) ? ((float*)values)[at] : ((double*)values)[at];
}
