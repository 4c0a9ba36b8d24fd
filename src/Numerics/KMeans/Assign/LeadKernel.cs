using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using OrleansCluster.Numerics.Distances;
using OrleansCluster.Numerics.Simd;

namespace OrleansCluster.Numerics.KMeans.Assign;

/// <summary>
/// The leads of a tile's rows: by how much the nearest of the other centres is at least farther than a row's own, and what is left of that
/// when centres move. Rows in lanes; everything is rounded against the row; see docs/numerics-certification.md.
/// </summary>
internal abstract unsafe class LeadKernel
{
    /// <summary>What is known of the 32 rows of a tile before centres are looked at.</summary>
    /// <param name="tile">The rows.</param>
    /// <param name="travel">How far centres travelled.</param>
    /// <param name="share">The share of a lead that moves may use up.</param>
    /// <param name="farthest">The greatest move.</param>
    /// <param name="next">The greatest move of centres beyond the first panel.</param>
    /// <param name="one">Rows whose lead is worn out by moves of the first panel only.</param>
    /// <returns>Rows whose lead no move wears out.</returns>
    public abstract uint Leads(ScreenTile tile, Travel travel, float share, float farthest, float next, out uint one);

    /// <summary>Renews the bounds of rows of a tile that keep their label. Returns those of them that may not: a screened centre may be as near.</summary>
    /// <param name="tile">The rows, with the least score that each was screened to.</param>
    /// <param name="which">Rows to renew.</param>
    /// <param name="travel">How far centres travelled.</param>
    /// <param name="certificate">The bound on the scores.</param>
    /// <param name="normError"><see cref="Certificate.NormError"/> of the columns.</param>
    public abstract uint Renew(ScreenTile tile, uint which, Travel travel, Certificate certificate, float normError);

    /// <summary>The kernel of one width.</summary>
    public static LeadKernel For(SimdWidth width) => width switch
    {
        SimdWidth.V512 => new LeadKernel<FloatLanes512, Vector512<float>>(),
        SimdWidth.V256 => new LeadKernel<FloatLanes256, Vector256<float>>(),
        SimdWidth.V128 => new LeadKernel<FloatLanes128, Vector128<float>>(),
        _ => new LeadKernel<FloatLanesScalar, float>(),
    };
}

/// <inheritdoc/>
internal sealed unsafe class LeadKernel<TLanes, TVector> : LeadKernel
    where TLanes : struct, IFloatLanes<TVector>
    where TVector : struct
{
    private const int TileRows = NearestKernel.TileRows;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override uint Leads(ScreenTile tile, Travel travel, float share, float farthest, float next, out uint one)
    {
        uint none = 0, some = 0;
        for (int i = 0; i < TileRows; i += TLanes.Width)
        {
            int* labels = tile.Labels + i;
            TVector lower = TLanes.Subtract(TLanes.Load(tile.LowerBounds + i), TLanes.Gather(travel.OthersBefore, labels));
            TVector upper = TLanes.Add(TLanes.Load(tile.UpperBounds + i), TLanes.Gather(travel.Own, labels));
            TVector lead = TLanes.Multiply(TLanes.Subtract(lower, upper), TLanes.Broadcast(share));
            TLanes.Store(lower, tile.Lower + i);
            TLanes.Store(upper, tile.Upper + i);
            none |= ~TLanes.NotGreater(lead, TLanes.Broadcast(farthest)) << i & Lanes(i);
            some |= ~TLanes.NotGreater(lead, TLanes.Broadcast(next)) << i & Lanes(i);
            TVector nearer = TLanes.SelectLess(TLanes.Broadcast(farthest), lead, TLanes.Broadcast(farthest), TLanes.Broadcast(next));
            TLanes.Store(nearer, tile.Nearer + i);
            TLanes.Store(TLanes.Broadcast(float.PositiveInfinity), tile.Least + i);
        }

        one = some & ~none;
        return none;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override uint Renew(ScreenTile tile, uint which, Travel travel, Certificate certificate, float normError)
    {
        uint doubtful = 0;
        TVector less = TLanes.Broadcast(1 - (1f / (1 << 22)));
        float* lowers = stackalloc float[16], slacks = stackalloc float[16];
        for (int i = 0; i < TileRows; i += TLanes.Width)
        {
            uint here = which & Lanes(i);
            if (here == 0)
                continue;
            int* labels = tile.Labels + i;
            TVector norm = TLanes.Load(tile.Norms + i);
            TVector square = TLanes.Multiply(norm, norm);
            TVector limit = TLanes.FusedMultiplyAdd(norm, TLanes.FusedMultiplyAdd(
                norm, TLanes.Broadcast(certificate.Quadratic), TLanes.Broadcast(certificate.Linear)), TLanes.Broadcast(certificate.Constant));
            TVector error = TLanes.FusedMultiplyAdd(square, TLanes.Broadcast(normError), TLanes.Multiply(limit, TLanes.Broadcast(1.5f)));
            TVector squared = TLanes.Subtract(TLanes.FusedMultiplyAdd(TLanes.Broadcast(2), TLanes.Load(tile.Least + i), square), error);
            TVector nearest = TLanes.Multiply(TLanes.Sqrt(TLanes.Max(squared, TLanes.Broadcast(0))), TLanes.Broadcast(1 - (1f / (1 << 18))));
            TVector upper = TLanes.Load(tile.Upper + i);
            TVector lower = TLanes.Min(TLanes.Subtract(TLanes.Load(tile.Lower + i), TLanes.Load(tile.Nearer + i)), nearest);
            uint unlike = TLanes.NotGreater(nearest, upper) << i & here;
            doubtful |= unlike;
            TLanes.Store(TLanes.FusedMultiplyAdd(TLanes.Gather(travel.Others, labels), less, lower), lowers);
            TLanes.Store(TLanes.FusedMultiplyAdd(TLanes.Gather(travel.Table, labels), less, TLanes.Subtract(lower, upper)), slacks);
            here &= ~unlike;
            if (here == Lanes(i))
            {
                TLanes.Store(TLanes.Load(lowers), tile.LowerBounds + i);
                TLanes.Store(TLanes.Load(slacks), tile.Slack + i);
                continue;
            }

            for (; here != 0; here &= here - 1)
            {
                int row = BitOperations.TrailingZeroCount(here);
                (tile.LowerBounds[row], tile.Slack[row]) = (lowers[row - i], slacks[row - i]);
            }
        }

        return doubtful;
    }

    /// <summary>The bits of a vector's lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Lanes(int first) => (uint)((1UL << TLanes.Width) - 1) << first;
}
