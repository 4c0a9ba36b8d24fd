using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.Statistics;

namespace OrleansCluster.Numerics.Mixtures.Steps;

/// <summary>What the final pass says of rows under finished parameters.</summary>
/// <param name="k">Number of components.</param>
internal sealed class MixtureSummary(int k) : Statistic, IStatistic<MixtureSummary>
{
    /// <summary>Rows whose most probable component is this one (the lowest index on equal densities), those of weight zero too.</summary>
    public long[] Counts { get; private init; } = new long[k];

    /// <summary>Weight of those rows.</summary>
    public double[] Weights { get; private init; } = new double[k];

    /// <summary>Σ w² of those rows; empty in one that an earlier build saved.</summary>
    public double[] SquaredWeights { get; private init; } = new double[k];

    /// <summary>Σ w·ln p(x).</summary>
    public double LogLikelihood { get; set; }

    /// <summary>Σ w·ln r of each row's most probable component: what ICL adds to BIC.</summary>
    public double LogCertainty { get; set; }

    /// <summary>Σ w over all rows.</summary>
    public double TotalWeight { get; set; }

    /// <summary>Rows of positive weight.</summary>
    public long Rows { get; set; }

    /// <summary>Rows whose weight is no whole number.</summary>
    public long Fractions { get; set; }

    /// <summary>Log-densities by value.</summary>
    public DensitySketch Sketch { get; private init; } = new();

    /// <summary>The weights of all rows.</summary>
    public WeightTotals Totals
    {
        get
        {
            double squares = 0;
            foreach (double squared in SquaredWeights)
                squares += squared;
            return new WeightTotals(Rows, TotalWeight, squares, Fractions);
        }
    }

    public static byte Kind => 17;

    protected override byte Tag => Kind;

    /// <summary>Takes in one row.</summary>
    /// <param name="label">Most probable component.</param>
    /// <param name="weight">Row weight.</param>
    /// <param name="logDensity">ln p(x).</param>
    /// <param name="logCertainty">ln of the responsibility of <paramref name="label"/>.</param>
    public void Accumulate(int label, double weight, double logDensity, double logCertainty)
    {
        Counts[label]++;
        if (weight == 0)
            return;
        Weights[label] += weight;
        SquaredWeights[label] = Math.FusedMultiplyAdd(weight, weight, SquaredWeights[label]);
        TotalWeight += weight;
        Rows++;
        Fractions += weight == Math.Floor(weight) ? 0 : 1;
        LogLikelihood = Math.FusedMultiplyAdd(weight, logDensity, LogLikelihood);
        LogCertainty = Math.FusedMultiplyAdd(weight, logCertainty, LogCertainty);
        Sketch.Add(logDensity, weight);
    }

    public override void MergeFrom(Statistic following)
    {
        var other = (MixtureSummary)following;
        if (other.Counts.Length != Counts.Length)
            throw new InvalidDataException($"A summary of {other.Counts.Length} components does not merge with one of {Counts.Length}.");
        for (int c = 0; c < Counts.Length; c++)
        {
            Counts[c] += other.Counts[c];
            Weights[c] += other.Weights[c];
            SquaredWeights[c] += other.SquaredWeights[c];
        }

        LogLikelihood += other.LogLikelihood;
        LogCertainty += other.LogCertainty;
        TotalWeight += other.TotalWeight;
        Rows += other.Rows;
        Fractions += other.Fractions;
        Sketch.MergeFrom(other.Sketch);
    }

    protected override void Write(ByteWriter writer)
    {
        writer.Doubles(Weights);
        foreach (long count in Counts)
            writer.Int64(count);
        writer.Double(LogLikelihood);
        writer.Double(LogCertainty);
        writer.Double(TotalWeight);
        writer.Int64(Rows);
        Sketch.Write(writer);
        writer.Doubles(SquaredWeights);
        writer.Int64(Fractions);
    }

    public static MixtureSummary Read(ByteReader reader)
    {
        double[] weights = reader.Doubles();
        var counts = new long[weights.Length];
        for (int c = 0; c < counts.Length; c++)
            counts[c] = reader.Int64();
        return new MixtureSummary(weights.Length)
        {
            Weights = weights,
            Counts = counts,
            LogLikelihood = reader.Double(),
            LogCertainty = reader.Double(),
            TotalWeight = reader.Double(),
            Rows = reader.Int64(),
            Sketch = DensitySketch.Read(reader),
            // Those that earlier builds saved end here.
            SquaredWeights = reader.IsAtEnd ? [] : reader.Doubles(),
            Fractions = reader.IsAtEnd ? 0 : reader.Int64(),
        };
    }
}
