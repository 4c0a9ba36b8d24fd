using System.Collections.Immutable;
using OrleansCluster.Numerics.Adaptation;
using OrleansCluster.Numerics.KMeans.Sphere;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Numerics.KMeans;

/// <summary>Centres to begin with where clusters have become one or two.</summary>
public static class KMeansAdaptation
{
    /// <summary>The centres: of a cluster that stayed its own, of others the mean of their rows, on the sphere its direction.</summary>
    /// <param name="model">The model with the clusters as they were.</param>
    /// <param name="clusters">What they have become.</param>
    /// <param name="rows">The rows that this was seen on; on the sphere they have length 1.</param>
    public static KMeansModel Adapt(KMeansModel model, ImmutableArray<AdaptedCluster> clusters, RowBlock rows)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(rows);
        var centres = new double[clusters.Length * model.Columns];
        for (int i = 0; i < clusters.Length; i++)
        {
            Span<double> centre = centres.AsSpan(i * model.Columns, model.Columns);
            if (clusters[i].IsChanged)
                clusters[i].Mean(rows).CopyTo(centre);
            // Where rows cancel there is no direction but the old one.
            if (!clusters[i].IsChanged || (model.Geometry == KMeansGeometry.Sphere && !Direction.FindOfMean(centre)))
                model.Centroids.AsSpan(clusters[i].From[0] * model.Columns, model.Columns).CopyTo(centre);
        }

        return new KMeansModel(centres, model.Columns, model.Geometry);
    }
}
