using System.CommandLine;
using OrleansCluster.Cli.Commands;
using OrleansCluster.Cli.Sessions;

namespace OrleansCluster.Cli.Clusters;

/// <summary>What this build says to those who want a cluster of processes.</summary>
internal static class ClusterSupport
{
    /// <summary>The commands that need a cluster, hidden, so that typing them says what they need.</summary>
    public static IEnumerable<Command> Commands() => ((string[])["up", "down", "silo", "storage"]).Select(name =>
        new Command(name, "Needs the Orleans build") { Hidden = true, TreatUnmatchedTokensAsErrors = false }.Runs((_, _) => throw Missing()));

    public static Task<Session> ConnectAsync(string address, CancellationToken cancellation) => throw Missing();

    private static CommandException Missing() =>
        CommandException.Usage("This build runs everything in one process. Clusters need the Orleans build: ENGINE=Orleans ./cluster …, or dotnet build -p:Engine=Orleans.");
}
