using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace OrleansCluster.Numerics.Kernels;

/// <summary>
/// Adds rows to exact sums, or takes them away, a vector of columns at a time. Adding 1.5 · 2^52 to a number of magnitude at most 2^50
/// rounds it to the nearest integer, ties to even, and leaves that integer in the low bits: the same integer as <see cref="ColumnFrame.Quantize"/>.
/// </summary>
internal abstract unsafe class SumKernel(ColumnFrame frame)
{
    /// <summary>1.5 · 2^52.</summary>
    protected const double Rounder = 6755399441055744.0;

    protected readonly double[] origins = frame.Origins.ToArray();
    protected readonly double[] scales = frame.Scales.ToArray();
    protected readonly double[] secondScales = frame.SecondScales.ToArray();
    protected readonly bool singleScale = frame.SingleScale;

    /// <summary>sums[j] += q_j of a float32 row of weight above 0.</summary>
    public abstract void Add(float* row, double weight, long* sums);

    /// <summary>sums[j] += q_j of a float64 row of weight above 0.</summary>
    public abstract void Add(double* row, double weight, long* sums);

    /// <summary>sums[j] −= q_j of a float32 row of weight above 0.</summary>
    public abstract void Subtract(float* row, double weight, long* sums);

    /// <summary>sums[j] −= q_j of a float64 row of weight above 0.</summary>
    public abstract void Subtract(double* row, double weight, long* sums);

    /// <summary>sums[labels[i]] += q of float32 row i, for every row.</summary>
    /// <param name="rows">count × d.</param>
    /// <param name="weights">One weight a row, of which those of weight 0 are passed over; null: every row weighs 1.</param>
    /// <param name="labels">One cluster a row.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="sums">k × d.</param>
    public abstract void AddAll(float* rows, double* weights, int* labels, int count, long* sums);

    /// <summary>sums[labels[i]] += q of float64 row i, for every row.</summary>
    /// <inheritdoc cref="AddAll(float*, double*, int*, int, long*)"/>
    public abstract void AddAll(double* rows, double* weights, int* labels, int count, long* sums);

    /// <summary>The kernel of one width.</summary>
    public static SumKernel For(SimdWidth width, ColumnFrame frame) => width switch
    {
        SimdWidth.V512 => new SumKernel<DoubleLanes512, Vector512<double>>(frame),
        SimdWidth.V256 => new SumKernel<DoubleLanes256, Vector256<double>>(frame),
        SimdWidth.V128 => new SumKernel<DoubleLanes128, Vector128<double>>(frame),
        _ => new SumKernel<DoubleLanesScalar, double>(frame),
    };
}

/// <inheritdoc/>
internal sealed unsafe class SumKernel<TLanes, TVector>(ColumnFrame frame) : SumKernel(frame)
    where TLanes : struct, IDoubleLanes<TVector>
    where TVector : struct
{
    public override void Add(float* row, double weight, long* sums) => Run<float, Plus>(row, weight, sums);

    public override void Add(double* row, double weight, long* sums) => Run<double, Plus>(row, weight, sums);

    public override void Subtract(float* row, double weight, long* sums) => Run<float, Minus>(row, weight, sums);

    public override void Subtract(double* row, double weight, long* sums) => Run<double, Minus>(row, weight, sums);

    public override void AddAll(float* rows, double* weights, int* labels, int count, long* sums) => RunAll(rows, weights, labels, count, sums);

    public override void AddAll(double* rows, double* weights, int* labels, int count, long* sums) => RunAll(rows, weights, labels, count, sums);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void RunAll<T>(T* rows, double* weights, int* labels, int count, long* sums)
        where T : unmanaged
    {
        long columns = origins.Length;
        for (int i = 0; i < count; i++)
        {
            double weight = weights == null ? 1 : weights[i];
            if (weight != 0)
                Run<T, Plus>(rows + (i * columns), weight, sums + (labels[i] * columns));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Run<T, TSign>(T* row, double weight, long* sums)
        where T : unmanaged
        where TSign : struct, ISign
    {
        int columns = origins.Length;
        int whole = columns - (columns % TLanes.Width);
        fixed (double* origin = origins, scale = scales, second = secondScales)
        {
            for (int j = 0; j < whole; j += TLanes.Width)
                Column<TLanes, TVector, T, TSign>(row + j, weight, origin + j, scale + j, second + j, sums + j);
            for (int j = whole; j < columns; j++)
                Column<DoubleLanesScalar, double, T, TSign>(row + j, weight, origin + j, scale + j, second + j, sums + j);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Column<TL, TV, T, TSign>(T* row, double weight, double* origin, double* scale, double* second, long* sums)
        where TL : struct, IDoubleLanes<TV>
        where TV : struct
        where T : unmanaged
        where TSign : struct, ISign
    {
        TV x = typeof(T) == typeof(float) ? TL.Load((float*)row) : TL.Load((double*)row);
        TV product = TL.Multiply(TL.Broadcast(weight), TL.Subtract(x, TL.Load(origin)));
        TV rounder = TL.Broadcast(Rounder);
        // The factors are powers of two and the first only brings a value nearer to 1, so that one rounding remains: that of the sum.
        TV rounded = singleScale
            ? TL.FusedMultiplyAdd(product, TL.Load(scale), rounder)
            : TL.FusedMultiplyAdd(TL.Multiply(product, TL.Load(scale)), TL.Load(second), rounder);
        if (TSign.IsPlus)
            TL.AddBits(rounded, rounder, sums);
        else
            TL.SubtractBits(rounded, rounder, sums);
    }

    private interface ISign
    {
        static abstract bool IsPlus { get; }
    }

    private readonly struct Plus : ISign
    {
        public static bool IsPlus => true;
    }

    private readonly struct Minus : ISign
    {
        public static bool IsPlus => false;
    }
}
