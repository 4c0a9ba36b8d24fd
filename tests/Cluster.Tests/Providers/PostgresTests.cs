using OrleansCluster.Cluster.Tests.Parts;

namespace OrleansCluster.Cluster.Tests.Providers;

/// <summary>Everything in PostgreSQL: membership, state, reminders and blobs.</summary>
public sealed class PostgresTests(PostgresTests.Cluster shared) : ProviderTests(shared), IClassFixture<PostgresTests.Cluster>
{
    public sealed class Cluster : SharedCluster
    {
        internal override async Task<Server> StartServer() => await PostgresServer.StartAsync();
    }
}
