using System.CommandLine;
using OrleansCluster.Cli.Commands;
using OrleansCluster.Silo.Clustering;

namespace OrleansCluster.Cli.Clusters;

/// <summary><c>storage</c>.</summary>
internal static class StorageCommand
{
    public static Command Create()
    {
        Option<string[]> settings = SettingOption.Create();
        var scripts = new Option<string>("--scripts")
        {
            Description = "Folder with Orleans' SQL scripts (src/AdoNet of its sources, or the documentation's download)",
            HelpName = "DIR",
            Required = true,
        };
        return new Command("storage", "Tell what takes room, and free what nothing names; prepare the database of a cluster")
        {
            StorageCareCommands.Usage(),
            StorageCareCommands.Collect(),
            new Command("init", "Makes the tables that Orleans keeps in PostgreSQL; those that are there stay as they are") { scripts, settings }
                .Runs(async (context, parsed) =>
            {
                IReadOnlyList<string> applied = [];
                await ClusterSupport.WithSettings(async () => applied = await OrleansTables.CreateAsync(
                    SettingOption.Read(parsed.GetValue(settings)!), parsed.GetValue(scripts)!, context.Cancellation).ConfigureAwait(false))
                        .ConfigureAwait(false);
                await Console.Out.WriteLineAsync(applied.Count == 0 ? "All tables are there already." : $"Applied: {string.Join(", ", applied)}.")
                    .ConfigureAwait(false);
                return ExitCode.Success;
            }, here: true),
        };
    }
}
