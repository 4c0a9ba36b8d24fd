using OrleansCluster.Cluster.Tests.Clusters;
using OrleansCluster.Cluster.Tests.Parts;
using OrleansCluster.Training;

namespace OrleansCluster.Cluster.Tests.Placement;

/// <summary>Where the grains of a job are.</summary>
public sealed class PlacementTests
{
    [Theory]
    [InlineData(10, 3)]
    [InlineData(60, 7)]
    [InlineData(5, 8)]
    [InlineData(1, 1)]
    public void Every_silo_gets_a_contiguous_run_of_shards_and_their_lengths_differ_by_one_at_most(int shards, int silos)
    {
        int[] places = [.. Enumerable.Range(0, shards).Select(shard => ShardPlacement.SiloOf(shard, shards, silos))];
        places.ShouldBeInOrder();
        int[] counts = [.. Enumerable.Range(0, silos).Select(silo => places.Count(place => place == silo))];
        (counts.Max() - counts.Min()).ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public async Task Partitions_are_spread_evenly_and_a_silo_that_joins_takes_over_at_the_next_job()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        await using var cluster = new SiloCluster("Clustering=redis", "Connection=" + redis.Connection);
        await cluster.StartAsync(2);
        await Job.ImportAsync(cluster.Client);
        string first = await cluster.Client.Jobs.StartAsync(Job.Request());
        await Job.ReachedAsync(cluster.Client, first, 1);
        (await PartitionsBySilo(cluster)).ShouldBe([5, 5]);
        await cluster.StartAsync(1);
        await Job.FinishAsync(cluster.Client, first);

        string second = await cluster.Client.Jobs.StartAsync(Job.Request());
        await Job.ReachedAsync(cluster.Client, second, 1);
        (await PartitionsBySilo(cluster)).ShouldBe([3, 3, 4]);
        await Job.FinishAsync(cluster.Client, second);
    }

    private static async Task<int[]> PartitionsBySilo(SiloCluster cluster)
    {
        DetailedGrainStatistic[] grains = await cluster.Connection.Grains.GetGrain<IManagementGrain>(0).GetDetailedGrainStatistics();
        return [.. grains.Where(grain => grain.GrainId.Type.ToString() == "partition").GroupBy(grain => grain.SiloAddress).Select(silo => silo.Count()).Order()];
    }
}
