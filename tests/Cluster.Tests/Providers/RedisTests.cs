using OrleansCluster.Cluster.Tests.Parts;

namespace OrleansCluster.Cluster.Tests.Providers;

/// <summary>Membership, state and reminders in Redis; blobs in a folder.</summary>
public sealed class RedisTests(RedisTests.Cluster shared) : ProviderTests(shared), IClassFixture<RedisTests.Cluster>
{
    public sealed class Cluster : SharedCluster
    {
        internal override async Task<Server> StartServer() => await RedisServer.StartAsync();
    }
}
