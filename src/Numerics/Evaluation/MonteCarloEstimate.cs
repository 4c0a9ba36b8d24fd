namespace OrleansCluster.Numerics.Evaluation;

/// <summary>An estimate by sampling.</summary>
/// <param name="Value">The mean of the samples.</param>
/// <param name="Squares">Sum of their squared deviations from it.</param>
/// <param name="Samples">How many.</param>
public sealed record MonteCarloEstimate(double Value, double Squares, int Samples)
{
    /// <summary>The standard deviation of the samples / √samples; NaN of one sample.</summary>
    public double StandardError => Math.Sqrt(Squares / (Samples - 1) / Samples);
}
