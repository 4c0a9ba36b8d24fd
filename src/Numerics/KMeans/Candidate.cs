using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.Exact;
using OrleansCluster.Numerics.KMeans.Sphere;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.KMeans;

/// <summary>The outcome of one restart.</summary>
internal sealed record Candidate(
    int Restart, string Stop, double Objective, double[] Centroids, long[] Sizes, double[] Weights, double[] Spread)
{
    /// <param name="restart">From 0.</param>
    /// <param name="stop">Why it stopped.</param>
    /// <param name="centroids">k × d.</param>
    /// <param name="totals">[rows k | weights k | dispersions k] of the final pass.</param>
    /// <param name="frame">The grid of the weights.</param>
    /// <param name="unit">Exponent of the grid of the dispersions.</param>
    /// <param name="share">What the objective is of the dispersions.</param>
    public static Candidate From(int restart, string stop, double[] centroids, Int128[] totals, ColumnFrame frame, int unit, double share)
    {
        int k = totals.Length / 3;
        var sizes = new long[k];
        var weights = new double[k];
        var spread = new double[k];
        Int128 dispersion = 0;
        for (int c = 0; c < k; c++)
        {
            sizes[c] = (long)totals[c];
            weights[c] = frame.WeightOf(totals[k + c]);
            dispersion += totals[(2 * k) + c];
            spread[c] = weights[c] > 0 ? Math.Sqrt(FixedPoint.ToDouble(totals[(2 * k) + c], unit) / weights[c]) : 0;
        }

        return new Candidate(restart, stop, share * FixedPoint.ToDouble(dispersion, unit), centroids, sizes, weights, spread);
    }

    public KMeansResult ToResult(int columns, KMeansGeometry geometry, IReadOnlyList<RestartEnded> restarts, IReadOnlyList<string> warnings) => new()
    {
        Model = new KMeansModel(Centroids, columns, geometry),
        Sizes = Sizes,
        Weights = Weights,
        Spread = Spread,
        Objective = Objective,
        Stop = Stop,
        Restart = Restart,
        Restarts = restarts,
        Warnings = warnings,
    };

    public void Write(ByteWriter writer)
    {
        writer.Int32(Restart);
        writer.String(Stop);
        writer.Double(Objective);
        writer.Doubles(Centroids);
        writer.Int32(Sizes.Length);
        foreach (long size in Sizes)
            writer.Int64(size);
        writer.Doubles(Weights);
        writer.Doubles(Spread);
    }

    public static Candidate Read(ByteReader reader)
    {
        (int restart, string stop, double objective, double[] centroids) = (reader.Int32(), reader.String(), reader.Double(), reader.Doubles());
        var sizes = new long[reader.Length(8)];
        for (int i = 0; i < sizes.Length; i++)
            sizes[i] = reader.Int64();
        return new Candidate(restart, stop, objective, centroids, sizes, reader.Doubles(), reader.Doubles());
    }
}
