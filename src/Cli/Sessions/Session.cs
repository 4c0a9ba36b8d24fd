using OrleansCluster.Client;
using OrleansCluster.Silo;

namespace OrleansCluster.Cli.Sessions;

/// <summary>The engine, running on a home folder for as long as a command needs it.</summary>
internal sealed class Session : IAsyncDisposable
{
    private readonly ClusterHost _host;

    private Session(ClusterHost host) => (_host, Client) = (host, new ClusteringClient(host.Grains));

    public IClusteringClient Client { get; }

    /// <summary>Takes the home folder and starts the engine on it.</summary>
    /// <param name="threads">Threads that compute; 0: all cores.</param>
    /// <exception cref="CommandException">The home cannot be used, or another process owns it.</exception>
    public static async Task<Session> OpenAsync(string home, int threads, CancellationToken cancellation)
    {
        try
        {
            return new Session(await ClusterHost.StartAsync(new ClusterHostOptions { Home = home, Threads = threads }, cancellation).ConfigureAwait(false));
        }
        catch (Exception e) when (e is ClusteringException or IOException or UnauthorizedAccessException)
        {
            throw CommandException.Failure(e.Message, e);
        }
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();
}
