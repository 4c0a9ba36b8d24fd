using OrleansCluster.Datasets;
using OrleansCluster.Numerics;

namespace OrleansCluster;

/// <summary>Turns failures that are meant for people into the one exception that crosses every boundary.</summary>
internal static class Failures
{
    /// <summary>
    /// A <see cref="ClusteringException"/> with the same message for damaged data, files and runs that cannot go on; anything else as it is.
    /// Only where the surroundings failed (a full disk, no permission), and asking again later may help, does it carry the cause.
    /// </summary>
    /// <param name="e">What happened.</param>
    /// <param name="columns">Names of the columns of the rows it is about; null: unknown.</param>
    public static Exception Translate(Exception e, IReadOnlyList<string>? columns = null) => e switch
    {
        DataFormatException or BlobStoreException => new ClusteringException(e.Message),
        TrainingException training => new ClusteringException(training.Told(columns ?? [])),
        IOException => new ClusteringException(e.Message, e),
        UnauthorizedAccessException => new ClusteringException($"{e.Message} Give this user access, or use another home.", e),
        _ => e,
    };

    /// <summary>Whether the surroundings failed and not the work: it can be tried again later.</summary>
    public static bool IsOfSurroundings(Exception e) => e is IOException and not BlobStoreException
        or UnauthorizedAccessException or ClusteringException { InnerException: IOException or UnauthorizedAccessException };
}
