namespace OrleansCluster.Cluster.Tests.Clusters;

/// <summary>Where the partitions of a job are.</summary>
internal static class Partitions
{
    /// <summary>How many each silo has, the fewest first.</summary>
    public static async Task<int[]> BySilo(SiloCluster cluster, string job)
    {
        DetailedGrainStatistic[] grains = await cluster.Connection.Grains.GetGrain<IManagementGrain>(0).GetDetailedGrainStatistics();
        return [.. grains.Where(grain => grain.GrainId.Type.ToString() == "partition" && grain.GrainId.Key.ToString()!.Contains(job, StringComparison.Ordinal))
            .GroupBy(grain => grain.SiloAddress).Select(silo => silo.Count()).Order()];
    }
}
