using System.Globalization;
using System.Text.Json;
using OrleansCluster.Cli.Input;
using OrleansCluster.Cli.Output;
using OrleansCluster.Cli.Sessions;
using OrleansCluster.Client;
using OrleansCluster.Contracts.Api;
using OrleansCluster.Json;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Cli.Commands;

/// <summary><c>tenants usage</c>: what tenants used, and what that costs.</summary>
internal static class UsageCommand
{
    /// <param name="context">Where it runs.</param>
    /// <param name="name">The tenant; null: all of them, and at a service the key's own.</param>
    /// <param name="since">The first day; null: the first of this month.</param>
    /// <param name="prices">File of a price list; null: costs are not told.</param>
    public static async Task<int> RunAsync(CommandContext context, string? name, string? since, string? prices)
    {
        if (name is not null)
            Names.Check("tenant", name);
        DateOnly until = UsageDays.Of(DateTimeOffset.UtcNow);
        DateOnly from = since is null ? new DateOnly(until.Year, until.Month, 1) : UsageDays.Of(ShareText.Moment(since));
        PriceListDocument? list = prices is null ? null : ReadPrices("--prices", prices);
        await using Session session = await context.OpenAsync().ConfigureAwait(false);
        var told = new List<UsageDocument>();
        foreach (IClusteringClient client in await ClientsAsync(context, session, name).ConfigureAwait(false))
            told.Add(UsageDocuments.Of(await client.Usage.ReadAsync(from, until, context.Cancellation).ConfigureAwait(false), list));
        if (context.Json)
        {
            JsonReport.Print(json =>
            {
                json.WriteStartArray();
                foreach (UsageDocument usage in told)
                    JsonSerializer.Serialize(json, usage, ApiJson.Default.UsageDocument);
                json.WriteEndArray();
            });
        }
        else
        {
            Write(context, told);
        }

        return ExitCode.Success;
    }

    /// <summary>A price list of a file.</summary>
    /// <exception cref="CommandException">It is none; the message says where.</exception>
    public static PriceListDocument ReadPrices(string option, string file)
    {
        try
        {
            return PriceLists.Read(File.ReadAllBytes(file), file);
        }
        catch (ClusteringException e)
        {
            throw CommandException.Usage(e.Message, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandException.Usage($"{option} {file} cannot be read: {e.Message}", e);
        }
    }

    private static async Task<IReadOnlyList<IClusteringClient>> ClientsAsync(CommandContext context, Session session, string? name)
    {
        if (context.Server is not null)
            return name is null ? [session.Client] : throw CommandException.Usage($"At a service the key says whose usage is told: leave {name} out.");
        IReadOnlyList<TenantInfo> tenants = await session.Administration.TenantsAsync(context.Cancellation).ConfigureAwait(false);
        if (name is not null && tenants.All(tenant => tenant.Name != name))
            throw CommandException.Usage($"There is no tenant '{name}'. See: {context.Suggest("tenants list")}");
        return [.. tenants.Where(tenant => name is null || tenant.Name == name).Select(tenant => session.ClientOf(tenant.Name))];
    }

    private static void Write(CommandContext context, List<UsageDocument> told)
    {
        bool costs = told.Any(usage => usage.Currency is not null);
        Column[] columns =
        [
            Column.Name("tenant"), Column.Name("model"), Column.Number("training"), Column.Number("serving"), Column.Number("requests"), Column.Number("rows"),
            .. costs ? [Column.Number(told[0].Currency!)] : Array.Empty<Column>(),
        ];
        new Listing(columns).AddAll(told.SelectMany(usage => usage.Models.Select(model => (usage, model))), one =>
        [
            one.usage.Tenant, one.model.Model.Length == 0 ? "(no one model)" : one.model.Model, Numbers.Seconds((double)one.model.TrainingSeconds),
            Numbers.Seconds((double)one.model.ServingSeconds), Numbers.Count(one.model.Requests), Numbers.Count(one.model.Rows),
            .. costs ? [Cost(one.model.Cost)] : Array.Empty<string>(),
        ]).Write(context.Terminal.Out);
        foreach (UsageDocument usage in told)
        {
            string bytes = usage.StoredGigabyteDays.ToString("0.######", CultureInfo.InvariantCulture);
            string stored = $"{usage.Tenant}, {usage.Since} to {usage.Until} (UTC): {bytes} GB·days stored";
            Terminal.Print(costs ? $"{stored} for {Cost(usage.StoredCost)}; {Cost(usage.Cost)} {usage.Currency} in all." : stored + ".");
        }
    }

    private static string Cost(decimal? cost) => (cost ?? 0).ToString("0.00####", CultureInfo.InvariantCulture);
}
