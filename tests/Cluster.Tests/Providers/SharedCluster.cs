using OrleansCluster.Cluster.Tests.Clusters;
using OrleansCluster.Cluster.Tests.Parts;

namespace OrleansCluster.Cluster.Tests.Providers;

/// <summary>
/// One server and one cluster on it for all tests of a provider: each says how many silos it needs, and in the order of the suite that costs few starts.
/// </summary>
public abstract class SharedCluster : IAsyncDisposable
{
    private SiloCluster? _silos;

    internal Server Server { get; private set; } = null!;

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_silos is null)
            return;
        await _silos.DisposeAsync();
        await Server.DisposeAsync();
    }

    /// <summary>The cluster with exactly so many silos, and the dataset imported; skips the test where the server cannot be had.</summary>
    internal async Task<SiloCluster> WithAsync(int silos)
    {
        bool first = _silos is null;
        if (_silos is null)
        {
            Server = await StartServer();
            _silos = new SiloCluster(Server.Settings);
        }

        await _silos.ScaleAsync(silos);
        if (first)
            await Job.ImportAsync(_silos.Client);
        return _silos;
    }

    internal abstract Task<Server> StartServer();
}
