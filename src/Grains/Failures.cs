using OrleansCluster.Datasets;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster;

/// <summary>Turns failures that are meant for people into the one exception that crosses every boundary.</summary>
internal static class Failures
{
    /// <summary>A <see cref="ClusteringException"/> with the same message for damaged data, files and runs that cannot go on; anything else as it is.</summary>
    public static Exception Translate(Exception e) => e switch
    {
        DataFormatException or IOException or TrainingException => new ClusteringException(e.Message),
        UnauthorizedAccessException => new ClusteringException($"{e.Message} Give this user access, or use another home."),
        _ => e,
    };
}
