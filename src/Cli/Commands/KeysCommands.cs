using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json;
using OrleansCluster.Cli.Input;
using OrleansCluster.Cli.Output;
using OrleansCluster.Cli.Sessions;
using OrleansCluster.Client;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Cli.Commands;

/// <summary><c>keys create | list | rotate | revoke</c>.</summary>
internal static class KeysCommands
{
    private const string UsualGrace = "1h";

    public static Command Create()
    {
        var id = new Argument<string>("ID") { Description = "Id of the key: what stands between its first two '_'" };
        var role = new Option<string>("--role")
        {
            Description = "reader: sees; scorer: asks models, too; trainer: brings datasets and trains, too; operator: decides which versions answer, too; "
                + "admin: gives keys, too",
            HelpName = string.Join('|', Roles.All),
            Required = true,
        };
        var models = new Option<string?>("--models") { Description = "The only models that it opens [default: all]", HelpName = "NAME,…" };
        var expires = new Option<string?>("--expires")
        {
            Description = "For how long it opens, as in 12h or 90d [default: until it is revoked]",
            HelpName = "TIME"
        };
        var label = new Option<string>("--label") { Description = "What it is for", HelpName = "TEXT", DefaultValueFactory = _ => "" };
        var grace = new Option<string>("--grace")
        {
            Description = "How long the key before still opens, so that programs can go over to the new one",
            HelpName = "TIME",
            DefaultValueFactory = _ => UsualGrace,
        };
        return new Command("keys", "Give programs keys to the service over HTTP, and take them away")
        {
            new Command("create", "Make a key and show it, this once") { role, models, expires, label }
                .Runs((context, parsed) => MakeAsync(context, (administration, now) => administration.MakeKeyAsync(
                    new KeyInfo
                    {
                        Id = "",
                        Tenant = context.Tenant,
                        Role = Role(parsed.GetRequiredValue(role)),
                        Models = [.. (parsed.GetValue(models) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                            .Select(name => Names.Check("model", name))],
                        Label = parsed.GetValue(label) ?? "",
                        By = Environment.UserName,
                        Expires = parsed.GetValue(expires) is { } time ? now + ShareText.Duration(time) : null,
                    },
                    context.Cancellation))),
            new Command("list", "List the tenant's keys; none is shown whole").Runs((context, _) => ListAsync(context)),
            new Command("rotate", "Make a key with the rights of another, which then opens for a while only") { id, grace }
                .Runs((context, parsed) => MakeAsync(context, (administration, _) => administration.RotateKeyAsync(
                    context.Tenant, parsed.GetRequiredValue(id), ShareText.Duration(parsed.GetRequiredValue(grace)), Environment.UserName,
                        context.Cancellation))),
            new Command("revoke", "Have a key open nothing any more") { id }.Runs(async (context, parsed) =>
            {
                await using Session session = await context.OpenAsync().ConfigureAwait(false);
                KeyInfo revoked = await session.Administration.RevokeKeyAsync(context.Tenant, parsed.GetRequiredValue(id), context.Cancellation)
                    .ConfigureAwait(false);
                Write(context, [revoked]);
                return ExitCode.Success;
            }),
        };
    }

    private static string Role(string text)
    {
        try
        {
            return Roles.Check(text);
        }
        catch (ClusteringException none)
        {
            throw CommandException.Usage(none.Message, none);
        }
    }

    private static async Task<int> MakeAsync(CommandContext context, Func<IAdministration, DateTimeOffset, Task<(ApiKey Key, KeyInfo Info)>> make)
    {
        await using Session session = await context.OpenAsync().ConfigureAwait(false);
        (ApiKey key, KeyInfo info) = await make(session.Administration, DateTimeOffset.UtcNow).ConfigureAwait(false);
        if (context.Json)
        {
            JsonReport.Print(json => Write(json, info, key.Text));
            return ExitCode.Success;
        }

        // Alone on standard output, so that a script can take it; it is never shown again.
        Terminal.Say($"Key {info.Id} of tenant {info.Tenant}, role {info.Role}{Until(info)}. It is shown this once:");
        Terminal.Print(key.Text);
        return ExitCode.Success;
    }

    private static async Task<int> ListAsync(CommandContext context)
    {
        await using Session session = await context.OpenAsync().ConfigureAwait(false);
        Write(context, await session.Administration.KeysAsync(context.Tenant, context.Cancellation).ConfigureAwait(false));
        return ExitCode.Success;
    }

    private static string Until(KeyInfo key) => key.Expires is { } end ? $", until {Listing.Date(end)}" : "";

    private static void Write(CommandContext context, ImmutableArray<KeyInfo> keys)
    {
        if (context.Json)
        {
            JsonReport.Print(json =>
            {
                json.WriteStartArray();
                foreach (KeyInfo key in keys)
                    Write(json, key, null);
                json.WriteEndArray();
            });
            return;
        }

        if (keys.IsEmpty)
        {
            Terminal.Print($"No keys yet. Make one with: {context.Suggest("keys create --role scorer")}");
            return;
        }

        DateTimeOffset now = DateTimeOffset.UtcNow;
        new Listing(Column.Word("key"), Column.Word("role"), Column.Name("models", leaves: 2), Column.Name("label", leaves: 1), Column.Word("created"),
            Column.Word("state"))
            .AddAll(keys, key =>
            [
                key.Id, key.Role, string.Join(", ", key.Models), key.Label, Listing.Date(key.Created),
                key.Revoked is { } at ? "revoked " + Listing.Date(at)
                    : key.Expires is { } end ? (end <= now ? "expired " : "until ") + Listing.Date(end)
                    : "",
            ])
            .Write(context.Terminal.Out);
    }

    /// <param name="text">The whole key, when it is made; else null.</param>
    private static void Write(Utf8JsonWriter json, KeyInfo key, string? text)
    {
        json.WriteStartObject();
        json.WriteString("id", key.Id);
        if (text is not null)
            json.WriteString("key", text);
        json.WriteString("tenant", key.Tenant);
        json.WriteString("role", key.Role);
        json.WriteStartArray("models");
        foreach (string model in key.Models)
            json.WriteStringValue(model);
        json.WriteEndArray();
        json.WriteString("label", key.Label);
        json.WriteString("created", key.Created);
        json.WriteString("by", key.By);
        Moment("expires", key.Expires);
        Moment("revoked", key.Revoked);
        json.WriteString("replaces", key.Replaces.Length > 0 ? key.Replaces : null);
        json.WriteEndObject();

        void Moment(string name, DateTimeOffset? moment)
        {
            if (moment is { } at)
                json.WriteString(name, at);
            else
                json.WriteNull(name);
        }
    }
}
