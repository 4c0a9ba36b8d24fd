namespace OrleansCluster.Numerics.Distances;

/// <summary>
/// The coordinates of the float32 scores: (x − o) · 2^s. Any origins and any s give the same labels; good ones leave few rows to
/// canonical distances.
/// </summary>
internal sealed class TileFrame
{
    private TileFrame(double[] origins, float[]? singleOrigins, int scaleExponent)
    {
        (Origins, SingleOrigins, ScaleExponent) = (origins, singleOrigins, scaleExponent);
        Zeros = new float[Transpose.Stride(origins.Length)];
    }

    /// <summary>o: one a column.</summary>
    public double[] Origins { get; }

    /// <summary>
    /// The origins as float32, padded to whole blocks, when they and 2^s are float32 numbers; else null.
    /// Float32 rows are then centred in float32: one rounding, as after float64.
    /// </summary>
    public float[]? SingleOrigins { get; }

    /// <summary>Zeros, whole blocks: the origins of rows that are centred already.</summary>
    public float[] Zeros { get; }

    /// <summary>s.</summary>
    public int ScaleExponent { get; }

    /// <summary>A frame of these coordinates, or of ones a little off that float32 rows are quicker in.</summary>
    /// <param name="origins">Near the middle of each column.</param>
    /// <param name="scaleExponent">s: the widest column is about 2^−s wide.</param>
    public static TileFrame Of(ReadOnlySpan<double> origins, int scaleExponent)
    {
        // An origin may be off the middle by a small part of the widest column, which costs little, but not by more.
        double tolerance = Math.ScaleB(1.0 / 64, -scaleExponent);
        var singles = new float[Transpose.Stride(origins.Length)];
        var rounded = new double[origins.Length];
        bool fits = scaleExponent is >= -126 and <= 127;
        for (int j = 0; j < origins.Length; j++)
        {
            rounded[j] = singles[j] = (float)origins[j];
            fits &= Math.Abs(rounded[j] - origins[j]) <= tolerance;
        }

        return fits ? new TileFrame(rounded, singles, scaleExponent) : new TileFrame(origins.ToArray(), null, scaleExponent);
    }
}
