namespace OrleansCluster.Numerics.Selection;

/// <summary>
/// The elbow of a falling curve: where it lies farthest below the chord from its first to its last point, both axes scaled to 0 … 1. Measured straight down,
/// which orders points as the distance from the chord does.
/// </summary>
/// <remarks>V. Satopää, J. Albrecht, D. Irwin, B. Raghavan: Finding a "kneedle" in a haystack, ICDCS Workshops 2011, 166–171; without smoothing.</remarks>
public static class Elbow
{
    /// <summary>How far each point lies below the chord: 0 at both ends, at most 1.</summary>
    /// <param name="at">Ascending places on the axis.</param>
    /// <param name="values">The curve's values there.</param>
    /// <returns>NaN for all where there is no chord: fewer than three points, or a curve that does not fall.</returns>
    public static double[] Depths(ReadOnlySpan<int> at, ReadOnlySpan<double> values)
    {
        if (at.Length != values.Length)
            throw new ArgumentException($"{values.Length} values at {at.Length} places.", nameof(values));
        var depths = new double[at.Length];
        if (at.Length < 3 || !(values[0] > values[^1]))
        {
            Array.Fill(depths, double.NaN);
            return depths;
        }

        for (int i = 0; i < depths.Length; i++)
        {
            double along = (at[i] - at[0]) / (double)(at[^1] - at[0]);
            double above = (values[i] - values[^1]) / (values[0] - values[^1]);
            depths[i] = 1 - along - above;
        }

        return depths;
    }
}
