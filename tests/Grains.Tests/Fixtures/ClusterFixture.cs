using OrleansCluster.Client;

namespace OrleansCluster.Grains.Tests.Fixtures;

/// <summary>A cluster under test, on either engine. Each engine's file says how it is started.</summary>
internal abstract partial class ClusterFixture : IAsyncDisposable
{
    public abstract IGrainFactory Grains { get; }

    /// <summary>The services of one silo.</summary>
    public abstract IServiceProvider Services { get; }

    /// <summary>The services of every silo.</summary>
    public abstract IReadOnlyList<IServiceProvider> Silos { get; }

    public ClusteringClient Client(string tenant = "default") => new(Grains, tenant);

    public T Service<T>()
        where T : notnull => (T)Services.GetService(typeof(T))!;

    /// <summary>Ends the cluster without telling any activation.</summary>
    public abstract Task KillAsync();

    public abstract ValueTask DisposeAsync();
}
