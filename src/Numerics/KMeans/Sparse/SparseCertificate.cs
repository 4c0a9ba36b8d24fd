namespace OrleansCluster.Numerics.KMeans.Sparse;

/// <summary>
/// By how much the scores of two centres must differ for their order to be that of the canonical distances, for one sparse row: scores t = ½|c|² − x·c of n
/// entries, in float32 or in float64. The proof is in docs/numerics-certification.md.
/// </summary>
internal readonly struct SparseCertificate
{
    private const double Unit32 = 1.0 / (1 << 24), Unit64 = 1.0 / (1L << 53);

    /// <summary>More than what roundings of these formulas add.</summary>
    private const double Slack = 1 + (1.0 / 1024);

    /// <summary>Norms above which products may leave float32, and float64.</summary>
    private const double NarrowNorm = 1L << 60, WideNorm = 1e120;

    /// <param name="entries">n.</param>
    /// <param name="norm">N ≥ |x|, scaled.</param>
    /// <param name="greatest">M ≥ |c| over all centres, scaled.</param>
    /// <param name="columns">d.</param>
    /// <param name="scaleExponent">s, when coordinates were multiplied by 2^s.</param>
    public SparseCertificate(int entries, double norm, double greatest, int columns, int scaleExponent)
    {
        double terms = (greatest * greatest) + (2 * norm * greatest);
        double canonical = ((columns + 4) * Unit64 * (norm + greatest) * (norm + greatest)) + Math.ScaleB(columns, (2 * scaleExponent) - 1073);
        double narrow = (entries + 20) * Unit32, wide = (entries + 20) * Unit64;
        double vanished = Math.ScaleB(columns + 16, -148) * (1 + norm + greatest);
        bool fits = Math.ScaleB(1, 510 + scaleExponent) >= norm + greatest;
        Narrow = fits && norm <= NarrowNorm && greatest <= NarrowNorm
            ? Slack * ((narrow / (1 - narrow) * terms) + canonical + vanished) : double.PositiveInfinity;
        Wide = fits && norm <= WideNorm && greatest <= WideNorm
            ? Slack * ((wide / (1 - wide) * terms) + (2 * canonical) + Math.ScaleB(columns + 16, -1000)) : double.PositiveInfinity;
    }

    /// <summary>Float32 scores that differ by more are in the order of the distances.</summary>
    public double Narrow { get; }

    /// <summary>The same of float64 scores.</summary>
    public double Wide { get; }

    /// <summary>A norm, rounded up, of a sum of at most 2^18 squares.</summary>
    public static double NormOf(double squared) => (Math.Sqrt(squared) * (1 + (1.0 / (1 << 30)))) + 1e-150;
}
