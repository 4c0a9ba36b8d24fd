namespace OrleansCluster.Families.SphericalKMeans;

/// <summary>Spherical k-means, for those who ask for it.</summary>
public static class SphericalKMeansDescription
{
    /// <summary>Mean cosine of a cluster's rows to its centre, by weight.</summary>
    public const string MeanCosines = "mean_cosines";

    public static FamilyDescription Value { get; } = new(new SphericalKMeansOptions { K = 1 })
    {
        Title = "spherical k-means",
        ObjectiveName = "cosine_inertia",
        ObjectiveTitle = "inertia of cosine distances",
        LessIsBetter = true,
        Help = "Train spherical k-means (k-means by the cosine, of rows divided by their lengths) and publish a new version of a model",
        PartMeasures = [new PartMeasure { Name = MeanCosines, Values = [], Title = "mean cosine" }],
    };
}
