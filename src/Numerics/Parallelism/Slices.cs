namespace OrleansCluster.Numerics.Parallelism;

/// <summary>How rows are cut into slices for scheduling. Results do not depend on it.</summary>
internal static class Slices
{
    /// <summary>Rows whose assignment takes about a millisecond on one core: a multiple of 512, at least 512.</summary>
    /// <param name="k">Number of centres.</param>
    /// <param name="columns">Number of columns.</param>
    public static int RowsOf(int k, int columns)
    {
        const double MillisecondsWork = 1e8;
        const int Step = 512;
        // Multiply-adds on each centre, reading the row, and what every row costs whatever its size.
        double row = ((double)k * columns) + (8.0 * columns) + 100;
        return (int)Math.Clamp(MillisecondsWork / row / Step, 1, 128) * Step;
    }
}
