using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using OrleansCluster.Numerics.Distances;
using OrleansCluster.Numerics.Simd;

namespace OrleansCluster.Numerics.KMeans.Assign;

/// <summary>
/// Scores of single rows against groups of centres, centres in lanes, and the bounds that come of them.
/// The certificate and the rounding are those of <see cref="NearestKernel"/> and <see cref="BoundKernel"/>; see docs/numerics-certification.md.
/// </summary>
internal abstract unsafe class GroupKernel
{
    /// <summary>Scores a group's centres for every slot that asks for it: the batch's minima, best and second best follow.</summary>
    public abstract void Score(CentroidGroups centres, int group, GroupBatch batch);

    /// <summary>Lists the groups whose bound does not exceed their travel and a threshold; returns how many.</summary>
    public abstract int Failing(float* bounds, float* travel, int groupStride, float threshold, int* failing);

    /// <summary>Renews the bounds of groups that were scored. Returns the least of all bounds less its group's travel.</summary>
    /// <param name="bounds">One a group.</param>
    /// <param name="minima">The least score of each group; infinite where there is none and the bound stays.</param>
    /// <param name="travel">The travel of each group.</param>
    /// <param name="groupStride">Groups, rounded up to whole vectors.</param>
    /// <param name="square">N² of the row.</param>
    /// <param name="error">What a squared distance made of N² and a score may be too great by.</param>
    public abstract float Renew(float* bounds, float* minima, float* travel, int groupStride, float square, float error);

    /// <summary>Bounds of the rows of a tile that was scored against all centres of <see cref="CentroidGroups.Table"/>, rows in lanes.</summary>
    /// <param name="least">The least score of each panel: panels × 32.</param>
    /// <param name="norms">Norm bounds of the rows: 32.</param>
    /// <param name="scores">Least and second least scores: 2 × 32.</param>
    /// <param name="places">The place of the least: 32. Its group's bound is that of the second least.</param>
    /// <param name="unsure">Rows whose winner is not certain: it counts in its group's bound.</param>
    /// <param name="centres">The groups.</param>
    /// <param name="normError"><see cref="Certificate.NormError"/> of the columns.</param>
    /// <param name="travel">The travel of each group.</param>
    /// <param name="bounds">Out: groups, rounded up to whole blocks, × 32; infinite where there is no group.</param>
    public abstract void Begin(
        float* least, float* norms, float* scores, int* places, uint unsure, CentroidGroups centres, float normError, float* travel, float* bounds);

    /// <summary>The kernel of one width.</summary>
    public static GroupKernel For(SimdWidth width) => width switch
    {
        SimdWidth.V512 => new GroupKernel<FloatLanes512, Vector512<float>>(),
        SimdWidth.V256 => new GroupKernel<FloatLanes256, Vector256<float>>(),
        SimdWidth.V128 => new GroupKernel<FloatLanes128, Vector128<float>>(),
        _ => new GroupKernel<FloatLanesScalar, float>(),
    };
}

/// <inheritdoc/>
internal sealed unsafe class GroupKernel<TLanes, TVector> : GroupKernel
    where TLanes : struct, IFloatLanes<TVector>
    where TVector : struct
{
    private const int Panel = CentroidGroups.Panel;
    private const int PassRows = 8;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Score(CentroidGroups centres, int group, GroupBatch batch)
    {
        int count = batch.Counts[group];
        int* slots = batch.List(group);
        int stride = centres.Stride;
        float* scores = stackalloc float[PassRows * Panel];
        for (int p = 0; p < centres.PanelsOf(group); p++)
        {
            int panel = (group * centres.GroupPanels) + p;
            float* table = centres.Scores + ((long)panel * Panel * centres.Columns);
            float* halves = centres.Halves + (panel * Panel);
            for (int i = 0; i < count; i += PassRows)
            {
                int last = count - 1;
                float* r0 = batch.Rows + (slots[i] * stride), r1 = batch.Rows + (slots[Math.Min(i + 1, last)] * stride);
                float* r2 = batch.Rows + (slots[Math.Min(i + 2, last)] * stride), r3 = batch.Rows + (slots[Math.Min(i + 3, last)] * stride);
                if (count - i <= 4)
                {
                    for (int v = 0; v < Panel; v += TLanes.Width)
                        Four(table + v, halves + v, centres.Columns, r0, r1, r2, r3, scores + v);
                }
                else
                {
                    float* r4 = batch.Rows + (slots[i + 4] * stride), r5 = batch.Rows + (slots[Math.Min(i + 5, last)] * stride);
                    float* r6 = batch.Rows + (slots[Math.Min(i + 6, last)] * stride), r7 = batch.Rows + (slots[Math.Min(i + 7, last)] * stride);
                    for (int v = 0; v < Panel; v += TLanes.Width)
                        Eight(table + v, halves + v, centres.Columns, r0, r1, r2, r3, r4, r5, r6, r7, scores + v);
                }

                for (int r = 0; r < Math.Min(PassRows, count - i); r++)
                    Take(scores + (r * Panel), group, panel * Panel, slots[i + r], batch);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override int Failing(float* bounds, float* travel, int groupStride, float threshold, int* failing)
    {
        TVector limit = TLanes.Broadcast(threshold);
        int count = 0;
        for (int g = 0; g < groupStride; g += TLanes.Width)
        {
            uint mask = TLanes.NotGreater(TLanes.Load(bounds + g), TLanes.Add(TLanes.Load(travel + g), limit));
            for (; mask != 0; mask &= mask - 1)
                failing[count++] = g + BitOperations.TrailingZeroCount(mask);
        }

        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override float Renew(float* bounds, float* minima, float* travel, int groupStride, float square, float error)
    {
        TVector none = TLanes.Broadcast(float.PositiveInfinity);
        TVector least = none;
        for (int g = 0; g < groupStride; g += TLanes.Width)
        {
            TVector minimum = TLanes.Load(minima + g);
            TVector travelled = TLanes.Load(travel + g);
            TVector lower = TLanes.FusedMultiplyAdd(
                travelled, TLanes.Broadcast(1 - (1f / (1 << 22))), Lower(minimum, TLanes.Broadcast(square), TLanes.Broadcast(error)));
            TVector bound = TLanes.SelectLess(minimum, none, lower, TLanes.Load(bounds + g));
            TLanes.Store(bound, bounds + g);
            least = TLanes.Min(least, TLanes.Subtract(bound, travelled));
        }

        return TLanes.Least(least);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Begin(
        float* least, float* norms, float* scores, int* places, uint unsure, CentroidGroups centres, float normError, float* travel, float* bounds)
    {
        const int TileRows = NearestKernel.TileRows;
        Certificate certificate = centres.Table.Certificate;
        int groupPanels = centres.GroupTablePanels;
        int stride = Transpose.Stride(centres.Groups);
        float* second = stackalloc float[TileRows];
        for (int i = 0; i < TileRows; i += TLanes.Width)
        {
            TVector norm = TLanes.Load(norms + i);
            TVector square = TLanes.Multiply(norm, norm);
            TVector limit = TLanes.FusedMultiplyAdd(norm, TLanes.FusedMultiplyAdd(
                norm, TLanes.Broadcast(certificate.Quadratic), TLanes.Broadcast(certificate.Linear)), TLanes.Broadcast(certificate.Constant));
            TVector error = TLanes.FusedMultiplyAdd(square, TLanes.Broadcast(normError), TLanes.Multiply(limit, TLanes.Broadcast(1.5f)));
            for (int g = 0; g < centres.Groups; g++)
            {
                int end = Math.Min(centres.Table.Panels, (g + 1) * groupPanels);
                TVector minimum = TLanes.Load(least + (g * groupPanels * TileRows) + i);
                for (int panel = (g * groupPanels) + 1; panel < end; panel++)
                    minimum = TLanes.Min(minimum, TLanes.Load(least + (panel * TileRows) + i));
                TVector bound = TLanes.FusedMultiplyAdd(TLanes.Broadcast(travel[g]), TLanes.Broadcast(1 - (1f / (1 << 22))), Lower(minimum, square, error));
                TLanes.Store(bound, bounds + (g * TileRows) + i);
            }

            for (int g = centres.Groups; g < stride; g++)
                TLanes.Store(TLanes.Broadcast(float.PositiveInfinity), bounds + (g * TileRows) + i);
            TLanes.Store(Lower(TLanes.Load(scores + TileRows + i), square, error), second + i);
        }

        for (int row = 0; row < TileRows; row++)
        {
            int group = places[row] / centres.GroupSize;
            if ((unsure >> row & 1) == 0)
                bounds[(group * TileRows) + row] = MathF.FusedMultiplyAdd(travel[group], 1 - (1f / (1 << 22)), second[row]);
        }
    }

    /// <summary>At most the distance to a centre of this score, with the margin of the bounds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Lower(TVector score, TVector square, TVector error)
    {
        TVector squared = TLanes.Subtract(TLanes.FusedMultiplyAdd(TLanes.Broadcast(2), score, square), error);
        return TLanes.Multiply(TLanes.Sqrt(TLanes.Max(squared, TLanes.Broadcast(0))), TLanes.Broadcast(1 - (1f / (1 << 18))));
    }

    /// <summary>A panel's scores of one slot: the least of them, and what they change in the least two of all. The own centre was counted before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Take(float* scores, int group, int firstPlace, int slot, GroupBatch batch)
    {
        int own = batch.OwnPlace[slot] - firstPlace;
        if ((uint)own < Panel)
            scores[own] = float.PositiveInfinity;
        TVector low = TLanes.Load(scores);
        for (int v = TLanes.Width; v < Panel; v += TLanes.Width)
            low = TLanes.Min(low, TLanes.Load(scores + v));
        float least = TLanes.Least(low);
        float* minimum = batch.Minima + (slot * batch.GroupStride) + group;
        *minimum = least < *minimum ? least : *minimum;
        if (least < batch.RunnerUp[slot])
            Rank(scores, firstPlace, slot, batch);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rank(float* scores, int firstPlace, int slot, GroupBatch batch)
    {
        float best = batch.Best[slot];
        float runnerUp = batch.RunnerUp[slot];
        TVector limit = TLanes.Broadcast(runnerUp);
        uint below = 0;
        for (int v = 0; v < Panel; v += TLanes.Width)
            below |= (~TLanes.NotGreater(limit, TLanes.Load(scores + v)) & (uint)((1L << TLanes.Width) - 1)) << v;
        for (; below != 0; below &= below - 1)
        {
            int lane = BitOperations.TrailingZeroCount(below);
            float score = scores[lane];
            if (score < best)
            {
                (runnerUp, best) = (best, score);
                batch.BestPlace[slot] = firstPlace + lane;
            }
            else if (score < runnerUp)
            {
                runnerUp = score;
            }
        }

        (batch.Best[slot], batch.RunnerUp[slot]) = (best, runnerUp);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Four(float* table, float* halves, int columns, float* r0, float* r1, float* r2, float* r3, float* scores)
    {
        TVector a0 = TLanes.Load(halves), a1 = a0, a2 = a0, a3 = a0;
        for (int j = 0; j < columns; j++)
        {
            TVector c = TLanes.Load(table);
            a0 = TLanes.FusedMultiplyAdd(TLanes.Broadcast(r0[j]), c, a0);
            a1 = TLanes.FusedMultiplyAdd(TLanes.Broadcast(r1[j]), c, a1);
            a2 = TLanes.FusedMultiplyAdd(TLanes.Broadcast(r2[j]), c, a2);
            a3 = TLanes.FusedMultiplyAdd(TLanes.Broadcast(r3[j]), c, a3);
            table += Panel;
        }

        TLanes.Store(a0, scores);
        TLanes.Store(a1, scores + Panel);
        TLanes.Store(a2, scores + (2 * Panel));
        TLanes.Store(a3, scores + (3 * Panel));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Eight(
        float* table, float* halves, int columns, float* r0, float* r1, float* r2, float* r3, float* r4, float* r5, float* r6, float* r7, float* scores)
    {
        TVector a0 = TLanes.Load(halves), a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0, a7 = a0;
        for (int j = 0; j < columns; j++)
        {
            TVector c = TLanes.Load(table);
            a0 = TLanes.FusedMultiplyAdd(TLanes.Broadcast(r0[j]), c, a0);
            a1 = TLanes.FusedMultiplyAdd(TLanes.Broadcast(r1[j]), c, a1);
            a2 = TLanes.FusedMultiplyAdd(TLanes.Broadcast(r2[j]), c, a2);
            a3 = TLanes.FusedMultiplyAdd(TLanes.Broadcast(r3[j]), c, a3);
            a4 = TLanes.FusedMultiplyAdd(TLanes.Broadcast(r4[j]), c, a4);
            a5 = TLanes.FusedMultiplyAdd(TLanes.Broadcast(r5[j]), c, a5);
            a6 = TLanes.FusedMultiplyAdd(TLanes.Broadcast(r6[j]), c, a6);
            a7 = TLanes.FusedMultiplyAdd(TLanes.Broadcast(r7[j]), c, a7);
            table += Panel;
        }

        TLanes.Store(a0, scores);
        TLanes.Store(a1, scores + Panel);
        TLanes.Store(a2, scores + (2 * Panel));
        TLanes.Store(a3, scores + (3 * Panel));
        TLanes.Store(a4, scores + (4 * Panel));
        TLanes.Store(a5, scores + (5 * Panel));
        TLanes.Store(a6, scores + (6 * Panel));
        TLanes.Store(a7, scores + (7 * Panel));
    }
}
