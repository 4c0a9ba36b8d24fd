using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace OrleansCluster.Numerics.KMeans;

/// <content>The objective of an iteration, from its totals.</content>
internal sealed partial class ClusterTotals
{
    /// <summary>Columns that are summed side by side: they lie beside each other, and hide each other's latency.</summary>
    private const int Together = 8;

    /// <summary>Sums below which compiling the lanes takes longer than they save in a training.</summary>
    private const int LeastForLanes = 1 << 14;

    /// <summary>Exponents of a grid, up and down, on which no sum of 64 bits leaves the normal numbers.</summary>
    private const int GreatestExponent = 900;

    /// <summary>
    /// The objective Σ w·D of the centres that the rows were assigned to, of the rows as the grid holds them:
    /// Q − Σ (2S − Wc)·c with c relative to the origin, in about 106 bits because nearly all of it cancels when clusters are tight.
    /// </summary>
    /// <param name="frame">The grid of the sums.</param>
    /// <param name="moments">Of the rows.</param>
    /// <param name="current">k × d centres that the rows were assigned to.</param>
    /// <param name="parallel">Where columns run.</param>
    public double Objective(ColumnFrame frame, Moments moments, double[] current, IParallel parallel)
    {
        var weights = new DoubleDouble[K];
        for (int c = 0; c < K; c++)
            weights[c] = DoubleDouble.From(Weight(c)).Scale(frame.WeightExponent);
        var parts = new DoubleDouble[Columns];
        for (int j = 0; j < Columns; j++)
            parts[j] = DoubleDouble.From(moments.Squares(j)).Scale((2 * frame.RangeExponents[j]) + frame.WeightExponent - Moments.SquareBits);

        // Each column in the order of the clusters.
        long[]? forLanes = K * Columns >= LeastForLanes ? totals.Narrow : null;
        parallel.For((Columns + Together - 1) / Together, slice =>
        {
            int first = slice * Together;
            int end = Math.Min(Columns, first + Together);
            if (forLanes is { } narrow && end - first == Together && HasNormalGrid(frame, first))
                SubtractTogether(frame, narrow, weights, current, first, parts);
            else
                Subtract(frame, weights, current, first, end, parts);
        });

        DoubleDouble total = default;
        foreach (DoubleDouble part in parts)
            total += part;
        return Math.Max(0, total.High);
    }

    private static int Exponent(ColumnFrame frame, int column) => frame.RangeExponents[column] + frame.WeightExponent + 1;

    private static bool HasNormalGrid(ColumnFrame frame, int first)
    {
        for (int j = first; j < first + Together; j++)
        {
            if (Math.Abs(Exponent(frame, j)) > GreatestExponent)
                return false;
        }

        return true;
    }

    private void Subtract(ColumnFrame frame, DoubleDouble[] weights, double[] current, int first, int end, DoubleDouble[] parts)
    {
        for (int c = 0; c < K; c++)
        {
            for (int j = first; j < end; j++)
            {
                DoubleDouble centre = DoubleDouble.Difference(current[(c * Columns) + j], frame.Origins[j]);
                DoubleDouble sum = DoubleDouble.From(totals[FirstSum + (c * Columns) + j]).Scale(Exponent(frame, j));
                parts[j] -= (sum - (weights[c] * centre)) * centre;
            }
        }
    }

    /// <summary>The same for so many columns at a time, one a lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SubtractTogether(ColumnFrame frame, long[] narrow, DoubleDouble[] weights, double[] current, int first, DoubleDouble[] parts)
    {
        Span<double> scales = stackalloc double[Together];
        for (int i = 0; i < Together; i++)
            scales[i] = Math.ScaleB(1, Exponent(frame, first + i));
        ref double origins = ref MemoryMarshal.GetReference(frame.Origins[first..]);
        Vector256<double> leftOrigin = Vector256.LoadUnsafe(ref origins), rightOrigin = Vector256.LoadUnsafe(ref origins, 4);
        Vector256<double> leftScale = Vector256.Create<double>(scales), rightScale = Vector256.Create<double>(scales[4..]);
        var left = DoubleDoubleLanes.Load(parts.AsSpan(first, 4));
        var right = DoubleDoubleLanes.Load(parts.AsSpan(first + 4, 4));
        ref long sums = ref narrow[FirstSum + first];
        ref double centres = ref current[first];
        nuint at = 0;
        for (int c = 0; c < K; c++, at += (nuint)Columns)
        {
            var weight = DoubleDoubleLanes.Broadcast(weights[c]);
            left -= Term(Vector256.LoadUnsafe(ref sums, at), leftScale, weight, Vector256.LoadUnsafe(ref centres, at), leftOrigin);
            right -= Term(Vector256.LoadUnsafe(ref sums, at + 4), rightScale, weight, Vector256.LoadUnsafe(ref centres, at + 4), rightOrigin);
        }

        left.Store(parts.AsSpan(first, 4));
        right.Store(parts.AsSpan(first + 4, 4));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static DoubleDoubleLanes Term(Vector256<long> sums, Vector256<double> scale, DoubleDoubleLanes weight, Vector256<double> centres, Vector256<double> origin)
    {
        var centre = DoubleDoubleLanes.Difference(centres, origin);
        return (DoubleDoubleLanes.From(sums).Scale(scale) - (weight * centre)) * centre;
    }
}
