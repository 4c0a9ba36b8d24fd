using System.CommandLine;
using OrleansCluster.Cli.Demo;

namespace OrleansCluster.Cli.Commands;

/// <summary><c>demo</c>.</summary>
internal static class DemoCommand
{
    public static Command Create() =>
        new Command("demo", "A first walk-through on a small real table: train, retrain, assign, and survive a crash").Runs(async (context, _) =>
    {
        string home = context.HomeIsGiven ? context.Home : Directory.CreateTempSubdirectory("orleanscluster-demo-").FullName;
        await new Walkthrough(context.WithHome(home)).RunAsync().ConfigureAwait(false);
        return ExitCode.Success;
    }, here: true);
}
