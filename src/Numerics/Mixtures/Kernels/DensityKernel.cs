using System.Runtime.CompilerServices;
using OrleansCluster.Numerics.Simd;

namespace OrleansCluster.Numerics.Mixtures.Kernels;

/// <summary>
/// Weighted log-densities of one component for a panel of 32 rows, rows in lanes. Stops early when what is summed up so far already puts every row below
/// the part that counts: sums of squares only grow, and rounding is monotone, so that nothing is lost.
/// </summary>
internal static unsafe class DensityKernel<TLanes, TVector>
    where TLanes : struct, IRealLanes<TVector>
    where TVector : struct
{
    /// <summary>Rows of a panel.</summary>
    public const int Panel = ChunkScratch.Panel;

    /// <summary>One component.</summary>
    /// <param name="table">The mixture.</param>
    /// <param name="component">Which.</param>
    /// <param name="x">Padded columns × 32: centred rows.</param>
    /// <param name="solved">Scratch of the same size.</param>
    /// <param name="best">The greatest log-density of each row so far; updated.</param>
    /// <param name="densities">Receives the log-densities; −∞ where they do not count.</param>
    /// <returns>Rows whose density was evaluated to the end.</returns>
    public static int Evaluate(DensityTable table, int component, double* x, double* solved, double* best, double* densities)
    {
        double* mean = table.Mean(component);
        double* factor = table.Factor(component);
        double constant = table.Constants[component];
        int evaluated = 0;
        for (int row = 0; row < Panel; row += 4 * TLanes.Width)
        {
            bool counts = table.Triangular
                ? Triangular(factor, mean, constant, table.Padded, x + row, solved, best + row, densities + row)
                : Diagonal(factor, mean, constant, table.Padded, x + row, best + row, densities + row);
            if (counts)
                evaluated += 4 * TLanes.Width;
            else
                new Span<double>(densities + row, 4 * TLanes.Width).Fill(double.NegativeInfinity);
        }

        return evaluated;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool Triangular(double* factor, double* mean, double constant, int columns, double* x, double* solved, double* best, double* densities)
    {
        int w = TLanes.Width;
        TVector enough0 = Enough(constant, best), enough1 = Enough(constant, best + w);
        TVector enough2 = Enough(constant, best + (2 * w)), enough3 = Enough(constant, best + (3 * w));
        TVector q0 = TLanes.Broadcast(0), q1 = q0, q2 = q0, q3 = q0;
        for (int j = 0; j < columns; j += DensityTable.Block)
        {
            double* from = x + (j * Panel);
            TVector m = TLanes.Broadcast(mean[j]);
            TVector a0 = TLanes.Subtract(TLanes.Load(from), m), a1 = TLanes.Subtract(TLanes.Load(from + w), m);
            TVector a2 = TLanes.Subtract(TLanes.Load(from + (2 * w)), m), a3 = TLanes.Subtract(TLanes.Load(from + (3 * w)), m);
            from += Panel;
            m = TLanes.Broadcast(mean[j + 1]);
            TVector b0 = TLanes.Subtract(TLanes.Load(from), m), b1 = TLanes.Subtract(TLanes.Load(from + w), m);
            TVector b2 = TLanes.Subtract(TLanes.Load(from + (2 * w)), m), b3 = TLanes.Subtract(TLanes.Load(from + (3 * w)), m);
            from += Panel;
            m = TLanes.Broadcast(mean[j + 2]);
            TVector c0 = TLanes.Subtract(TLanes.Load(from), m), c1 = TLanes.Subtract(TLanes.Load(from + w), m);
            TVector c2 = TLanes.Subtract(TLanes.Load(from + (2 * w)), m), c3 = TLanes.Subtract(TLanes.Load(from + (3 * w)), m);
            from += Panel;
            m = TLanes.Broadcast(mean[j + 3]);
            TVector d0 = TLanes.Subtract(TLanes.Load(from), m), d1 = TLanes.Subtract(TLanes.Load(from + w), m);
            TVector d2 = TLanes.Subtract(TLanes.Load(from + (2 * w)), m), d3 = TLanes.Subtract(TLanes.Load(from + (3 * w)), m);
            double* y = solved;
            for (int i = 0; i < j; i++)
            {
                TVector y0 = TLanes.Load(y), y1 = TLanes.Load(y + w), y2 = TLanes.Load(y + (2 * w)), y3 = TLanes.Load(y + (3 * w));
                TVector l = TLanes.Broadcast(factor[0]);
                a0 = TLanes.NegativeMultiplyAdd(l, y0, a0);
                a1 = TLanes.NegativeMultiplyAdd(l, y1, a1);
                a2 = TLanes.NegativeMultiplyAdd(l, y2, a2);
                a3 = TLanes.NegativeMultiplyAdd(l, y3, a3);
                l = TLanes.Broadcast(factor[1]);
                b0 = TLanes.NegativeMultiplyAdd(l, y0, b0);
                b1 = TLanes.NegativeMultiplyAdd(l, y1, b1);
                b2 = TLanes.NegativeMultiplyAdd(l, y2, b2);
                b3 = TLanes.NegativeMultiplyAdd(l, y3, b3);
                l = TLanes.Broadcast(factor[2]);
                c0 = TLanes.NegativeMultiplyAdd(l, y0, c0);
                c1 = TLanes.NegativeMultiplyAdd(l, y1, c1);
                c2 = TLanes.NegativeMultiplyAdd(l, y2, c2);
                c3 = TLanes.NegativeMultiplyAdd(l, y3, c3);
                l = TLanes.Broadcast(factor[3]);
                d0 = TLanes.NegativeMultiplyAdd(l, y0, d0);
                d1 = TLanes.NegativeMultiplyAdd(l, y1, d1);
                d2 = TLanes.NegativeMultiplyAdd(l, y2, d2);
                d3 = TLanes.NegativeMultiplyAdd(l, y3, d3);
                factor += DensityTable.Block;
                y += 4 * w;
            }

            // The four rows of the factor among themselves: solve one, take it out of the next ones.
            TVector s = TLanes.Broadcast(factor[6]);
            Solve(ref a0, ref a1, ref a2, ref a3, s, y, ref q0, ref q1, ref q2, ref q3);
            s = TLanes.Broadcast(factor[0]);
            TakeOut(s, a0, a1, a2, a3, ref b0, ref b1, ref b2, ref b3);
            s = TLanes.Broadcast(factor[1]);
            TakeOut(s, a0, a1, a2, a3, ref c0, ref c1, ref c2, ref c3);
            s = TLanes.Broadcast(factor[2]);
            TakeOut(s, a0, a1, a2, a3, ref d0, ref d1, ref d2, ref d3);
            s = TLanes.Broadcast(factor[7]);
            Solve(ref b0, ref b1, ref b2, ref b3, s, y + (4 * w), ref q0, ref q1, ref q2, ref q3);
            s = TLanes.Broadcast(factor[3]);
            TakeOut(s, b0, b1, b2, b3, ref c0, ref c1, ref c2, ref c3);
            s = TLanes.Broadcast(factor[4]);
            TakeOut(s, b0, b1, b2, b3, ref d0, ref d1, ref d2, ref d3);
            s = TLanes.Broadcast(factor[8]);
            Solve(ref c0, ref c1, ref c2, ref c3, s, y + (8 * w), ref q0, ref q1, ref q2, ref q3);
            s = TLanes.Broadcast(factor[5]);
            TakeOut(s, c0, c1, c2, c3, ref d0, ref d1, ref d2, ref d3);
            s = TLanes.Broadcast(factor[9]);
            Solve(ref d0, ref d1, ref d2, ref d3, s, y + (12 * w), ref q0, ref q1, ref q2, ref q3);
            factor += DensityTable.Corner;
            if (Exceeds(q0, q1, q2, q3, enough0, enough1, enough2, enough3))
                return false;
        }

        Finish(constant, q0, q1, q2, q3, best, densities);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool Diagonal(double* inverses, double* mean, double constant, int columns, double* x, double* best, double* densities)
    {
        int w = TLanes.Width;
        TVector enough0 = Enough(constant, best), enough1 = Enough(constant, best + w);
        TVector enough2 = Enough(constant, best + (2 * w)), enough3 = Enough(constant, best + (3 * w));
        TVector q0 = TLanes.Broadcast(0), q1 = q0, q2 = q0, q3 = q0;
        for (int j = 0; j < columns; j++)
        {
            double* from = x + (j * Panel);
            TVector m = TLanes.Broadcast(mean[j]);
            TVector s = TLanes.Broadcast(inverses[j]);
            TVector y0 = TLanes.Multiply(TLanes.Subtract(TLanes.Load(from), m), s);
            TVector y1 = TLanes.Multiply(TLanes.Subtract(TLanes.Load(from + w), m), s);
            TVector y2 = TLanes.Multiply(TLanes.Subtract(TLanes.Load(from + (2 * w)), m), s);
            TVector y3 = TLanes.Multiply(TLanes.Subtract(TLanes.Load(from + (3 * w)), m), s);
            q0 = TLanes.FusedMultiplyAdd(y0, y0, q0);
            q1 = TLanes.FusedMultiplyAdd(y1, y1, q1);
            q2 = TLanes.FusedMultiplyAdd(y2, y2, q2);
            q3 = TLanes.FusedMultiplyAdd(y3, y3, q3);
            if (j % DensityTable.Block == DensityTable.Block - 1 && Exceeds(q0, q1, q2, q3, enough0, enough1, enough2, enough3))
                return false;
        }

        Finish(constant, q0, q1, q2, q3, best, densities);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Solve(
        ref TVector r0, ref TVector r1, ref TVector r2, ref TVector r3, TVector inverse, double* y, ref TVector q0, ref TVector q1, ref TVector q2,
            ref TVector q3)
    {
        int w = TLanes.Width;
        r0 = TLanes.Multiply(r0, inverse);
        r1 = TLanes.Multiply(r1, inverse);
        r2 = TLanes.Multiply(r2, inverse);
        r3 = TLanes.Multiply(r3, inverse);
        TLanes.Store(r0, y);
        TLanes.Store(r1, y + w);
        TLanes.Store(r2, y + (2 * w));
        TLanes.Store(r3, y + (3 * w));
        q0 = TLanes.FusedMultiplyAdd(r0, r0, q0);
        q1 = TLanes.FusedMultiplyAdd(r1, r1, q1);
        q2 = TLanes.FusedMultiplyAdd(r2, r2, q2);
        q3 = TLanes.FusedMultiplyAdd(r3, r3, q3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TakeOut(
        TVector l, TVector y0, TVector y1, TVector y2, TVector y3, ref TVector r0, ref TVector r1, ref TVector r2, ref TVector r3)
    {
        r0 = TLanes.NegativeMultiplyAdd(l, y0, r0);
        r1 = TLanes.NegativeMultiplyAdd(l, y1, r1);
        r2 = TLanes.NegativeMultiplyAdd(l, y2, r2);
        r3 = TLanes.NegativeMultiplyAdd(l, y3, r3);
    }

    /// <summary>Whether no row's density can count any more. Looks no further than the first vector in which one can.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Exceeds(
        TVector q0, TVector q1, TVector q2, TVector q3, TVector enough0, TVector enough1, TVector enough2, TVector enough3)
    {
        uint all = (1u << TLanes.Width) - 1;
        return TLanes.LessMask(enough0, q0) == all && TLanes.LessMask(enough1, q1) == all
            && TLanes.LessMask(enough2, q2) == all && TLanes.LessMask(enough3, q3) == all;
    }

    /// <summary>
    /// A sum of squares above this makes the density negligible: 2 (constant − best + 42), which is 0.8 more than exact numbers need, and
    /// 2^−44 of the magnitudes more against rounding.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Enough(double constant, double* best)
    {
        TVector greatest = TLanes.Load(best);
        TVector above = TLanes.Subtract(TLanes.Broadcast(constant + DensityTable.BeyondNegligible), greatest);
        TVector zero = TLanes.Broadcast(0);
        TVector magnitude = TLanes.SelectLess(greatest, zero, TLanes.Subtract(zero, greatest), greatest);
        magnitude = TLanes.Add(magnitude, TLanes.Broadcast(Math.Abs(constant) + DensityTable.BeyondNegligible));
        return TLanes.FusedMultiplyAdd(TLanes.Broadcast(1.0 / (1L << 44)), magnitude, TLanes.Add(above, above));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(double constant, TVector q0, TVector q1, TVector q2, TVector q3, double* best, double* densities)
    {
        int w = TLanes.Width;
        Finish(constant, q0, best, densities);
        Finish(constant, q1, best + w, densities + w);
        Finish(constant, q2, best + (2 * w), densities + (2 * w));
        Finish(constant, q3, best + (3 * w), densities + (3 * w));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(double constant, TVector squared, double* best, double* densities)
    {
        TVector density = TLanes.FusedMultiplyAdd(TLanes.Broadcast(-0.5), squared, TLanes.Broadcast(constant));
        TVector greatest = TLanes.Load(best);
        TLanes.Store(density, densities);
        TLanes.Store(TLanes.SelectLess(greatest, density, density, greatest), best);
    }
}
