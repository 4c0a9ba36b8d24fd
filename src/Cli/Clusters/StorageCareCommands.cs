using System.CommandLine;
using System.Text.Json;
using OrleansCluster.Cli.Commands;
using OrleansCluster.Cli.Input;
using OrleansCluster.Cli.Output;
using OrleansCluster.Cli.Sessions;
using OrleansCluster.Client.Storage;
using Spectre.Console;

namespace OrleansCluster.Cli.Clusters;

/// <summary><c>storage usage | collect</c>.</summary>
internal static class StorageCareCommands
{
    public static Command Usage() => new Command("usage", "Tell how much room datasets, models and jobs take, and what nothing names")
        .Runs((context, _) => UsageAsync(context));

    public static Command Collect()
    {
        var dry = new Option<bool>("--dry-run") { Description = "Only say what would go" };
        var age = new Option<string>("--older-than")
        {
            Description = "How long nobody must have written it: 90m, 12h, 7d; at least 10m",
            HelpName = "TIME",
            DefaultValueFactory = _ => "1d",
        };
        return new Command("collect", "Remove what nothing names any more; at any time, whatever is imported and trained meanwhile") { dry, age }
            .Runs((context, parsed) => CollectAsync(context, ShareText.Duration(parsed.GetRequiredValue(age)), parsed.GetValue(dry)));
    }

    private static async Task<int> UsageAsync(CommandContext context)
    {
        await using Session session = await context.OpenAsync(stays: true).ConfigureAwait(false);
        StorageUsage usage = await session.Storage.UsageAsync(context.Cancellation).ConfigureAwait(false);
        if (context.Json)
        {
            JsonReport.Print(json => Write(json, usage));
            return ExitCode.Success;
        }

        new Listing(Column.Name("tenant"), Column.Number("datasets"), Column.Number("models"), Column.Number("jobs"), Column.Number("shared"),
            Column.Number("audit log"))
            .AddAll(usage.Tenants, tenant =>
            [
                tenant.Tenant, Numbers.Bytes(tenant.Datasets), Numbers.Bytes(tenant.Models), Numbers.Bytes(tenant.Jobs), Numbers.Bytes(tenant.Shared),
                tenant.Audit == 0 ? "" : Numbers.Bytes(tenant.Audit),
            ])
            .Write(context.Terminal.Out);
        context.Terminal.Out.WriteLine();
        TrainingText.Fact(context.Terminal.Out, "all", Numbers.Bytes(usage.Bytes), Numbers.Of(usage.Blobs, "blob"));
        if (usage.Shared > 0)
            TrainingText.Fact(context.Terminal.Out, "shared", Numbers.Bytes(usage.Shared), "by several tenants");
        TrainingText.Fact(
            context.Terminal.Out, "unnamed", Numbers.Bytes(usage.Unnamed),
            usage.UnnamedBlobs == 0 ? null : $"{Numbers.Of(usage.UnnamedBlobs, "blob")}: {context.Suggest("storage collect")}");
        return ExitCode.Success;
    }

    private static void Write(Utf8JsonWriter json, StorageUsage usage)
    {
        json.WriteStartObject();
        json.WriteStartArray("tenants");
        foreach (TenantUsage tenant in usage.Tenants)
        {
            json.WriteStartObject();
            json.WriteString("tenant", tenant.Tenant);
            json.WriteNumber("datasets", tenant.Datasets);
            json.WriteNumber("models", tenant.Models);
            json.WriteNumber("jobs", tenant.Jobs);
            json.WriteNumber("shared", tenant.Shared);
            json.WriteNumber("audit", tenant.Audit);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("shared", usage.Shared);
        json.WriteNumber("unnamed", usage.Unnamed);
        json.WriteNumber("unnamed_blobs", usage.UnnamedBlobs);
        json.WriteNumber("bytes", usage.Bytes);
        json.WriteNumber("blobs", usage.Blobs);
        json.WriteEndObject();
    }

    private static async Task<int> CollectAsync(CommandContext context, TimeSpan age, bool dryRun)
    {
        if (age < StorageCare.LeastAge)
            throw CommandException.Usage("--older-than is less than 10 minutes, and what was written since may be about to be named: give at least 10m.");
        await using Session session = await context.OpenAsync(stays: true).ConfigureAwait(false);
        StorageCollection gone = await session.Storage.CollectAsync(age, dryRun, context.Cancellation).ConfigureAwait(false);
        if (context.Json)
        {
            JsonReport.Print(json =>
            {
                json.WriteStartObject();
                json.WriteBoolean("dry_run", dryRun);
                json.WriteNumber("blobs", gone.Blobs);
                json.WriteNumber("bytes", gone.Bytes);
                json.WriteNumber("young", gone.Young);
                json.WriteEndObject();
            });
        }
        else
        {
            Terminal.Print($"{(dryRun ? "Would remove" : "Removed")} {Numbers.Of(gone.Blobs, "blob")}, {Numbers.Bytes(gone.Bytes)}."
                + (gone.Young > 0 ? $" {Numbers.Bytes(gone.Young)} that nothing names are younger than that." : ""));
        }

        return ExitCode.Success;
    }
}
