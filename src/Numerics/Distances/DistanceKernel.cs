using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using OrleansCluster.Numerics.Simd;

namespace OrleansCluster.Numerics.Distances;

/// <summary>
/// Canonical distances of rows to a centre each, rows in lanes: differences are formed along the columns, turned around and added in the canonical order.
/// </summary>
internal abstract unsafe class DistanceKernel
{
    /// <summary>squared[i] = D(row i, the centre labels[i]).</summary>
    /// <param name="rows">count × d.</param>
    /// <param name="columns">d.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="centroids">k × d.</param>
    /// <param name="labels">The centre of each row; null: the first centre for all.</param>
    /// <param name="squared">Out: count.</param>
    public abstract void Squared(float* rows, int columns, int count, double* centroids, int* labels, double* squared);

    /// <inheritdoc cref="Squared(float*, int, int, double*, int*, double*)"/>
    public abstract void Squared(double* rows, int columns, int count, double* centroids, int* labels, double* squared);

    /// <summary>The kernel of one width.</summary>
    public static DistanceKernel For(SimdWidth width) => width switch
    {
        SimdWidth.V512 => new DistanceKernel<DoubleLanes512, Vector512<double>>(),
        SimdWidth.V256 => new DistanceKernel<DoubleLanes256, Vector256<double>>(),
        SimdWidth.V128 => new DistanceKernel<DoubleLanes128, Vector128<double>>(),
        _ => new DistanceKernel<DoubleLanesScalar, double>(),
    };
}

/// <inheritdoc/>
internal sealed unsafe class DistanceKernel<TLanes, TVector> : DistanceKernel
    where TLanes : struct, IDoubleLanes<TVector>
    where TVector : struct
{
    public override void Squared(float* rows, int columns, int count, double* centroids, int* labels, double* squared)
        => Run(rows, columns, count, centroids, labels, squared);

    public override void Squared(double* rows, int columns, int count, double* centroids, int* labels, double* squared)
        => Run(rows, columns, count, centroids, labels, squared);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<T>(T* rows, int columns, int count, double* centroids, int* labels, double* squared)
        where T : unmanaged
    {
        // A square of the most lanes, on a boundary that no vector crosses.
        double* scratch = stackalloc double[(8 * 8) + 8];
        double* differences = (double*)(((nuint)scratch + 63) & ~(nuint)63);
        int i = 0;
        for (; i <= count - TLanes.Width; i += TLanes.Width)
            Group(rows + ((long)i * columns), columns, centroids, labels == null ? null : labels + i, squared + i, differences);
        for (; i < count; i++)
        {
            double* centre = labels == null ? centroids : centroids + ((long)labels[i] * columns);
            double sum = 0;
            for (int j = 0; j < columns; j++)
            {
                double difference = Value(rows, ((long)i * columns) + j) - centre[j];
                sum = Math.FusedMultiplyAdd(difference, difference, sum);
            }

            squared[i] = sum;
        }
    }

    /// <summary>As many rows as there are lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Group<T>(T* rows, int columns, double* centroids, int* labels, double* squared, double* differences)
        where T : unmanaged
    {
        TVector sum = TLanes.Broadcast(0);
        int whole = columns - (columns % TLanes.Width);
        for (int j = 0; j < whole; j += TLanes.Width)
        {
            for (int r = 0; r < TLanes.Width; r++)
            {
                T* row = rows + ((long)r * columns) + j;
                double* centre = (labels == null ? centroids : centroids + ((long)labels[r] * columns)) + j;
                TVector x = typeof(T) == typeof(float) ? TLanes.Load((float*)row) : TLanes.Load((double*)row);
                TLanes.Store(TLanes.Subtract(x, TLanes.Load(centre)), differences + (r * TLanes.Width));
            }

            sum = TLanes.AddSquares(sum, differences);
        }

        for (int j = whole; j < columns; j++)
        {
            for (int r = 0; r < TLanes.Width; r++)
            {
                double* centre = labels == null ? centroids : centroids + ((long)labels[r] * columns);
                differences[r] = Value(rows, ((long)r * columns) + j) - centre[j];
            }

            TVector column = TLanes.Load(differences);
            sum = TLanes.FusedMultiplyAdd(column, column, sum);
        }

        TLanes.Store(sum, squared);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Value<T>(T* values, long at)
        where T : unmanaged
        => typeof(T) == typeof(float) ? ((float*)values)[at] : ((double*)values)[at];
}
