namespace OrleansCluster.Numerics.Selection;

/// <summary>
/// The elbow of a falling curve: where it lies farthest below the chord from its first to its last point, both axes scaled to 0 … 1. Measured straight down,
/// which orders points as the distance from the chord does.
/// </summary>
/// <remarks>V. Satopää, J. Albrecht, D. Irwin, B. Raghavan: Finding a "kneedle" in a haystack, ICDCS Workshops 2011, 166–171; without smoothing.</remarks>
public static class Elbow
{
    /// <summary>A point this near to the chord lies on it, but for rounding: 2^−40.</summary>
    private const double Rounding = 1.0 / (1L << 40);

    /// <summary>How far each point lies below the chord: above 0, below 1.</summary>
    /// <param name="at">Ascending places on the axis.</param>
    /// <param name="values">The curve's values there.</param>
    /// <returns>NaN for a point that does not lie below the chord, as its ends do not, and for all where there is none: fewer than three points, or a curve
    /// that does not fall.</returns>
    public static double[] Depths(ReadOnlySpan<int> at, ReadOnlySpan<double> values)
    {
        if (at.Length != values.Length)
            throw new ArgumentException($"{values.Length} values at {at.Length} places.", nameof(values));
        var depths = new double[at.Length];
        Array.Fill(depths, double.NaN);
        if (at.Length < 3 || !(values[0] > values[^1]))
            return depths;
        for (int i = 1; i < depths.Length - 1; i++)
        {
            double along = (at[i] - at[0]) / (double)(at[^1] - at[0]);
            double above = (values[i] - values[^1]) / (values[0] - values[^1]);
            if (1 - along - above is > Rounding and var depth)
                depths[i] = depth;
        }

        return depths;
    }
}
