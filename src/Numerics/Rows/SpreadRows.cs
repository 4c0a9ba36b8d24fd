namespace OrleansCluster.Numerics.Rows;

/// <summary>
/// Some of many rows, spread over all of them by the golden ratio (Weyl, 1916): as many of the first half as of the second, and as many of every third row as
/// of the others. Rows at equal distances would be of one kind where kinds take turns.
/// </summary>
public static class SpreadRows
{
    /// <summary>2³² divided by the golden ratio, odd.</summary>
    private const uint Step = 0x9E3779B1;

    /// <summary>Whether a row is one of them.</summary>
    /// <param name="row">From 0.</param>
    /// <param name="rows">How many there are.</param>
    /// <param name="wanted">About how many are taken; all, where there are no more.</param>
    public static bool Takes(int row, int rows, int wanted) => rows <= wanted || (ulong)(uint)((uint)row * Step) * (ulong)rows < (ulong)wanted << 32;
}
