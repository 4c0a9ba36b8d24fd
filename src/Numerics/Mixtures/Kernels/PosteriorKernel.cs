using System.Runtime.CompilerServices;
using OrleansCluster.Numerics.Functions;
using OrleansCluster.Numerics.Simd;

namespace OrleansCluster.Numerics.Mixtures.Kernels;

/// <summary>Responsibilities of a panel of 32 rows from the log-densities of the components that count.</summary>
internal static unsafe class PosteriorKernel<TLanes, TVector>
    where TLanes : struct, IRealLanes<TVector>
    where TVector : struct
{
    private const int Panel = ChunkScratch.Panel;

    /// <summary>Replaces log-densities by e^(l − greatest), zero where negligible, and sums them in index order.</summary>
    /// <param name="active">The components that count, ascending.</param>
    /// <param name="densities">Components × 32.</param>
    /// <param name="best">The greatest log-density of each row.</param>
    /// <param name="sums">Receives the sums.</param>
    /// <param name="labels">Receives the first component of greatest log-density, as a number.</param>
    /// <param name="logDensities">Receives ln p(x).</param>
    /// <param name="logCertainties">Receives ln of the greatest responsibility.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Normalize(
        ReadOnlySpan<int> active, double* densities, double* best, double* sums, double* labels, double* logDensities, double* logCertainties)
    {
        TVector zero = TLanes.Broadcast(0);
        TVector least = TLanes.Broadcast(-MixtureOracle.Negligible);
        for (int row = 0; row < Panel; row += TLanes.Width)
        {
            TVector greatest = TLanes.Load(best + row);
            TVector sum = zero;
            TVector label = zero;
            TVector above = TLanes.Broadcast(double.MinValue);
            foreach (int c in active)
            {
                double* at = densities + (c * Panel) + row;
                TVector density = TLanes.Load(at);
                label = TLanes.SelectLess(above, density, TLanes.Broadcast(c), label);
                above = TLanes.SelectLess(above, density, density, above);
                TVector below = TLanes.Subtract(density, greatest);
                TVector share = TLanes.SelectLess(below, least, zero, Elementary<TLanes, TVector>.Exp(below));
                TLanes.Store(share, at);
                sum = TLanes.Add(sum, share);
            }

            TVector certainty = TLanes.Subtract(zero, Elementary<TLanes, TVector>.Log(sum));
            TLanes.Store(certainty, logCertainties + row);
            TLanes.Store(TLanes.Subtract(greatest, certainty), logDensities + row);
            TLanes.Store(label, labels + row);
            // A row of density 0 has no responsibilities: 0 / 1 instead of 0 / 0.
            TLanes.Store(TLanes.SelectLess(zero, sum, sum, TLanes.Broadcast(1)), sums + row);
        }
    }

    /// <summary>Shares w·r of one component: r = e / sum, zero below 2^−60.</summary>
    /// <returns>Bit i tells whether row i has a share above 0.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static uint Share(double* exponentials, double* sums, double* weights, double* shares)
    {
        TVector zero = TLanes.Broadcast(0);
        TVector least = TLanes.Broadcast(MixtureOracle.LeastResponsibility);
        uint mask = 0;
        for (int row = 0; row < Panel; row += TLanes.Width)
        {
            TVector responsibility = TLanes.Divide(TLanes.Load(exponentials + row), TLanes.Load(sums + row));
            responsibility = TLanes.SelectLess(responsibility, least, zero, responsibility);
            TVector share = TLanes.Multiply(responsibility, TLanes.Load(weights + row));
            TLanes.Store(share, shares + row);
            mask |= TLanes.LessMask(zero, share) << row;
        }

        return mask;
    }
}
