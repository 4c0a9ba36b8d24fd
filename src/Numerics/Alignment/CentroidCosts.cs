using OrleansCluster.Numerics.Distances;
using OrleansCluster.Numerics.Matchings;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Numerics.Alignment;

/// <summary>
/// Distance between centroids in units of spread: ‖c − c′‖ / √((s² + s′²) / 2) with the clusters' spreads s, s′.
/// Rows are the clusters of the new version, columns those of the old one.
/// </summary>
public sealed class CentroidCosts : IPairCosts
{
    private readonly VersionClusters _before;
    private readonly VersionClusters _after;
    private readonly RowBlock _places;
    private readonly double[] _squaredBefore;
    private readonly double[] _squaredAfter;

    /// <param name="before">The earlier version.</param>
    /// <param name="after">The new version, with the same columns.</param>
    /// <param name="leastSpread">A spread below this share of its version's pooled spread counts as that share.</param>
    public CentroidCosts(VersionClusters before, VersionClusters after, double leastSpread = AlignmentOptions.DefaultLeastSpread)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        if (before.Columns != after.Columns)
            throw new ArgumentException($"The versions have {before.Columns} and {after.Columns} columns; clusters can be compared in the same columns only.");
        (_before, _after) = (before, after);
        _places = new RowBlock(before.Centroids, before.Columns);
        _squaredBefore = before.SquaredSpreads(leastSpread);
        _squaredAfter = after.SquaredSpreads(leastSpread);
    }

    public int Rows => _after.Count;

    public int Columns => _before.Count;

    public void Row(int row, double limit, Span<double> costs)
    {
        costs.Fill(double.PositiveInfinity);
        SquaredDistances.Update(_places, 0, Columns, _after.Centroid(row), costs);
        double beyond = limit * limit * (1 + 1e-9);
        for (int column = 0; column < Columns; column++)
        {
            double unit = SquaredUnit(row, column);
            costs[column] = costs[column] > beyond * unit ? double.PositiveInfinity : InUnits(costs[column], unit);
        }
    }

    /// <summary>The distance of one pair; +∞ for different places when neither version has any spread.</summary>
    public double Between(int row, int column) => InUnits(Distance.Squared(_before.Centroid(column), _after.Centroid(row)), SquaredUnit(row, column));

    /// <summary>(s² + s′²) / 2: the square of the unit in which this pair is measured.</summary>
    internal double SquaredUnit(int row, int column) => 0.5 * (_squaredAfter[row] + _squaredBefore[column]);

    private static double InUnits(double squared, double unit) => squared == 0 ? 0 : Math.Sqrt(squared / unit);
}
