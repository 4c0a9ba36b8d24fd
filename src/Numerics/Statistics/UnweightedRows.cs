namespace OrleansCluster.Numerics.Statistics;

/// <summary>What is known of rows without weights before anybody has passed over them.</summary>
/// <param name="Rows">Number of rows, at least 1.</param>
/// <param name="MostShardRows">Rows of the largest shard.</param>
/// <param name="Minima">Least value of each of the d columns, exactly.</param>
/// <param name="Maxima">Greatest value of each column, exactly.</param>
public sealed record UnweightedRows(long Rows, long MostShardRows, ReadOnlyMemory<double> Minima, ReadOnlyMemory<double> Maxima)
{
    /// <summary>What the pass would have found.</summary>
    internal Ranges ToRanges()
    {
        var ranges = new Ranges(Minima.Length) { Rows = Rows, PositiveRows = Rows, GreatestWeight = 1, GreatestShardWeight = MostShardRows };
        Minima.CopyTo(ranges.Minima);
        Maxima.CopyTo(ranges.Maxima);
        return ranges;
    }
}
