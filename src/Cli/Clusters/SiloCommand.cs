using System.CommandLine;
using OrleansCluster.Cli.Commands;
using OrleansCluster.Silo.Clustering;

namespace OrleansCluster.Cli.Clusters;

/// <summary><c>silo</c>.</summary>
internal static class SiloCommand
{
    public static Command Create()
    {
        Option<string[]> settings = SettingOption.Create();
        return new Command("silo", "Runs one silo of a cluster until it is told to end; settings: appsettings.json, environment (Cluster__KEY), --set") { settings }.Runs(async (context, parsed) =>
        {
            var overrides = SettingOption.Read(parsed.GetValue(settings)!).ToList();
            if (context.Threads > 0)
                overrides.Add(KeyValuePair.Create("Threads", (string?)context.Threads.ToString(System.Globalization.CultureInfo.InvariantCulture)));
            await ClusterSupport.WithSettings(() => SiloProcess.RunAsync(overrides, context.Families, context.Cancellation)).ConfigureAwait(false);
            return ExitCode.Success;
        });
    }
}
