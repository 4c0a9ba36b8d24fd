using System.CommandLine;
using System.Globalization;
using OrleansCluster.Cli.Output;
using OrleansCluster.Cli.Sessions;
using OrleansCluster.Client;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Cli.Commands;

/// <summary><c>tenants list | create | limit | suspend | resume | delete</c>.</summary>
internal static class TenantsCommands
{
    public static Command Create()
    {
        var name = new Argument<string>("NAME") { Description = "Name of the tenant" };
        var create = new Command("create", "Make a tenant; give it keys with 'keys create --tenant NAME'") { name };
        var limits = new QuotaOptions();
        limits.AddTo(create);
        var limit = new Command("limit", "Say how much a tenant may have; what is not named stays as it is") { name };
        var changes = new QuotaOptions();
        changes.AddTo(limit);
        limit.Aliases.Add("quota");
        var some = new Argument<string?>("NAME") { Description = "Name of the tenant [default: all of them]", Arity = ArgumentArity.ZeroOrOne };
        var since = new Option<string?>("--since")
        {
            Description = "From that day on, as in 7d or 2026-01-31 [default: the first of this month]",
            HelpName = "TIME",
        };
        var prices = new Option<string?>("--prices") { Description = "What things cost, as JSON", HelpName = "FILE" };
        var delete = new Command("delete", "Take a tenant away with its keys; with --force also all that it has: plans, jobs, models, datasets, rules")
        {
            name,
        };
        var deletion = new DeletionOptions();
        deletion.AddTo(delete);
        return new Command("tenants", "Say whose datasets, models and jobs there are: nobody sees those of another tenant")
        {
            new Command("list", "List the tenants").Runs((context, _) => ListAsync(context)),
            create.Runs((context, parsed) => RunAsync(context, parsed.GetRequiredValue(name), async (session, named) => Tell(
                context, await session.Administration.CreateAsync(named, limits.Apply(parsed, new TenantQuotas()), Environment.UserName, context.Cancellation)
                    .ConfigureAwait(false)))),
            limit.Runs((context, parsed) => RunAsync(context, parsed.GetRequiredValue(name), async (session, named) =>
            {
                TenantInfo before = await session.Administration.TenantAsync(named, context.Cancellation).ConfigureAwait(false)
                    ?? throw CommandException.Usage($"There is no tenant '{named}'. See: {context.Suggest("tenants list")}");
                Tell(context, await session.Administration.LimitAsync(named, changes.Apply(parsed, before.Quotas), context.Cancellation).ConfigureAwait(false));
            })),
            new Command("suspend", "Have a tenant's keys open nothing; what is stored stays, and its jobs go on") { name }
                .Runs((context, parsed) => RunAsync(context, parsed.GetRequiredValue(name), async (session, named) => Tell(
                    context, await session.Administration.SuspendAsync(named, suspended: true, context.Cancellation).ConfigureAwait(false)))),
            new Command("resume", "Have a suspended tenant's keys open again") { name }
                .Runs((context, parsed) => RunAsync(context, parsed.GetRequiredValue(name), async (session, named) => Tell(
                    context, await session.Administration.SuspendAsync(named, suspended: false, context.Cancellation).ConfigureAwait(false)))),
            new Command("usage", "Show how long threads worked for tenants' models, what they were asked, what is stored, and what that costs")
            {
                some, since, prices,
            }.Runs((context, parsed) => UsageCommand.RunAsync(context, parsed.GetValue(some), parsed.GetValue(since), parsed.GetValue(prices))),
            delete.Runs(async (context, parsed) =>
            {
                string named = Names.Check("tenant", parsed.GetRequiredValue(name));
                await using Session session = await context.OpenAsync().ConfigureAwait(false);
                bool force = deletion.Force(parsed);
                if (!await deletion.IsWantedAsync(context, parsed, $"the tenant {named}{(force ? " with all that it has" : "")}").ConfigureAwait(false))
                    return ExitCode.Failure;
                TellDeleted(context, await session.Administration.DeleteAsync(named, force, Environment.UserName, context.Cancellation).ConfigureAwait(false));
                return ExitCode.Success;
            }),
        };
    }

    private static async Task<int> RunAsync(CommandContext context, string name, Func<Session, string, Task> run)
    {
        Names.Check("tenant", name);
        await using Session session = await context.OpenAsync().ConfigureAwait(false);
        await run(session, name).ConfigureAwait(false);
        return ExitCode.Success;
    }

    private static async Task<int> ListAsync(CommandContext context)
    {
        await using Session session = await context.OpenAsync().ConfigureAwait(false);
        IReadOnlyList<TenantInfo> tenants = await session.Administration.TenantsAsync(context.Cancellation).ConfigureAwait(false);
        Write(context, tenants);
        return ExitCode.Success;
    }

    private static void TellDeleted(CommandContext context, TenantDeletion gone)
    {
        (string Kind, IReadOnlyList<string> Names)[] all =
        [
            ("plans", gone.Plans), ("jobs", gone.Jobs), ("models", gone.Models), ("datasets", gone.Datasets), ("rules", gone.Rules), ("keys", gone.Keys),
        ];
        if (context.Json)
        {
            JsonReport.Print(json =>
            {
                json.WriteStartObject();
                json.WriteString("tenant", gone.Tenant);
                foreach ((string kind, IReadOnlyList<string> names) in all)
                    json.WriteStrings(kind, names);
                json.WriteEndObject();
            });
            return;
        }

        Terminal.Print($"The tenant {gone.Tenant} is gone.");
        foreach ((string kind, IReadOnlyList<string> names) in all.Where(one => one.Names.Count > 0))
            Terminal.Print($"With it went {Numbers.Of(names.Count, kind[..^1])}: {string.Join(", ", names)}.");
        if (gone.Models.Length + gone.Datasets.Length + gone.Jobs.Length > 0)
            Terminal.Print($"Their bytes become free when storage is collected: {context.Suggest("storage collect")}");
    }

    private static void Tell(CommandContext context, TenantInfo tenant) => Write(context, [tenant]);

    private static void Write(CommandContext context, IReadOnlyList<TenantInfo> tenants)
    {
        if (context.Json)
        {
            JsonReport.Print(json =>
            {
                json.WriteStartArray();
                foreach (TenantInfo tenant in tenants)
                {
                    json.WriteStartObject();
                    json.WriteString("name", tenant.Name);
                    if (tenant.Created == default)
                        json.WriteNull("created");
                    else
                        json.WriteString("created", tenant.Created);
                    json.WriteString("by", tenant.By);
                    if (tenant.Suspended is { } since)
                        json.WriteString("suspended", since);
                    else
                        json.WriteNull("suspended");
                    json.WriteStartObject("quotas");
                    foreach ((string name, long most) in QuotaOptions.Of(tenant.Quotas))
                        json.WriteNumber(name.Replace('-', '_'), most);
                    json.WriteEndObject();
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            });
            return;
        }

        new Listing(Column.Name("tenant"), Column.Word("created"), Column.Name("by", leaves: 1), Column.Word("suspended"), Column.Word("may have"))
            .AddAll(tenants, tenant =>
            [
                tenant.Name, tenant.Created == default ? "" : Listing.Date(tenant.Created), tenant.By,
                tenant.Suspended is { } since ? "since " + Listing.Date(since) : "",
                string.Join(", ", QuotaOptions.Of(tenant.Quotas).Where(quota => quota.Most > 0)
                    .Select(quota => $"{quota.Most.ToString("N0", CultureInfo.InvariantCulture)} {quota.Name.Replace('-', ' ')}")),
            ])
            .Write(context.Terminal.Out);
    }
}
