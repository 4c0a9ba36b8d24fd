namespace OrleansCluster.Numerics.Distances;

/// <summary>
/// How far apart the float32 scores of two centres must be for their order to be that of the canonical distances:
/// more than E(N) = <see cref="Constant"/> + N · (<see cref="Linear"/> + N · <see cref="Quadratic"/>) for a row of norm at most N.
/// The proof is in docs/numerics-certification.md.
/// </summary>
internal readonly record struct Certificate(float Constant, float Linear, float Quadratic)
{
    /// <summary>Above this norm (scaled), rows and centres take no part in the float32 path: products could overflow.</summary>
    private const double GreatestNorm = 1L << 62;

    /// <summary>More columns than this are never certified: the proof asks for few roundings.</summary>
    private const int GreatestColumns = 1 << 18;

    /// <summary>Added to a row's norm: more than what vanishes when small numbers are squared.</summary>
    public const float NormFloor = 1f / (1L << 60);

    /// <summary>Certifies nothing: every row is decided by canonical distances.</summary>
    public static Certificate None { get; } = new(float.PositiveInfinity, 0, 0);

    /// <summary>Greatest norm, in scaled coordinates, with which neither a score nor a canonical distance can overflow.</summary>
    /// <param name="scaleExponent">s, when coordinates were multiplied by 2^s.</param>
    public static double NormLimit(int scaleExponent) => Math.Min(GreatestNorm, Math.ScaleB(1, 510 + scaleExponent));

    /// <summary>The bound for centres of norm at most <paramref name="greatestNorm"/>.</summary>
    /// <param name="greatestNorm">M ≥ |c| over all centres, in centred and scaled coordinates, rounded up.</param>
    /// <param name="columns">d.</param>
    /// <param name="scaleExponent">s, when coordinates were multiplied by 2^s.</param>
    public static Certificate Of(double greatestNorm, int columns, int scaleExponent)
    {
        const double Unit32 = 1.0 / (1 << 24);
        const double Unit64 = 1.0 / (1L << 53);
        const double Slack = 1 + (1.0 / 1024);
        if (!(greatestNorm <= NormLimit(scaleExponent)) || columns > GreatestColumns)
            return None;
        double terms = columns + 20;
        double gamma = terms * Unit32 / (1 - (terms * Unit32));
        double epsilon = (columns + 4) * Unit64;
        double tiny = Math.ScaleB(columns + 16, -148);
        double underflow = Math.ScaleB(columns, (2 * scaleExponent) - 1073);
        double m = greatestNorm;
        double constant = ((gamma + epsilon) * m * m) + (tiny * (1 + m)) + underflow;
        double linear = (2 * (gamma + epsilon) * m) + tiny;
        return new Certificate(Up(constant * Slack), Up(linear * Slack), Up(epsilon * Slack));
    }

    /// <summary>How much less than N² a row's squared norm may be, as a share of N².</summary>
    public static float NormError(int columns) => (1f / (1 << 16)) + (columns * (1f / (1 << 22)));

    private static float Up(double value) => MathF.BitIncrement((float)value);
}
