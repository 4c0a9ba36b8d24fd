using System.Runtime.CompilerServices;
using OrleansCluster.Numerics.Simd;

namespace OrleansCluster.Numerics.Mixtures.Kernels;

/// <summary>
/// Weight, mean and centred second moments of the picked rows of one component, columns in lanes: each entry is summed over the rows in their order.
/// </summary>
internal static unsafe class MomentKernel<TLanes, TVector>
    where TLanes : struct, IRealLanes<TVector>
    where TVector : struct
{
    /// <summary>Rows of a tile of the second moments.</summary>
    private const int Tile = 8;

    /// <summary>Weight and mean.</summary>
    /// <param name="scratch">Rows, shares and picks; receives the mean.</param>
    /// <param name="count">Rows picked, at least 1.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Mean(ChunkScratch scratch, int count)
    {
        int w = TLanes.Width;
        int stride = scratch.Stride;
        double* shares = scratch.Shares;
        int* picked = scratch.Picked;
        double weight = 0;
        for (int i = 0; i < count; i++)
            weight += shares[i];
        TVector divisor = TLanes.Broadcast(weight);
        int j = 0;
        for (; j + (4 * w) <= stride; j += 4 * w)
        {
            TVector a0 = TLanes.Broadcast(0), a1 = a0, a2 = a0, a3 = a0;
            for (int i = 0; i < count; i++)
            {
                double* x = scratch.Rows + ((long)picked[i] * stride) + j;
                TVector share = TLanes.Broadcast(shares[i]);
                a0 = TLanes.FusedMultiplyAdd(share, TLanes.Load(x), a0);
                a1 = TLanes.FusedMultiplyAdd(share, TLanes.Load(x + w), a1);
                a2 = TLanes.FusedMultiplyAdd(share, TLanes.Load(x + (2 * w)), a2);
                a3 = TLanes.FusedMultiplyAdd(share, TLanes.Load(x + (3 * w)), a3);
            }

            TLanes.Store(TLanes.Divide(a0, divisor), scratch.Mean + j);
            TLanes.Store(TLanes.Divide(a1, divisor), scratch.Mean + j + w);
            TLanes.Store(TLanes.Divide(a2, divisor), scratch.Mean + j + (2 * w));
            TLanes.Store(TLanes.Divide(a3, divisor), scratch.Mean + j + (3 * w));
        }

        for (; j < stride; j += w)
        {
            TVector a = TLanes.Broadcast(0);
            for (int i = 0; i < count; i++)
                a = TLanes.FusedMultiplyAdd(TLanes.Broadcast(shares[i]), TLanes.Load(scratch.Rows + ((long)picked[i] * stride) + j), a);
            TLanes.Store(TLanes.Divide(a, divisor), scratch.Mean + j);
        }

        return weight;
    }

    /// <summary>Adds (x − mean)² · share to the diagonal in <see cref="ChunkScratch.Moments"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Diagonal(ChunkScratch scratch, int count)
    {
        int w = TLanes.Width;
        int stride = scratch.Stride;
        double* shares = scratch.Shares;
        int* picked = scratch.Picked;
        int j = 0;
        for (; j + (4 * w) <= stride; j += 4 * w)
        {
            double* mean = scratch.Mean + j;
            double* target = scratch.Moments + j;
            TVector m0 = TLanes.Load(mean), m1 = TLanes.Load(mean + w), m2 = TLanes.Load(mean + (2 * w)), m3 = TLanes.Load(mean + (3 * w));
            TVector a0 = TLanes.Load(target), a1 = TLanes.Load(target + w), a2 = TLanes.Load(target + (2 * w)), a3 = TLanes.Load(target + (3 * w));
            for (int i = 0; i < count; i++)
            {
                double* x = scratch.Rows + ((long)picked[i] * stride) + j;
                TVector share = TLanes.Broadcast(shares[i]);
                TVector v0 = TLanes.Subtract(TLanes.Load(x), m0);
                TVector v1 = TLanes.Subtract(TLanes.Load(x + w), m1);
                TVector v2 = TLanes.Subtract(TLanes.Load(x + (2 * w)), m2);
                TVector v3 = TLanes.Subtract(TLanes.Load(x + (3 * w)), m3);
                a0 = TLanes.FusedMultiplyAdd(TLanes.Multiply(share, v0), v0, a0);
                a1 = TLanes.FusedMultiplyAdd(TLanes.Multiply(share, v1), v1, a1);
                a2 = TLanes.FusedMultiplyAdd(TLanes.Multiply(share, v2), v2, a2);
                a3 = TLanes.FusedMultiplyAdd(TLanes.Multiply(share, v3), v3, a3);
            }

            TLanes.Store(a0, target);
            TLanes.Store(a1, target + w);
            TLanes.Store(a2, target + (2 * w));
            TLanes.Store(a3, target + (3 * w));
        }

        for (; j < stride; j += w)
        {
            TVector m = TLanes.Load(scratch.Mean + j);
            TVector a = TLanes.Load(scratch.Moments + j);
            for (int i = 0; i < count; i++)
            {
                TVector v = TLanes.Subtract(TLanes.Load(scratch.Rows + ((long)picked[i] * stride) + j), m);
                a = TLanes.FusedMultiplyAdd(TLanes.Multiply(TLanes.Broadcast(shares[i]), v), v, a);
            }

            TLanes.Store(a, scratch.Moments + j);
        }
    }

    /// <summary>Adds (x − mean)(x − mean)ᵀ · share to the triangle in <see cref="ChunkScratch.Moments"/>, a block of rows at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Triangle(ChunkScratch scratch, int count)
    {
        int w = TLanes.Width;
        int stride = scratch.Stride;
        double* differences = scratch.Differences;
        double* weighted = differences + (stride * ChunkScratch.Panel);
        for (int start = 0; start < count; start += ChunkScratch.Panel)
        {
            int rows = Math.Min(ChunkScratch.Panel, count - start);
            for (int i = 0; i < rows; i++)
            {
                double* x = scratch.Rows + ((long)scratch.Picked[start + i] * stride);
                TVector share = TLanes.Broadcast(scratch.Shares[start + i]);
                for (int j = 0; j < stride; j += w)
                {
                    TVector v = TLanes.Subtract(TLanes.Load(x + j), TLanes.Load(scratch.Mean + j));
                    TLanes.Store(v, differences + (i * stride) + j);
                    TLanes.Store(TLanes.Multiply(share, v), weighted + (i * stride) + j);
                }
            }

            for (int i = 0; i < stride; i += Tile)
            {
                int j = 0;
                for (; j + (2 * w) <= i + Tile; j += 2 * w)
                    Tile2(weighted + i, differences + j, rows, stride, scratch.Moments + (i * stride) + j);
                if (j < i + Tile)
                    Tile1(weighted + i, differences + j, rows, stride, scratch.Moments + (i * stride) + j);
            }
        }
    }

    /// <summary>Eight rows by two vectors of the moments.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile2(double* u, double* v, int rows, int stride, double* target)
    {
        int w = TLanes.Width;
        double* t0 = target, t1 = t0 + stride, t2 = t1 + stride, t3 = t2 + stride, t4 = t3 + stride, t5 = t4 + stride, t6 = t5 + stride, t7 = t6 + stride;
        TVector a0 = TLanes.Load(t0), a1 = TLanes.Load(t1), a2 = TLanes.Load(t2), a3 = TLanes.Load(t3);
        TVector a4 = TLanes.Load(t4), a5 = TLanes.Load(t5), a6 = TLanes.Load(t6), a7 = TLanes.Load(t7);
        TVector b0 = TLanes.Load(t0 + w), b1 = TLanes.Load(t1 + w), b2 = TLanes.Load(t2 + w), b3 = TLanes.Load(t3 + w);
        TVector b4 = TLanes.Load(t4 + w), b5 = TLanes.Load(t5 + w), b6 = TLanes.Load(t6 + w), b7 = TLanes.Load(t7 + w);
        for (int i = 0; i < rows; i++)
        {
            TVector v0 = TLanes.Load(v), v1 = TLanes.Load(v + w);
            TVector s = TLanes.Broadcast(u[0]);
            a0 = TLanes.FusedMultiplyAdd(s, v0, a0);
            b0 = TLanes.FusedMultiplyAdd(s, v1, b0);
            s = TLanes.Broadcast(u[1]);
            a1 = TLanes.FusedMultiplyAdd(s, v0, a1);
            b1 = TLanes.FusedMultiplyAdd(s, v1, b1);
            s = TLanes.Broadcast(u[2]);
            a2 = TLanes.FusedMultiplyAdd(s, v0, a2);
            b2 = TLanes.FusedMultiplyAdd(s, v1, b2);
            s = TLanes.Broadcast(u[3]);
            a3 = TLanes.FusedMultiplyAdd(s, v0, a3);
            b3 = TLanes.FusedMultiplyAdd(s, v1, b3);
            s = TLanes.Broadcast(u[4]);
            a4 = TLanes.FusedMultiplyAdd(s, v0, a4);
            b4 = TLanes.FusedMultiplyAdd(s, v1, b4);
            s = TLanes.Broadcast(u[5]);
            a5 = TLanes.FusedMultiplyAdd(s, v0, a5);
            b5 = TLanes.FusedMultiplyAdd(s, v1, b5);
            s = TLanes.Broadcast(u[6]);
            a6 = TLanes.FusedMultiplyAdd(s, v0, a6);
            b6 = TLanes.FusedMultiplyAdd(s, v1, b6);
            s = TLanes.Broadcast(u[7]);
            a7 = TLanes.FusedMultiplyAdd(s, v0, a7);
            b7 = TLanes.FusedMultiplyAdd(s, v1, b7);
            u += stride;
            v += stride;
        }

        TLanes.Store(a0, t0);
        TLanes.Store(a1, t1);
        TLanes.Store(a2, t2);
        TLanes.Store(a3, t3);
        TLanes.Store(a4, t4);
        TLanes.Store(a5, t5);
        TLanes.Store(a6, t6);
        TLanes.Store(a7, t7);
        TLanes.Store(b0, t0 + w);
        TLanes.Store(b1, t1 + w);
        TLanes.Store(b2, t2 + w);
        TLanes.Store(b3, t3 + w);
        TLanes.Store(b4, t4 + w);
        TLanes.Store(b5, t5 + w);
        TLanes.Store(b6, t6 + w);
        TLanes.Store(b7, t7 + w);
    }

    /// <summary>Eight rows by one vector of the moments.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile1(double* u, double* v, int rows, int stride, double* target)
    {
        double* t0 = target, t1 = t0 + stride, t2 = t1 + stride, t3 = t2 + stride, t4 = t3 + stride, t5 = t4 + stride, t6 = t5 + stride, t7 = t6 + stride;
        TVector a0 = TLanes.Load(t0), a1 = TLanes.Load(t1), a2 = TLanes.Load(t2), a3 = TLanes.Load(t3);
        TVector a4 = TLanes.Load(t4), a5 = TLanes.Load(t5), a6 = TLanes.Load(t6), a7 = TLanes.Load(t7);
        for (int i = 0; i < rows; i++)
        {
            TVector v0 = TLanes.Load(v);
            a0 = TLanes.FusedMultiplyAdd(TLanes.Broadcast(u[0]), v0, a0);
            a1 = TLanes.FusedMultiplyAdd(TLanes.Broadcast(u[1]), v0, a1);
            a2 = TLanes.FusedMultiplyAdd(TLanes.Broadcast(u[2]), v0, a2);
            a3 = TLanes.FusedMultiplyAdd(TLanes.Broadcast(u[3]), v0, a3);
            a4 = TLanes.FusedMultiplyAdd(TLanes.Broadcast(u[4]), v0, a4);
            a5 = TLanes.FusedMultiplyAdd(TLanes.Broadcast(u[5]), v0, a5);
            a6 = TLanes.FusedMultiplyAdd(TLanes.Broadcast(u[6]), v0, a6);
            a7 = TLanes.FusedMultiplyAdd(TLanes.Broadcast(u[7]), v0, a7);
            u += stride;
            v += stride;
        }

        TLanes.Store(a0, t0);
        TLanes.Store(a1, t1);
        TLanes.Store(a2, t2);
        TLanes.Store(a3, t3);
        TLanes.Store(a4, t4);
        TLanes.Store(a5, t5);
        TLanes.Store(a6, t6);
        TLanes.Store(a7, t7);
    }
}
