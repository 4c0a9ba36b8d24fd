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
}
