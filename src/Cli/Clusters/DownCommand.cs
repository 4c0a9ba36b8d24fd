using System.CommandLine;
using OrleansCluster.Cli.Commands;

namespace OrleansCluster.Cli.Clusters;

/// <summary><c>down</c>.</summary>
internal static class DownCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    public static Command Create() =>
        new Command("down", "Ends the silos that 'up' started on this home; datasets, models and jobs stay").Runs(async (context, _) =>
    {
        if (LocalCluster.Read(context.Home) is not { } cluster)
        {
            await Console.Error.WriteLineAsync($"No cluster was started on {context.Home}.").ConfigureAwait(false);
            return ExitCode.Success;
        }

        await EndAsync(cluster).ConfigureAwait(false);
        LocalCluster.Forget(context.Home);
        await Console.Error.WriteLineAsync("The cluster is down.").ConfigureAwait(false);
        return ExitCode.Success;
    }, here: true);

    /// <summary>Ends all silos together and, when they have written everything, their server.</summary>
    public static async Task EndAsync(LocalCluster cluster)
    {
        await Task.WhenAll(cluster.Silos.Select(silo => Launcher.EndAsync(silo, Patience))).ConfigureAwait(false);
        if (cluster.Server is { } server)
            await Launcher.EndAsync(server, Patience).ConfigureAwait(false);
    }
}
