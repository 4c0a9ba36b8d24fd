using OrleansCluster.Numerics.Explanation;

namespace OrleansCluster.Numerics.Profiles;

/// <summary>Centres in some of their columns: differences there are those in all columns, to the bit. Thread-safe.</summary>
public sealed class ChosenCentres
{
    private readonly int[] _columns;
    private readonly double[] _centres;

    /// <param name="all">The centres.</param>
    /// <param name="columns">Which columns, ascending.</param>
    public ChosenCentres(IQuadraticClusters all, int[] columns)
    {
        ArgumentNullException.ThrowIfNull(all);
        ArgumentNullException.ThrowIfNull(columns);
        (_columns, _centres) = (columns, new double[all.K * columns.Length]);
        double[] zeros = new double[all.Columns], turned = new double[all.Columns];
        for (int cluster = 0; cluster < all.K; cluster++)
        {
            all.Subtract(cluster, zeros, turned);
            for (int j = 0; j < columns.Length; j++)
                _centres[(cluster * columns.Length) + j] = -turned[columns[j]];
        }
    }

    /// <summary>Number of columns.</summary>
    public int Columns => _columns.Length;

    /// <summary>Takes these columns out of a row that has all.</summary>
    public void Choose(ReadOnlySpan<double> row, Span<double> chosen)
    {
        for (int j = 0; j < _columns.Length; j++)
            chosen[j] = row[_columns[j]];
    }

    /// <summary>x − c of a cluster.</summary>
    /// <param name="cluster">From 0.</param>
    /// <param name="row">Values of these columns.</param>
    /// <param name="differences">Out: as many.</param>
    public void Subtract(int cluster, ReadOnlySpan<double> row, Span<double> differences)
    {
        ReadOnlySpan<double> centre = _centres.AsSpan(cluster * Columns, Columns);
        for (int j = 0; j < centre.Length; j++)
            differences[j] = row[j] - centre[j];
    }
}
