using System.CommandLine;
using OrleansCluster.Cli.Sessions;
using OrleansCluster.Silo.Clustering;

namespace OrleansCluster.Cli.Clusters;

/// <summary>What this build can do with clusters of processes.</summary>
internal static class ClusterSupport
{
    public static IEnumerable<Command> Commands() =>
        [.. ServeCommand.Create(), OpenCommand.Create(), UpCommand.Create(), DownCommand.Create(), SiloCommand.Create(), SilosCommand.Create(),
            StorageCommand.Create(), BackupCommands.Backup(), BackupCommands.Restore()];

    /// <summary>A session of a running cluster.</summary>
    /// <exception cref="CommandException">Nobody answers there.</exception>
    public static async Task<Session> ConnectAsync(string address, string tenant, CancellationToken cancellation)
    {
        if (Secrets.In(address).Count > 0)
        {
            string kind = address.Split(':', 2)[0];
            throw CommandException.Usage(SettingOption.InTheOpen(
                "--cluster", $"in the environment as Cluster__Connection, or in a file that Cluster__ConnectionFile names, and write --cluster {kind}"));
        }

        try
        {
            ClusterConnection? connection = null;
            await WithSettings(async () => connection = await ClusterConnection.OpenAsync(address, cancellation).ConfigureAwait(false)).ConfigureAwait(false);
            return new Session(connection!, connection!.Grains, tenant);
        }
        catch (ClusteringException e)
        {
            throw CommandException.Failure(e.Message, e);
        }
    }

    /// <summary>Reading of settings; one that cannot be used is the user's to correct.</summary>
    public static T WithSettings<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (SettingsException e)
        {
            throw CommandException.Usage(e.Message);
        }
    }

    /// <summary>Work that reads settings; one that cannot be used is the user's to correct.</summary>
    public static async Task WithSettings(Func<Task> work)
    {
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (SettingsException e)
        {
            throw CommandException.Usage(e.Message);
        }
    }
}
