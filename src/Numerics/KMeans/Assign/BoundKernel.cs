using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using OrleansCluster.Numerics.Distances;
using OrleansCluster.Numerics.Simd;

namespace OrleansCluster.Numerics.KMeans.Assign;

/// <summary>
/// A row's slack: how far centres may travel before another could be its nearest. From the two least scores of a row,
/// slack = (lower bound of the distance to the second nearest centre) − (upper bound of that to the nearest) + the travel so far;
/// the row keeps its label while its slack exceeds the travel. Everything is rounded against the row; see docs/numerics-certification.md.
/// </summary>
internal abstract unsafe class BoundKernel
{
    /// <summary>The score of one centre.</summary>
    /// <param name="row">A centred row, zero up to the stride.</param>
    /// <param name="centre">−c̃, zero up to the stride.</param>
    /// <param name="half">½|c̃|².</param>
    /// <param name="stride">Columns, rounded up to whole vectors.</param>
    public abstract float Score(float* row, float* centre, float half, int stride);

    /// <summary>The slack of rows that a kernel has just labelled.</summary>
    /// <param name="norms">Norm bounds of the rows: tiles × 32.</param>
    /// <param name="scores">Least and second least scores: tiles × 2 × 32.</param>
    /// <param name="labels">Labels of the rows: tiles × 32.</param>
    /// <param name="count">Number of tiles.</param>
    /// <param name="certificate">The bound on the scores.</param>
    /// <param name="normError"><see cref="Certificate.NormError"/> of the columns.</param>
    /// <param name="travel">The travel of each label so far.</param>
    /// <param name="slack">Out: tiles × 32; for rows that the kernel did not certify it is of no meaning.</param>
    public abstract void Slack(float* norms, float* scores, int* labels, int count, Certificate certificate, float normError, float* travel, float* slack);

    /// <summary>A bit for each row whose slack no longer exceeds the travel of its label.</summary>
    /// <param name="slack">Tiles × 32.</param>
    /// <param name="labels">Tiles × 32.</param>
    /// <param name="tiles">Number of tiles.</param>
    /// <param name="travel">The travel of each label so far.</param>
    /// <param name="spent">Out: a mask for each tile.</param>
    public abstract void Spent(float* slack, int* labels, int tiles, Travel travel, uint* spent);

    /// <summary>The same for one tile.</summary>
    public uint Spent(float* slack, int* labels, Travel travel)
    {
        uint spent;
        Spent(slack, labels, 1, travel, &spent);
        return spent;
    }

    /// <summary>The kernel of one width.</summary>
    public static BoundKernel For(SimdWidth width) => width switch
    {
        SimdWidth.V512 => new BoundKernel<FloatLanes512, Vector512<float>>(),
        SimdWidth.V256 => new BoundKernel<FloatLanes256, Vector256<float>>(),
        SimdWidth.V128 => new BoundKernel<FloatLanes128, Vector128<float>>(),
        _ => new BoundKernel<FloatLanesScalar, float>(),
    };
}

/// <inheritdoc/>
internal sealed unsafe class BoundKernel<TLanes, TVector> : BoundKernel
    where TLanes : struct, IFloatLanes<TVector>
    where TVector : struct
{
    private const int TileRows = NearestKernel.TileRows;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override float Score(float* row, float* centre, float half, int stride)
    {
        TVector sum = TLanes.Broadcast(0), other = sum;
        int j = 0;
        for (; j <= stride - (2 * TLanes.Width); j += 2 * TLanes.Width)
        {
            sum = TLanes.FusedMultiplyAdd(TLanes.Load(row + j), TLanes.Load(centre + j), sum);
            other = TLanes.FusedMultiplyAdd(TLanes.Load(row + j + TLanes.Width), TLanes.Load(centre + j + TLanes.Width), other);
        }

        if (j < stride)
            sum = TLanes.FusedMultiplyAdd(TLanes.Load(row + j), TLanes.Load(centre + j), sum);
        return half + TLanes.Sum(TLanes.Add(sum, other));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Slack(float* norms, float* scores, int* labels, int count, Certificate certificate, float normError, float* travel, float* slack)
    {
        TVector constant = TLanes.Broadcast(certificate.Constant);
        TVector linear = TLanes.Broadcast(certificate.Linear);
        TVector quadratic = TLanes.Broadcast(certificate.Quadratic);
        TVector zero = TLanes.Broadcast(0);
        TVector two = TLanes.Broadcast(2);
        for (int i = 0; i < count * TileRows; i += TLanes.Width)
        {
            float* best = scores + (i / TileRows * 2 * TileRows) + (i % TileRows);
            TVector norm = TLanes.Load(norms + i);
            TVector square = TLanes.Multiply(norm, norm);
            TVector bound = TLanes.FusedMultiplyAdd(norm, TLanes.FusedMultiplyAdd(norm, quadratic, linear), constant);
            // The scores' error is within the bound; half of it again covers the roundings here.
            TVector error = TLanes.FusedMultiplyAdd(square, TLanes.Broadcast(normError), TLanes.Multiply(bound, TLanes.Broadcast(1.5f)));
            TVector upper = TLanes.Add(TLanes.FusedMultiplyAdd(two, TLanes.Load(best), square), error);
            TVector lower = TLanes.Subtract(TLanes.FusedMultiplyAdd(two, TLanes.Load(best + TileRows), square), error);
            upper = TLanes.Multiply(TLanes.Sqrt(TLanes.Max(upper, zero)), TLanes.Broadcast(1 + (1f / (1 << 18))));
            lower = TLanes.Multiply(TLanes.Sqrt(TLanes.Max(lower, zero)), TLanes.Broadcast(1 - (1f / (1 << 18))));
            TVector lead = TLanes.Subtract(TLanes.Subtract(lower, upper), TLanes.Broadcast(1e-15f));
            TVector travelled = TLanes.Gather(travel, labels + i);
            TLanes.Store(TLanes.FusedMultiplyAdd(travelled, TLanes.Broadcast(1 - (1f / (1 << 22))), lead), slack + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Spent(float* slack, int* labels, int tiles, Travel travel, uint* spent)
    {
        float* table = travel.Table;
        int entries = travel.K;
        for (int tile = 0; tile < tiles; tile++, slack += TileRows, labels += TileRows)
        {
            uint mask = 0;
            for (int i = 0; i < TileRows; i += TLanes.Width)
                mask |= TLanes.NotGreater(TLanes.Load(slack + i), TLanes.Look(table, entries, labels + i)) << i;
            spent[tile] = mask;
        }
    }
}
