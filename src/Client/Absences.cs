namespace OrleansCluster.Client;

/// <summary>What a connection does not offer.</summary>
internal static class Absences
{
    /// <summary>Care of what is stored.</summary>
    public static ClusteringException OfCare() => new(
        "What is stored is looked after at a gateway of the cluster or in its home folder, and not by this connection; a service takes DELETE at the paths of "
            + "datasets, models and jobs.");
}
