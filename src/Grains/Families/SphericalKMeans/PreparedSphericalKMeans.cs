using OrleansCluster.Numerics.Distances;
using OrleansCluster.Numerics.Explanation;
using OrleansCluster.Numerics.KMeans;
using OrleansCluster.Numerics.KMeans.Sphere;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Families.SphericalKMeans;

/// <summary>Directions, ready to answer: distances are 1 − cos, from 0 to 2.</summary>
internal sealed class PreparedSphericalKMeans(IModel finished, KMeansModel model) : PreparedModel(finished), ILabels, ISparseLabels
{
    private readonly SparseNearestCentroid _sparse = new(model.Centroids, model.Columns);
    private readonly NearestCentroid _nearest = new(model.Centroids, model.K, model.Columns);

    public override long Bytes => (long)K * Columns * sizeof(double);

    public override IRowExplainer Explainer { get; } = new DirectionExplainer(model.Centroids, model.Columns);

    public override string FitName => "cosine_distance";

    public override double TermsPerRow => (double)K * Columns;

    public override RowBlock Measured(RowBlock rows, IParallel parallel) => UnitRows.Of(rows, out _, parallel);

    /// <summary>That of the chord.</summary>
    public double Square(double distance) => 2 * distance;

    public double Loss(double distance) => distance;

    public void Assign(RowBlock rows, Span<int> labels, Span<double> distances, IParallel parallel)
    {
        _nearest.Assign(UnitRows.Of(rows, out int[] zeros, parallel), labels, distances, parallel);
        Tell(distances[..rows.Rows], zeros);
    }

    public void Assign(SparseBlock rows, Span<int> labels, Span<double> distances, IParallel parallel)
    {
        _sparse.Assign(UnitRows.Of(rows, out int[] zeros, parallel), labels, distances, parallel);
        Tell(distances[..rows.Rows], zeros);
    }

    private static void Tell(Span<double> distances, int[] zeros)
    {
        foreach (ref double square in distances)
            square = Math.Min(square / 2, 2);
        foreach (int row in zeros)
            distances[row] = double.NaN;
    }
}
