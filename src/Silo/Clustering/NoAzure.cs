namespace OrleansCluster.Silo.Clustering;

/// <summary>The Azure parts of a build without them.</summary>
internal static class AzureParts
{
    public static void UseProviders(ISiloBuilder silo, string connection) => throw Missing();

    public static void UseGateways(IClientBuilder client, string connection) => throw Missing();

    public static OrleansCluster.Datasets.IBlobStore OpenBlobs(ClusterSettings settings) => throw Missing();

    private static ClusteringException Missing() =>
        new("This program was built without the Azure parts (-p:Azure=false): build it with them, or set Cluster:Clustering to redis or postgres and Cluster:Blobs to folder or postgres.");
}
