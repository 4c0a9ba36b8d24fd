using OrleansCluster.Cluster.Tests.Clusters;
using OrleansCluster.Cluster.Tests.Parts;

namespace OrleansCluster.Cluster.Tests.Providers;

/// <summary>Membership, state and reminders in Redis; blobs in a folder.</summary>
public sealed class RedisTests(RedisTests.Cluster shared) : ProviderTests(shared), IClassFixture<RedisTests.Cluster>
{
    [Fact]
    public async Task Front_ends_answer_rightly_or_say_why_not_while_a_silo_is_killed()
    {
        SiloCluster cluster = await shared.WithAsync(3);
        await using FrontEnd front = await FrontEnd.StartAsync(cluster);
        await using Askers askers = await Askers.StartAsync(cluster.Client, front);
        await askers.SteadyAsync(TimeSpan.FromSeconds(1), within: TimeSpan.FromSeconds(20));
        cluster.Kill(1);
        await askers.SteadyAsync(TimeSpan.FromSeconds(5), within: TimeSpan.FromSeconds(20));
    }

    public sealed class Cluster : SharedCluster
    {
        internal override async Task<Server> StartServer() => await RedisServer.StartAsync();
    }
}
