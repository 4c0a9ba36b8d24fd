using System.Runtime.InteropServices;
using OrleansCluster.Serving;

namespace OrleansCluster.Cli.Output;

/// <summary>The scores of some rows as arrays.</summary>
internal sealed class ScoredRows(Scores scores)
{
    public int Rows => LogDensities.Length;

    /// <summary>Components told for each row.</summary>
    public int Top => scores.Top;

    /// <summary>Values that were missing and filled in.</summary>
    public long Missing => scores.Missing;

    /// <summary>Values of categories that the training rows had not.</summary>
    public long Unknown => scores.Unknown;

    /// <summary>ln p(x) of each row.</summary>
    public double[] LogDensities { get; } = MemoryMarshal.Cast<byte, double>(scores.LogDensities.Span).ToArray();

    /// <summary>rows × top: components by descending responsibility; −1 where no further one has any.</summary>
    public int[] Components { get; } = MemoryMarshal.Cast<byte, int>(scores.Components.Span).ToArray();

    /// <summary>rows × top: their responsibilities.</summary>
    public double[] Responsibilities { get; } = MemoryMarshal.Cast<byte, double>(scores.Responsibilities.Span).ToArray();

    /// <summary>The most probable component of a row.</summary>
    public int Label(int row) => Components[row * Top];

    /// <summary>The anomaly score: how far the log-density lies below the model's threshold, in nats.</summary>
    public double Score(int row) => scores.Threshold - LogDensities[row];

    /// <summary>Whether a row is an anomaly: its score is 0 or more.</summary>
    public bool IsAnomaly(int row) => LogDensities[row] <= scores.Threshold;
}
