using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using OrleansCluster.Numerics.Exact;
using OrleansCluster.Numerics.Parallelism;

namespace OrleansCluster.Numerics.KMeans.Steps;

/// <content>The objective of an iteration, from its totals.</content>
internal sealed partial class ClusterTotals
{
    /// <summary>Columns that are summed side by side: they lie beside each other, and hide each other's latency.</summary>
    private const int Together = 8;

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
    /// <param name="beside">Something else to do, on another worker if there is one.</param>
    public double Objective(ColumnFrame frame, Moments moments, double[] current, IParallel parallel, Action? beside = null)
    {
        var weights = new DoubleDouble[K];
        for (int c = 0; c < K; c++)
            weights[c] = DoubleDouble.From(Weight(c)).Scale(frame.WeightExponent);
        var parts = new DoubleDouble[Columns];
        for (int j = 0; j < Columns; j++)
            parts[j] = DoubleDouble.From(moments.Squares(j)).Scale((2 * frame.RangeExponents[j]) + frame.WeightExponent - Moments.SquareBits);

        // Each column in the order of the clusters.
        int others = beside is null ? 0 : 1;
        (AreMany ? parallel : Sequential.Instance).For(others + ((Columns + Together - 1) / Together), index =>
        {
            int slice = index - others;
            if (slice < 0)
            {
                beside!();
                return;
            }

            int first = slice * Together;
            int end = Math.Min(Columns, first + Together);
            if (_totals.Narrow is { } narrow && HasNormalGrid(frame, first, end))
                SubtractTogether(frame, narrow, weights, current, first, parts.AsSpan(first, end - first));
            else
                Subtract(frame, weights, current, first, end, parts);
        });

        DoubleDouble total = default;
        foreach (DoubleDouble part in parts)
            total += part;
        return Math.Max(0, total.High);
    }

    private static int Exponent(ColumnFrame frame, int column) => frame.RangeExponents[column] + frame.WeightExponent + 1;

    private static bool HasNormalGrid(ColumnFrame frame, int first, int end)
    {
        for (int j = first; j < end; j++)
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
                DoubleDouble sum = DoubleDouble.From(_totals[FirstSum + (c * Columns) + j]).Scale(Exponent(frame, j));
                parts[j] -= (sum - (weights[c] * centre)) * centre;
            }
        }
    }

    /// <summary>The same for columns beside each other, one a lane; there may be fewer than lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SubtractTogether(ColumnFrame frame, long[] narrow, DoubleDouble[] weights, double[] current, int first, Span<DoubleDouble> parts)
    {
        int count = parts.Length;
        Span<DoubleDouble> lanes = stackalloc DoubleDouble[Together];
        Span<double> origins = stackalloc double[Together], scales = stackalloc double[Together], someCentres = stackalloc double[Together];
        Span<long> someSums = stackalloc long[Together];
        parts.CopyTo(lanes);
        frame.Origins.Slice(first, count).CopyTo(origins);
        for (int i = 0; i < count; i++)
            scales[i] = Math.ScaleB(1, Exponent(frame, first + i));
        Vector256<double> leftOrigin = Vector256.Create<double>(origins), rightOrigin = Vector256.Create<double>(origins[4..]);
        Vector256<double> leftScale = Vector256.Create<double>(scales), rightScale = Vector256.Create<double>(scales[4..]);
        DoubleDoubleLanes left = DoubleDoubleLanes.Load(lanes), right = DoubleDoubleLanes.Load(lanes[4..]);
        for (int c = 0; c < K; c++)
        {
            scoped ReadOnlySpan<long> sums = narrow.AsSpan(FirstSum + (c * Columns) + first, count);
            scoped ReadOnlySpan<double> centres = current.AsSpan((c * Columns) + first, count);
            if (count < Together)
            {
                sums.CopyTo(someSums);
                centres.CopyTo(someCentres);
                sums = someSums;
                centres = someCentres;
            }

            var weight = DoubleDoubleLanes.Broadcast(weights[c]);
            left -= Term(Vector256.Create(sums), leftScale, weight, Vector256.Create(centres), leftOrigin);
            right -= Term(Vector256.Create(sums[4..]), rightScale, weight, Vector256.Create(centres[4..]), rightOrigin);
        }

        left.Store(lanes);
        right.Store(lanes[4..]);
        lanes[..count].CopyTo(parts);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static DoubleDoubleLanes Term(
        Vector256<long> sums, Vector256<double> scale, DoubleDoubleLanes weight, Vector256<double> centres, Vector256<double> origin)
    {
        var centre = DoubleDoubleLanes.Difference(centres, origin);
        return (DoubleDoubleLanes.From(sums).Scale(scale) - (weight * centre)) * centre;
    }
}
