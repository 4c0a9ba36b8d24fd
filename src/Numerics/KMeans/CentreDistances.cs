using System.Runtime.Intrinsics;
using OrleansCluster.Numerics.Explanation;

namespace OrleansCluster.Numerics.KMeans;

/// <summary>Centres as clusters that fit a row by its squared distance: s(x) = −|x − c|².</summary>
/// <param name="model">The centres.</param>
public sealed class CentreDistances(KMeansModel model) : IQuadraticClusters
{
    public int K => model.K;

    public int Columns => model.Columns;

    public double Scale => 1;

    public double Constant(int cluster) => 0;

    public void Subtract(int cluster, ReadOnlySpan<double> row, Span<double> differences)
    {
        ReadOnlySpan<double> centre = model.Centroids.AsSpan().Slice(cluster * Columns, Columns);
        row = row[..centre.Length];
        int j = 0;
        for (; j <= centre.Length - Vector256<double>.Count; j += Vector256<double>.Count)
            (Vector256.Create(row[j..]) - Vector256.Create(centre[j..])).CopyTo(differences[j..]);
        for (; j < centre.Length; j++)
            differences[j] = row[j] - centre[j];
    }

    public void Multiply(int cluster, ReadOnlySpan<double> differences, Span<double> products) => differences.CopyTo(products);

    public double Curvature(int cluster, int column) => 1;
}
