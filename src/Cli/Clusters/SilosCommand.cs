using System.CommandLine;
using System.Text.Json;
using OrleansCluster.Cli.Commands;
using OrleansCluster.Cli.Output;
using OrleansCluster.Cli.Sessions;
using OrleansCluster.Contracts.Api;
using OrleansCluster.Json;
using OrleansCluster.Silos;
using OrleansCluster.Tenancy;
using Spectre.Console;

namespace OrleansCluster.Cli.Clusters;

/// <summary><c>silos</c>: which there are, how they are, and what they hold.</summary>
internal static class SilosCommand
{
    public static Command Create() =>
        new Command("silos", "The silos that do the work: how they are, their load, and the shards that they hold of running jobs").Runs(RunAsync);

    private static async Task<int> RunAsync(CommandContext context, ParseResult parsed)
    {
        await using Session session = await context.OpenAsync().ConfigureAwait(false);
        ClusterReport report = await session.Client.Silos.LookAsync(context.Cancellation).ConfigureAwait(false);
        if (context.Json)
            JsonReport.Print(json => JsonSerializer.Serialize(json, SiloDocuments.Of(report), ApiJson.Default.SilosDocument));
        else
            Write(context, report);
        return ExitCode.Success;
    }

    private static void Write(CommandContext context, ClusterReport report)
    {
        context.Terminal.Out.WriteLine();
        new Listing(
            Column.Name("silo", least: 16), Column.Word("status"), Column.Word("version", leaves: 4), Column.Word("started", leaves: 3),
            Column.Number("cpu"), Column.Number("memory"), Column.Number("threads", leaves: 2), Column.Number("grains"), Column.Number("shards"),
            Column.Prose("but", least: 12))
            .AddAll(report.Silos, silo =>
            [
                silo.Address, silo.Status, silo.Version.Split('+')[0], Listing.Date(silo.Started),
                double.IsNaN(silo.Cpu) || silo.MemoryBytes == 0 ? "" : Numbers.Share(100 * silo.Cpu),
                silo.MemoryBytes > 0 ? Numbers.Bytes(silo.MemoryBytes) : "", silo.Threads > 0 ? Numbers.Count(silo.Threads) : "",
                silo.MemoryBytes > 0 ? Numbers.Count(silo.Grains.Sum(kind => kind.Count)) : "",
                silo.MemoryBytes > 0 ? Numbers.Count(silo.Shards.Sum(held => held.Count)) : "", silo.Trouble,
            ])
            .Write(context.Terminal.Out);
        (SiloReport Silo, HeldShards Held)[] held = [.. report.Silos.SelectMany(silo => silo.Shards.Select(one => (silo, one)))];
        if (held.Length == 0)
            return;
        context.Terminal.Out.WriteLine();
        bool several = held.Any(one => one.Held.Tenant != GrainKeys.DefaultTenant);
        new Listing(
            Column.Name(several ? "tenant" : "", leaves: 1), Column.Name("job"), Column.Name("silo", least: 16), Column.Number("shards"), Column.Word("which"))
            .AddAll(
                held.OrderBy(one => one.Held.Tenant, StringComparer.Ordinal).ThenBy(one => one.Held.Job, StringComparer.Ordinal)
                    .ThenBy(one => one.Held.First),
                one => [several ? one.Held.Tenant : "", one.Held.Job, one.Silo.Address, Numbers.Count(one.Held.Count), $"{one.Held.First} to {one.Held.Last}"])
            .Write(context.Terminal.Out);
    }
}
