using OrleansCluster.Numerics.Statistics;

namespace OrleansCluster.Numerics.KMeans;

/// <summary>The statistic of an iteration: totals [moved | distances | rows k | weights k | sums k × d], with names.</summary>
internal sealed class ClusterTotals
{
    private readonly Int128[] values;

    /// <param name="totals">The merged totals; relocations change them.</param>
    /// <param name="columns">d.</param>
    public ClusterTotals(ExactTotals totals, int columns)
    {
        values = totals.Values;
        Columns = columns;
        K = (values.Length - 2) / (columns + 2);
        if (values.Length != 2 + (K * (columns + 2)))
            throw new InvalidDataException($"{values.Length} sums are not those of an iteration over {columns} columns.");
    }

    public int K { get; }

    public int Columns { get; }

    public long Moved => (long)values[0];

    public long Distances => (long)values[1];

    public Span<Int128> Counts => values.AsSpan(2, K);

    /// <summary>In units of 2^e_w.</summary>
    public Span<Int128> Weights => values.AsSpan(2 + K, K);

    /// <summary>Of one cluster, column j in units of 2^e_j.</summary>
    public Span<Int128> Sums(int cluster) => values.AsSpan(2 + (2 * K) + (cluster * Columns), Columns);

    public static ExactTotals From(AssignmentSums sums)
    {
        var values = new long[2 + (sums.K * (sums.Columns + 2))];
        values[0] = sums.Moved;
        values[1] = sums.Distances;
        sums.Counts.CopyTo(values, 2);
        sums.Weights.CopyTo(values, 2 + sums.K);
        sums.Sums.CopyTo(values, 2 + (2 * sums.K));
        return new ExactTotals(values);
    }

    /// <summary>The mean of every cluster; one without weight keeps its centre.</summary>
    /// <param name="frame">The grid of the sums.</param>
    /// <param name="current">k × d centres that the rows were assigned to.</param>
    /// <param name="earlier">The totals whose means those centres are; null when they come from elsewhere. A cluster of the same totals has the same mean.</param>
    /// <param name="parallel">Where clusters run.</param>
    public double[] Means(ColumnFrame frame, double[] current, ClusterTotals? earlier, IParallel parallel)
    {
        var means = (double[])current.Clone();
        const int Clusters = 64;
        parallel.For((K + Clusters - 1) / Clusters, slice =>
        {
            for (int c = slice * Clusters; c < Math.Min(K, (slice + 1) * Clusters); c++)
            {
                if (Weights[c] == 0)
                    continue;
                Span<Int128> sums = Sums(c);
                if (earlier is not null && earlier.Weights[c] == Weights[c] && sums.SequenceEqual(earlier.Sums(c)))
                    continue;
                for (int j = 0; j < Columns; j++)
                    means[(c * Columns) + j] = frame.Mean(j, sums[j], Weights[c]);
            }
        });
        return means;
    }

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
            weights[c] = DoubleDouble.From(Weights[c]).Scale(frame.WeightExponent);
        // Of a few columns, each in the order of the clusters: they lie beside each other.
        const int Together = 8;
        var parts = new DoubleDouble[Columns];
        parallel.For((Columns + Together - 1) / Together, slice =>
        {
            int first = slice * Together;
            int end = Math.Min(Columns, first + Together);
            for (int j = first; j < end; j++)
                parts[j] = DoubleDouble.From(moments.Squares(j)).Scale((2 * frame.RangeExponents[j]) + frame.WeightExponent - Moments.SquareBits);
            for (int c = 0; c < K; c++)
            {
                Span<Int128> sums = Sums(c);
                for (int j = first; j < end; j++)
                {
                    DoubleDouble centre = DoubleDouble.Difference(current[(c * Columns) + j], frame.Origins[j]);
                    DoubleDouble sum = DoubleDouble.From(sums[j]).Scale(frame.RangeExponents[j] + frame.WeightExponent + 1);
                    parts[j] -= (sum - (weights[c] * centre)) * centre;
                }
            }
        });

        DoubleDouble total = default;
        foreach (DoubleDouble part in parts)
            total += part;
        return Math.Max(0, total.High);
    }
}
