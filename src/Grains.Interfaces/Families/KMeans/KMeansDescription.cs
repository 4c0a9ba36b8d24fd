namespace OrleansCluster.Families.KMeans;

/// <summary>k-means, for those who ask for it.</summary>
public static class KMeansDescription
{
    public static FamilyDescription Value { get; } = new(new KMeansOptions { K = 1 })
    {
        Title = "k-means",
        ObjectiveName = "inertia",
        LessIsBetter = true,
        Help = "Train k-means and publish a new version of a model",
        EarlierName = "KMeans",
    };
}
