using OrleansCluster.Numerics.Distances;
using OrleansCluster.Numerics.Explanation;
using OrleansCluster.Numerics.KMeans;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Families.KMeans;

/// <summary>Centres, ready to answer.</summary>
internal sealed class PreparedKMeans(IModel finished, KMeansModel model) : PreparedModel(finished), ILabels, ISparseLabels
{
    private readonly SparseNearestCentroid _sparse = new(model.Centroids, model.Columns);
    private readonly NearestCentroid _nearest = new(model.Centroids, model.K, model.Columns);

    public override long Bytes => (long)K * Columns * sizeof(double);

    public override IQuadraticClusters Fits { get; } = new CentreDistances(model);

    public override string FitName => "squared_distance";

    public override double TermsPerRow => (double)K * Columns;

    public void Assign(RowBlock rows, Span<int> labels, Span<double> distances, IParallel parallel)
    {
        _nearest.Assign(rows, labels, distances, parallel);
        foreach (ref double square in distances)
            square = Math.Sqrt(square);
    }

    public void Assign(SparseBlock rows, Span<int> labels, Span<double> distances, IParallel parallel)
    {
        _sparse.Assign(rows, labels, distances, parallel);
        foreach (ref double square in distances)
            square = Math.Sqrt(square);
    }
}
