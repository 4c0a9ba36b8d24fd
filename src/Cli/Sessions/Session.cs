using OrleansCluster.Client;
using OrleansCluster.Silo;
using OrleansCluster.Training;

namespace OrleansCluster.Cli.Sessions;

/// <summary>A way to the grains for as long as a command needs it: a silo in this process on a home folder, or a cluster of silos.</summary>
internal sealed class Session : IAsyncDisposable
{
    private readonly IAsyncDisposable _host;

    /// <param name="host">What runs or reaches the grains, ended with the session.</param>
    /// <param name="client">Its client.</param>
    public Session(IAsyncDisposable host, IClusteringClient client) => (_host, Client) = (host, client);

    public IClusteringClient Client { get; }

    /// <summary>Takes the home folder and hosts a silo on it.</summary>
    /// <param name="threads">Threads that compute; 0: all cores.</param>
    /// <exception cref="CommandException">The home cannot be used, or another process owns it.</exception>
    public static async Task<Session> OpenAsync(string home, int threads, CancellationToken cancellation)
    {
        try
        {
            ClusterHost host = await ClusterHost.StartAsync(new ClusterHostOptions { Home = home, Threads = threads }, cancellation).ConfigureAwait(false);
            return new Session(host, new ClusteringClient(host.Grains));
        }
        catch (Exception e) when (e is ClusteringException or IOException or UnauthorizedAccessException)
        {
            throw CommandException.Failure(e.Message, e);
        }
    }

    /// <summary>Compiles what a training needs while its rows are read; silos of a cluster did so when they started.</summary>
    public void Rehearse(TrainingRequest request) => (_host as ClusterHost)?.Rehearse(request);

    public ValueTask DisposeAsync() => _host.DisposeAsync();
}
