using OrleansCluster.Silos;

namespace OrleansCluster.Cluster.Tests.Clusters;

/// <summary>Where the partitions of a job are.</summary>
internal static class Partitions
{
    /// <summary>How many each silo has, the fewest first, as silos tell it.</summary>
    public static async Task<int[]> BySilo(SiloCluster cluster, string job)
    {
        ClusterReport report = await cluster.Client.Silos.LookAsync();
        report.Silos.Where(silo => silo.Status == "active").ShouldAllBe(silo => silo.Trouble.Length == 0 && silo.Threads > 0 && silo.Version.Length > 0);
        return [.. report.Silos.SelectMany(silo => silo.Shards).Where(held => held.Job == job).Select(held => held.Count).Order()];
    }
}
