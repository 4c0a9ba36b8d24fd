using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using OrleansCluster.Numerics.Simd;

namespace OrleansCluster.Numerics.Randomness;

/// <summary>Which of many rows a random choice may fall on, each row's number drawn in a lane. A row's rate is fl(w · D).</summary>
internal abstract unsafe class DrawKernel
{
    /// <summary>The rows with fl(u · potential) &lt; fl(oversampling · rate), in order.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="draws">Names the random numbers.</param>
    /// <param name="potential">φ.</param>
    /// <param name="oversampling">ℓ.</param>
    /// <param name="taken">Out: their places among the rows; room for all.</param>
    /// <returns>How many.</returns>
    public abstract int Sample(Rates rows, in Draws draws, double potential, double oversampling, int* taken);

    /// <summary>
    /// The rows of a rate above 0 that are not certain to arrive after <paramref name="latest"/>, in order: see <see cref="Draws.ArrivalBy"/>.
    /// </summary>
    /// <param name="rows">The rows.</param>
    /// <param name="draws">Names the random numbers.</param>
    /// <param name="latest">Above 0; may be infinite.</param>
    /// <param name="taken">Out: their places among the rows; room for all.</param>
    /// <returns>How many.</returns>
    public abstract int Race(Rates rows, in Draws draws, double latest, int* taken);

    /// <summary>Rows that follow each other.</summary>
    /// <param name="first">Stable id of the first.</param>
    /// <param name="count">How many.</param>
    /// <param name="squared">D of each; null: 1.</param>
    /// <param name="weights">w of each; null: 1.</param>
    public readonly struct Rates(long first, int count, double* squared, double* weights)
    {
        public long First { get; } = first;

        public int Count { get; } = count;

        public double* Squared { get; } = squared;

        public double* Weights { get; } = weights;

        public double At(int row) => (Weights == null ? 1 : Weights[row]) * (Squared == null ? 1 : Squared[row]);
    }

    /// <summary>The kernel of one width.</summary>
    public static DrawKernel For(SimdWidth width) => width switch
    {
        SimdWidth.V512 => new DrawKernel<DoubleLanes512, DrawLanes512, Vector512<double>>(),
        SimdWidth.V256 => new DrawKernel<DoubleLanes256, DrawLanes256, Vector256<double>>(),
        SimdWidth.V128 => new DrawKernel<DoubleLanes128, DrawLanes128, Vector128<double>>(),
        _ => new DrawKernel<DoubleLanesScalar, DrawLanesScalar, double>(),
    };
}

/// <inheritdoc/>
internal sealed unsafe class DrawKernel<TLanes, TDraws, TVector> : DrawKernel
    where TLanes : struct, IRealLanes<TVector>
    where TDraws : struct, IDrawLanes<TVector>
    where TVector : struct
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override int Sample(Rates rows, in Draws draws, double potential, double oversampling, int* taken)
    {
        var schedule = new DrawSchedule(draws);
        TVector phi = TLanes.Broadcast(potential), factor = TLanes.Broadcast(oversampling);
        int found = 0;
        int i = 0;
        for (; i <= rows.Count - TLanes.Width; i += TLanes.Width)
        {
            TVector u = TDraws.Uniform(rows.First + i, schedule);
            for (uint mask = TLanes.LessMask(TLanes.Multiply(u, phi), TLanes.Multiply(factor, Load(rows, i))); mask != 0; mask &= mask - 1)
                taken[found++] = i + BitOperations.TrailingZeroCount(mask);
        }

        for (; i < rows.Count; i++)
        {
            if (draws.Uniform(rows.First + i) * potential < oversampling * rows.At(i))
                taken[found++] = i;
        }

        return found;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override int Race(Rates rows, in Draws draws, double latest, int* taken)
    {
        var schedule = new DrawSchedule(draws);
        uint all = (1u << TLanes.Width) - 1;
        TVector zero = TLanes.Broadcast(0), one = TLanes.Broadcast(1), certain = TLanes.Broadcast(Draws.Certain), bar = TLanes.Broadcast(latest);
        int found = 0;
        int i = 0;
        for (; i <= rows.Count - TLanes.Width; i += TLanes.Width)
        {
            TVector rate = Load(rows, i);
            TVector least = TLanes.Multiply(TLanes.Subtract(one, TDraws.Uniform(rows.First + i, schedule)), certain);
            // A rate of zero makes the right side 0, or no number when the bar is infinite.
            uint late = TLanes.LessMask(TLanes.Multiply(bar, rate), least);
            for (uint mask = all & ~late & TLanes.LessMask(zero, rate); mask != 0; mask &= mask - 1)
                taken[found++] = i + BitOperations.TrailingZeroCount(mask);
        }

        for (; i < rows.Count; i++)
        {
            double rate = rows.At(i);
            if (rate > 0 && !((1 - draws.Uniform(rows.First + i)) * Draws.Certain > latest * rate))
                taken[found++] = i;
        }

        return found;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Load(in Rates rows, int at)
    {
        if (rows.Squared == null)
            return rows.Weights == null ? TLanes.Broadcast(1) : TLanes.Load(rows.Weights + at);
        TVector squared = TLanes.Load(rows.Squared + at);
        return rows.Weights == null ? squared : TLanes.Multiply(TLanes.Load(rows.Weights + at), squared);
    }
}
