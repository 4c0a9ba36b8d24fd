using System.Runtime.CompilerServices;
using OrleansCluster.Numerics.Simd;

namespace OrleansCluster.Numerics.Mixtures.Kernels;

/// <summary>Passes over components that cannot count for any of a panel's 32 rows, rows in lanes, by <see cref="ScreenTable"/>. Changes time only.</summary>
internal static unsafe class ScreenKernel<TLanes, TVector>
    where TLanes : struct, IFloatLanes<TVector>
    where TVector : struct
{
    private const int Panel = ChunkScratch.Panel;

    /// <summary>A sum beyond it may be one of values that overflowed, and says nothing.</summary>
    private const float Greatest = 1e30f;

    /// <summary>Whether every row of the panel has a density under the component that is negligible beside its greatest one.</summary>
    /// <param name="terms">Scales and shifts of the component's columns.</param>
    /// <param name="limit">The component's part of the limits.</param>
    /// <param name="columns">Columns with padding, a multiple of 4.</param>
    /// <param name="x">Columns × 32: the panel's centred rows.</param>
    /// <param name="limits">The rows' part of the limits.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool Excludes(float* terms, float limit, int columns, float* x, float* limits)
    {
        int w = TLanes.Width;
        TVector common = TLanes.Broadcast(limit);
        for (int row = 0; row < Panel; row += 2 * w)
        {
            TVector limit0 = TLanes.Add(TLanes.Load(limits + row), common), limit1 = TLanes.Add(TLanes.Load(limits + row + w), common);
            TVector a0 = TLanes.Broadcast(0), a1 = a0, b0 = a0, b1 = a0;
            float* from = x + row;
            float* at = terms;
            int left = columns;
            TVector sum0, sum1;
            do
            {
                if (left == 0)
                    return false;
                // Two sums a vector: additions of one wait for each other.
                TVector scale = TLanes.Broadcast(at[0]), shift = TLanes.Broadcast(at[1]);
                TVector z0 = TLanes.FusedMultiplyAdd(TLanes.Load(from), scale, shift), z1 = TLanes.FusedMultiplyAdd(TLanes.Load(from + w), scale, shift);
                a0 = TLanes.FusedMultiplyAdd(z0, z0, a0);
                a1 = TLanes.FusedMultiplyAdd(z1, z1, a1);
                (scale, shift) = (TLanes.Broadcast(at[2]), TLanes.Broadcast(at[3]));
                z0 = TLanes.FusedMultiplyAdd(TLanes.Load(from + Panel), scale, shift);
                z1 = TLanes.FusedMultiplyAdd(TLanes.Load(from + Panel + w), scale, shift);
                b0 = TLanes.FusedMultiplyAdd(z0, z0, b0);
                b1 = TLanes.FusedMultiplyAdd(z1, z1, b1);
                (scale, shift) = (TLanes.Broadcast(at[4]), TLanes.Broadcast(at[5]));
                z0 = TLanes.FusedMultiplyAdd(TLanes.Load(from + (2 * Panel)), scale, shift);
                z1 = TLanes.FusedMultiplyAdd(TLanes.Load(from + (2 * Panel) + w), scale, shift);
                a0 = TLanes.FusedMultiplyAdd(z0, z0, a0);
                a1 = TLanes.FusedMultiplyAdd(z1, z1, a1);
                (scale, shift) = (TLanes.Broadcast(at[6]), TLanes.Broadcast(at[7]));
                z0 = TLanes.FusedMultiplyAdd(TLanes.Load(from + (3 * Panel)), scale, shift);
                z1 = TLanes.FusedMultiplyAdd(TLanes.Load(from + (3 * Panel) + w), scale, shift);
                b0 = TLanes.FusedMultiplyAdd(z0, z0, b0);
                b1 = TLanes.FusedMultiplyAdd(z1, z1, b1);
                from += 4 * Panel;
                at += 8;
                left -= 4;
                (sum0, sum1) = (TLanes.Add(a0, b0), TLanes.Add(a1, b1));
            }
            while ((TLanes.NotGreater(sum0, limit0) | TLanes.NotGreater(sum1, limit1)) != 0);
            TVector greatest = TLanes.Broadcast(Greatest);
            if ((TLanes.NotGreater(greatest, sum0) | TLanes.NotGreater(greatest, sum1)) != 0)
                return false;
        }

        return true;
    }
}
