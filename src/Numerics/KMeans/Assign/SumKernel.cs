using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using OrleansCluster.Numerics.Exact;
using OrleansCluster.Numerics.Simd;

namespace OrleansCluster.Numerics.KMeans.Assign;

/// <summary>
/// Adds rows to exact sums, or moves them between clusters, a vector of columns at a time. Adding 1.5 · 2^52 to a number of magnitude
/// at most 2^50 rounds it to the nearest integer, ties to even, and leaves that integer in the low bits: the same as <see cref="ColumnFrame.Quantize"/>.
/// </summary>
/// <remarks>Rows of weight zero are passed over: they may lie outside the frame.</remarks>
internal abstract unsafe class SumKernel(ColumnFrame frame)
{
    /// <summary>1.5 · 2^52.</summary>
    protected const double Rounder = 6755399441055744.0;

    protected double[] Origins { get; } = frame.Origins.ToArray();

    protected double[] Scales { get; } = frame.Scales.ToArray();

    protected double[] SecondScales { get; } = frame.SecondScales.ToArray();

    protected bool SingleScale { get; } = frame.SingleScale;

    /// <summary>sums[labels[i]] += q of row i, for every row.</summary>
    /// <param name="rows">count × d.</param>
    /// <param name="weights">One weight a row; null: every row weighs 1.</param>
    /// <param name="labels">One cluster a row.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="sums">k × d.</param>
    public abstract void Add(float* rows, double* weights, int* labels, int count, long* sums);

    /// <inheritdoc cref="Add(float*, double*, int*, int, long*)"/>
    public abstract void Add(double* rows, double* weights, int* labels, int count, long* sums);

    /// <summary>sums[from[m]] −= q and sums[to[m]] += q of row moved[m], for each m.</summary>
    /// <param name="rows">Rows × d.</param>
    /// <param name="weights">One weight a row; null: every row weighs 1.</param>
    /// <param name="moved">Which rows.</param>
    /// <param name="count">How many rows moved.</param>
    /// <param name="from">The cluster that each of them leaves.</param>
    /// <param name="to">The cluster that each of them joins.</param>
    /// <param name="sums">k × d.</param>
    public abstract void Move(float* rows, double* weights, int* moved, int count, int* from, int* to, long* sums);

    /// <inheritdoc cref="Move(float*, double*, int*, int, int*, int*, long*)"/>
    public abstract void Move(double* rows, double* weights, int* moved, int count, int* from, int* to, long* sums);

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
    public override void Add(float* rows, double* weights, int* labels, int count, long* sums) => AddRows(rows, weights, labels, count, sums);

    public override void Add(double* rows, double* weights, int* labels, int count, long* sums) => AddRows(rows, weights, labels, count, sums);

    public override void Move(float* rows, double* weights, int* moved, int count, int* from, int* to, long* sums)
        => MoveRows(rows, weights, moved, count, from, to, sums);

    public override void Move(double* rows, double* weights, int* moved, int count, int* from, int* to, long* sums)
        => MoveRows(rows, weights, moved, count, from, to, sums);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddRows<T>(T* rows, double* weights, int* labels, int count, long* sums)
        where T : unmanaged
    {
        long columns = Origins.Length;
        fixed (double* origin = Origins, scale = Scales, second = SecondScales)
        {
            var grid = new Grid(origin, scale, SingleScale ? null : second, Origins.Length);
            for (int i = 0; i < count; i++)
            {
                double weight = weights == null ? 1 : weights[i];
                if (weight != 0)
                    Row<T, Plus>(rows + (i * columns), weight, grid, sums + (labels[i] * columns), null);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MoveRows<T>(T* rows, double* weights, int* moved, int count, int* from, int* to, long* sums)
        where T : unmanaged
    {
        long columns = Origins.Length;
        fixed (double* origin = Origins, scale = Scales, second = SecondScales)
        {
            var grid = new Grid(origin, scale, SingleScale ? null : second, Origins.Length);
            for (int m = 0; m < count; m++)
            {
                int i = moved[m];
                double weight = weights == null ? 1 : weights[i];
                if (weight != 0)
                    Row<T, PlusMinus>(rows + (i * columns), weight, grid, sums + (to[m] * columns), sums + (from[m] * columns));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Row<T, TSign>(T* row, double weight, Grid grid, long* joined, long* left)
        where T : unmanaged
        where TSign : struct, ISign
    {
        int j = 0;
        for (; j <= grid.Columns - TLanes.Width; j += TLanes.Width)
            Column<TLanes, TVector, T, TSign>(row, weight, grid, j, joined, left);
        for (; j < grid.Columns; j++)
            Column<DoubleLanesScalar, double, T, TSign>(row, weight, grid, j, joined, left);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Column<TL, TV, T, TSign>(T* row, double weight, Grid grid, int j, long* joined, long* left)
        where TL : struct, IDoubleLanes<TV>
        where TV : struct
        where T : unmanaged
        where TSign : struct, ISign
    {
        TV x = typeof(T) == typeof(float) ? TL.Load((float*)row + j) : TL.Load((double*)row + j);
        TV product = TL.Multiply(TL.Broadcast(weight), TL.Subtract(x, TL.Load(grid.Origins + j)));
        TV rounder = TL.Broadcast(Rounder);
        // The factors are powers of two: the products are exact unless they vanish next to 1, so that only the sum rounds.
        TV rounded = grid.SecondScales == null
            ? TL.FusedMultiplyAdd(product, TL.Load(grid.Scales + j), rounder)
            : TL.FusedMultiplyAdd(TL.Multiply(product, TL.Load(grid.Scales + j)), TL.Load(grid.SecondScales + j), rounder);
        TL.AddBits(rounded, rounder, joined + j);
        if (TSign.Leaves)
            TL.SubtractBits(rounded, rounder, left + j);
    }

    private readonly struct Grid(double* origins, double* scales, double* secondScales, int columns)
    {
        public double* Origins { get; } = origins;

        public double* Scales { get; } = scales;

        /// <summary>Null when all are 1.</summary>
        public double* SecondScales { get; } = secondScales;

        public int Columns { get; } = columns;
    }

    private interface ISign
    {
        static abstract bool Leaves { get; }
    }

    private readonly struct Plus : ISign
    {
        public static bool Leaves => false;
    }

    private readonly struct PlusMinus : ISign
    {
        public static bool Leaves => true;
    }
}
