namespace OrleansCluster.Numerics.Monitoring;

/// <summary>Moments of a figure of the reference's rows.</summary>
/// <param name="Rows">Rows that they are of; 0: nobody told.</param>
/// <param name="Mean">Mean.</param>
/// <param name="Deviation">Standard deviation over n.</param>
/// <param name="Skew">Third standardised moment.</param>
public readonly record struct FitMoments(long Rows, double Mean, double Deviation, double Skew);

/// <summary>How the rows of a reference lay in their clusters, in the columns that the model sees. Never changes. Single precision: these are units.</summary>
public sealed class FitReference
{
    private readonly long[] _rows;
    private readonly float[] _offsets;
    private readonly float[] _units;
    private readonly float[] _skews;

    /// <param name="rows">Rows of each cluster; empty: clusters are not told apart.</param>
    /// <param name="columns">Number of columns.</param>
    /// <param name="moments">Cluster and column to the moments of its rows' differences to its centre.</param>
    /// <param name="spreads">Standard deviation of each column over all rows, the unit where a cluster has none.</param>
    /// <param name="loss">Moments of how badly rows fit.</param>
    /// <param name="silhouette">Moments of simplified silhouettes.</param>
    public FitReference(
        long[] rows, int columns, Func<int, int, FitMoments> moments, ReadOnlySpan<double> spreads, FitMoments loss, FitMoments silhouette)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(moments);
        (_rows, Columns, Loss, Silhouette) = (rows, columns, loss, silhouette);
        int values = rows.Length * columns;
        (_offsets, _units, _skews) = (new float[values], new float[values], new float[values]);
        for (int c = 0, at = 0; c < rows.Length; c++)
        {
            for (int j = 0; j < columns; j++, at++)
            {
                FitMoments told = moments(c, j);
                double unit = told.Deviation > 0 ? told.Deviation : spreads[j];
                // What is too small or too large for a unit is told by the column itself.
                if (!float.IsNormal((float)unit) || float.IsInfinity((float)(told.Mean / unit)))
                    continue;
                (_units[at], _offsets[at], _skews[at]) = ((float)unit, (float)(told.Mean / unit), (float)told.Skew);
            }
        }
    }

    /// <summary>Clusters that are told apart; 0: none are.</summary>
    public int K => _rows.Length;

    /// <summary>Number of columns.</summary>
    public int Columns { get; }

    /// <summary>How badly rows fit.</summary>
    public FitMoments Loss { get; }

    /// <summary>Simplified silhouettes of some rows.</summary>
    public FitMoments Silhouette { get; }

    /// <summary>Rows of a cluster.</summary>
    public long Rows(int cluster) => _rows[cluster];

    /// <summary>The unit of a column in a cluster; 0: it has none, and is not compared.</summary>
    public double Unit(int cluster, int column) => _units[(cluster * Columns) + column];

    /// <summary>Mean difference of a cluster's rows to its centre, in units.</summary>
    public double Offset(int cluster, int column) => _offsets[(cluster * Columns) + column];

    /// <summary>Skewness of a column in a cluster.</summary>
    public double Skew(int cluster, int column) => _skews[(cluster * Columns) + column];
}
