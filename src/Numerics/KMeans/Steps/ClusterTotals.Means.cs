using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using OrleansCluster.Numerics.Exact;
using OrleansCluster.Numerics.KMeans.Sphere;
using OrleansCluster.Numerics.Parallelism;

namespace OrleansCluster.Numerics.KMeans.Steps;

/// <content>The means of clusters, from their totals.</content>
internal sealed partial class ClusterTotals
{
    /// <summary>The mean of every cluster, on the sphere its direction; one without weight keeps its centre, and one whose rows cancel its direction.</summary>
    /// <param name="frame">The grid of the sums.</param>
    /// <param name="current">k × d centres that the rows were assigned to.</param>
    /// <param name="earlier">The totals whose means those centres are; null when they come from elsewhere. A cluster of the same totals has the same
    /// mean.</param>
    /// <param name="geometry">Where centres lie.</param>
    /// <param name="parallel">Where clusters run.</param>
    public double[] Means(ColumnFrame frame, double[] current, ClusterTotals? earlier, KMeansGeometry geometry, IParallel parallel)
    {
        double[] means = GC.AllocateUninitializedArray<double>(current.Length);
        double[]? ranges = _totals.Narrow is null ? null : Ranges(frame);
        const int Clusters = 64;
        parallel.For((K + Clusters - 1) / Clusters, slice =>
        {
            int begin = slice * Clusters, end = Math.Min(K, begin + Clusters);
            current.AsSpan((begin * Columns)..(end * Columns)).CopyTo(means.AsSpan(begin * Columns));
            for (int c = begin; c < end; c++)
            {
                Int128 weight = Weight(c);
                if (weight == 0 || (earlier is not null && Same(earlier, c)))
                    continue;
                Span<double> target = means.AsSpan(c * Columns, Columns);
                int first = FirstSum + (c * Columns);
                int zeros = (int)Int128.TrailingZeroCount(weight);
                int j = 0;
                if (ranges is not null && weight >> zeros <= uint.MaxValue)
                    j = MeansTogether(_totals.Narrow.AsSpan(first, Columns), (uint)(weight >> zeros), Math.ScaleB(1, -zeros), ranges, frame.Origins, target);
                for (; j < Columns; j++)
                    target[j] = frame.Mean(j, _totals[first + j], weight);
                if (geometry == KMeansGeometry.Sphere && !Direction.FindOfMean(target))
                    current.AsSpan(c * Columns, Columns).CopyTo(target);
            }
        });
        return means;
    }

    /// <summary>2^E(H_j) of the columns; null when means may leave the normal numbers on the way.</summary>
    private static double[]? Ranges(ColumnFrame frame)
    {
        var ranges = new double[frame.Columns];
        for (int j = 0; j < ranges.Length; j++)
        {
            if (Math.Abs(frame.RangeExponents[j]) > GreatestExponent / 2)
                return null;
            ranges[j] = Math.ScaleB(1, frame.RangeExponents[j]);
        }

        return ranges;
    }

    /// <summary>The same for whole vectors of columns of one cluster; returns how many columns they hold.</summary>
    /// <remarks>
    /// A sum is high + low, two doubles. Of q = fl(high / n) the rest r = high − n·q is a double, and q + fl((r + low) / n) lies within 2^−104 of the quotient.
    /// A sum of 63 bits over n of 32 is farther than 2^−96 from the middle between two doubles, or just there, and then r + low and its quotient are exact:
    /// rounding that sum rounds the quotient.
    /// </remarks>
    /// <param name="sums">Of the columns.</param>
    /// <param name="weight">The odd part of the weight.</param>
    /// <param name="power">1 over the rest of it, a power of two.</param>
    /// <param name="ranges">What a mean of 1 on the grid is, a power of two.</param>
    /// <param name="origins">Of the columns.</param>
    /// <param name="means">Out.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int MeansTogether(
        ReadOnlySpan<long> sums, uint weight, double power, ReadOnlySpan<double> ranges, ReadOnlySpan<double> origins, Span<double> means)
    {
        Vector256<double> divisor = Vector256.Create((double)weight), powers = Vector256.Create(power);
        int j = 0;
        for (; j <= sums.Length - Vector256<double>.Count; j += Vector256<double>.Count)
        {
            var sum = DoubleDoubleLanes.From(Vector256.Create(sums[j..]));
            Vector256<double> quotient = sum.High / divisor;
            Vector256<double> rest = Vector256.FusedMultiplyAdd(-quotient, divisor, sum.High) + sum.Low;
            quotient += rest / divisor;
            (Vector256.Create(origins[j..]) + (quotient * powers * Vector256.Create(ranges[j..]))).CopyTo(means[j..]);
        }

        return j;
    }
}
