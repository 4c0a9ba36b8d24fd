using OrleansCluster.Client;
using OrleansCluster.Tenancy;

[assembly: AssemblyFixture(typeof(OrleansCluster.Grains.Tests.Fixtures.SharedCluster))]

namespace OrleansCluster.Grains.Tests.Fixtures;

/// <summary>
/// One cluster of two silos, whose messages to each other are serialized, for all tests that need nothing special of theirs: each gets a tenant.
/// </summary>
public sealed class SharedCluster : IAsyncLifetime
{
    private readonly TemporaryHome _home = new();
    private ClusterFixture _cluster = null!;
    private int _tenants;

    public async ValueTask InitializeAsync() => _cluster = await ClusterFixture.StartAsync(new ClusterSetup { Home = _home.Path, Silos = 2 });

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        _home.Dispose();
    }

    /// <summary>Where grains are reached, whoever's they are.</summary>
    internal IGrainFactory Grains => _cluster.Grains;

    /// <summary>The services of every silo.</summary>
    internal IReadOnlyList<IServiceProvider> Silos => _cluster.Silos;

    /// <summary>A tenant that nobody else uses.</summary>
    internal Tenant NewTenant() => new(_cluster, $"tenant-{Interlocked.Increment(ref _tenants)}");

    /// <summary>The shared cluster as one tenant sees it.</summary>
    internal sealed class Tenant(ClusterFixture cluster, string name)
    {
        public string Name => name;

        /// <summary>What one silo says of itself.</summary>
        public ILocalSiloDetails Silo => cluster.Service<ILocalSiloDetails>();

        public ClusteringClient Client(string? tenant = null) => cluster.Client(tenant ?? name);

        public IGrainFactory Grains => cluster.Grains;

        /// <summary>A grain of this tenant.</summary>
        public T Grain<T>(string id)
            where T : IGrainWithStringKey => cluster.Grains.GetGrain<T>(GrainKeys.For(name, id));
    }
}
