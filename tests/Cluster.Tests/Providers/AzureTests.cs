using OrleansCluster.Cluster.Tests.Parts;

namespace OrleansCluster.Cluster.Tests.Providers;

/// <summary>Everything in a storage account: membership and reminders in tables, state and content in blobs.</summary>
public sealed class AzureTests(AzureTests.Cluster shared) : ProviderTests(shared), IClassFixture<AzureTests.Cluster>
{
    public sealed class Cluster : SharedCluster
    {
        internal override async Task<Server> StartServer() => await AzuriteServer.StartAsync();
    }
}
