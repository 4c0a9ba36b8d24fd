using OrleansCluster.Training;

namespace OrleansCluster.Families.KMeans;

/// <summary>Options that all trainings of centres have: k-means of rows as they are, or on the sphere.</summary>
public interface ICentreOptions : ITrainingOptions
{
    /// <summary><c>relocate</c>, <c>drop</c> or <c>fail</c>.</summary>
    string Empty { get; }

    /// <summary>Without acceleration: the same bits, more distances.</summary>
    bool Plain { get; }

    /// <summary>Rows of the sample whose silhouettes are taken, at least 2.</summary>
    int SilhouetteRows { get; }
}
