namespace OrleansCluster.Numerics.KMeans.Sphere;

/// <summary>Where rows and centres lie.</summary>
public enum KMeansGeometry
{
    /// <summary>Anywhere: centres are means.</summary>
    Euclidean,

    /// <summary>At distance 1 from the origin (spherical k-means): rows are divided by their length, centres are means divided by theirs.</summary>
    Sphere,
}
