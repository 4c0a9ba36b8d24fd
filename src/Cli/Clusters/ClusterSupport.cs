using System.CommandLine;
using OrleansCluster.Cli.Sessions;
using OrleansCluster.Client;
using OrleansCluster.Silo.Clustering;

namespace OrleansCluster.Cli.Clusters;

/// <summary>What this build can do with clusters of processes.</summary>
internal static class ClusterSupport
{
    public static IEnumerable<Command> Commands() => [UpCommand.Create(), DownCommand.Create(), SiloCommand.Create(), StorageCommand.Create()];

    /// <summary>A session of a running cluster.</summary>
    /// <exception cref="CommandException">Nobody answers there.</exception>
    public static async Task<Session> ConnectAsync(string address, CancellationToken cancellation)
    {
        try
        {
            ClusterConnection connection = await ClusterConnection.OpenAsync(address, cancellation).ConfigureAwait(false);
            return new Session(connection, new ClusteringClient(connection.Grains));
        }
        catch (ClusteringException e)
        {
            throw CommandException.Failure(e.Message, e);
        }
    }
}
