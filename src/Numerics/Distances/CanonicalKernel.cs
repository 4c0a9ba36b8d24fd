using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using OrleansCluster.Numerics.Simd;

namespace OrleansCluster.Numerics.Distances;

/// <summary>The nearest centre of a row by canonical distances, centres in lanes: each lane adds one centre's terms in the canonical order.</summary>
internal abstract unsafe class CanonicalKernel
{
    /// <summary>The centre of least D, the lowest index on equal D.</summary>
    /// <param name="row">d values.</param>
    /// <param name="table">The centres, finite.</param>
    /// <param name="squared">D to that centre.</param>
    public abstract int Nearest(double* row, CentroidTable table, out double squared);

    /// <summary>The kernel of one width.</summary>
    public static CanonicalKernel For(SimdWidth width) => width switch
    {
        SimdWidth.V512 => new CanonicalKernel<DoubleLanes512, Vector512<double>>(),
        SimdWidth.V256 => new CanonicalKernel<DoubleLanes256, Vector256<double>>(),
        SimdWidth.V128 => new CanonicalKernel<DoubleLanes128, Vector128<double>>(),
        _ => new CanonicalKernel<DoubleLanesScalar, double>(),
    };
}

/// <inheritdoc/>
internal sealed unsafe class CanonicalKernel<TLanes, TVector> : CanonicalKernel
    where TLanes : struct, IDoubleLanes<TVector>
    where TVector : struct
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override int Nearest(double* row, CentroidTable table, out double squared)
    {
        int columns = table.Columns;
        int width = TLanes.Width;
        double* ramp = stackalloc double[8];
        for (int lane = 0; lane < 8; lane++)
            ramp[lane] = lane;
        TVector least = TLanes.Broadcast(double.PositiveInfinity);
        TVector index = TLanes.Load(ramp);
        for (int c = 0; c < table.ExactCentres; c += 4 * width)
        {
            double* p0 = At(table, c);
            double* p1 = At(table, c + width);
            double* p2 = At(table, c + (2 * width));
            double* p3 = At(table, c + (3 * width));
            TVector s0 = TLanes.Broadcast(0), s1 = s0, s2 = s0, s3 = s0;
            for (int j = 0; j < columns; j++)
            {
                int at = j * CentroidTable.Panel;
                TVector x = TLanes.Broadcast(row[j]);
                TVector d0 = TLanes.Subtract(x, TLanes.Load(p0 + at));
                TVector d1 = TLanes.Subtract(x, TLanes.Load(p1 + at));
                TVector d2 = TLanes.Subtract(x, TLanes.Load(p2 + at));
                TVector d3 = TLanes.Subtract(x, TLanes.Load(p3 + at));
                s0 = TLanes.FusedMultiplyAdd(d0, d0, s0);
                s1 = TLanes.FusedMultiplyAdd(d1, d1, s1);
                s2 = TLanes.FusedMultiplyAdd(d2, d2, s2);
                s3 = TLanes.FusedMultiplyAdd(d3, d3, s3);
            }

            // A lane takes a later centre only when it is strictly nearer, so each lane keeps its lowest index.
            Take(s0, c, ramp, ref least, ref index);
            Take(s1, c + width, ramp, ref least, ref index);
            Take(s2, c + (2 * width), ramp, ref least, ref index);
            Take(s3, c + (3 * width), ramp, ref least, ref index);
        }

        double* distances = stackalloc double[8];
        double* indices = stackalloc double[8];
        TLanes.Store(least, distances);
        TLanes.Store(index, indices);
        int best = 0;
        for (int lane = 1; lane < width; lane++)
        {
            if (distances[lane] < distances[best] || (distances[lane] == distances[best] && indices[lane] < indices[best]))
                best = lane;
        }

        squared = distances[best];
        return (int)indices[best];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double* At(CentroidTable table, int centre)
        => table.Exact + ((long)(centre / CentroidTable.Panel) * CentroidTable.Panel * table.Columns) + (centre % CentroidTable.Panel);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Take(TVector candidate, int centre, double* ramp, ref TVector least, ref TVector index)
    {
        TVector numbers = TLanes.FusedMultiplyAdd(TLanes.Broadcast(1), TLanes.Broadcast(centre), TLanes.Load(ramp));
        index = TLanes.SelectLess(candidate, least, numbers, index);
        least = TLanes.SelectLess(candidate, least, candidate, least);
    }
}
