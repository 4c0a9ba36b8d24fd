using System.CommandLine;
using System.Globalization;
using System.Text;
using OrleansCluster.Cli.Input;
using OrleansCluster.Cli.Output;
using OrleansCluster.Cli.Sessions;
using OrleansCluster.Client;
using OrleansCluster.Contracts;
using OrleansCluster.Datasets;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Cli.Commands;

/// <summary><c>audit list | verify | export</c>: who changed what, and who read or asked about rows.</summary>
internal static class AuditCommands
{
    public static Command Create()
    {
        Option<int> last = OptionKinds.Integer("--last", "Tell the newest N entries", 20, 1, int.MaxValue);
        var since = new Option<string?>("--since") { Description = "Only entries from then on, as in 2h, 7d or 2026-01-31", HelpName = "TIME" };
        var output = new Option<string>("--out") { Description = "File to write, an entry a line (JSON)", HelpName = "FILE", Required = true };
        var known = new Option<string?>("--known")
        {
            Description = "An entry that was noted elsewhere, as NUMBER:HASH: it, and all before it, must still be the same",
            HelpName = "NUMBER:HASH",
        };
        var file = new Option<string?>("--file") { Description = "Look through a file that 'audit export' wrote instead", HelpName = "FILE" };
        return new Command("audit", "Show who changed what, and who read or asked about rows, and look whether the log is as it was written")
        {
            new Command("list", "List entries, the newest first") { last, since }.Runs((context, parsed) =>
                // Who says from when on means all since then.
                ListAsync(context, parsed.GetValue(since), parsed.GetValue(since) is not null && parsed.GetResult(last) is null or { Implicit: true }
                    ? int.MaxValue : parsed.GetValue(last))),
            new Command("verify", "Look whether every entry is as it was written, and name the first that is not") { known, file }
                .Runs((context, parsed) => VerifyAsync(context, parsed.GetValue(known), parsed.GetValue(file))),
            new Command("export", "Write all entries to a file, each with its hash and that of the one before") { output }
                .Runs((context, parsed) => ExportAsync(context, parsed.GetRequiredValue(output))),
        };
    }

    private static async Task<int> ListAsync(CommandContext context, string? since, int last)
    {
        DateTimeOffset from = since is null ? DateTimeOffset.MinValue : ShareText.Moment(since);
        await using Session session = await context.OpenAsync().ConfigureAwait(false);
        List<AuditEntryDocument> entries = await session.Client.Audit.NewestAsync(context.Cancellation).TakeWhile(entry => entry.At >= from).Take(last)
            .ToListAsync(context.Cancellation).ConfigureAwait(false);
        if (context.Json)
        {
            JsonReport.Print(json =>
            {
                json.WriteStartArray();
                foreach (AuditEntryDocument entry in entries)
                    json.WriteRawValue(AuditChain.Seal(entry));
                json.WriteEndArray();
            });
            return ExitCode.Success;
        }

        if (entries.Count == 0)
        {
            Terminal.Print("The audit log has no such entries.");
            return ExitCode.Success;
        }

        new Listing(Column.Number("entry"), Column.Word("when"), Column.Name("who", leaves: 2, least: 4), Column.Word("what"), Column.Name("which"),
            Column.Number("times"), Column.Number("rows"), Column.Word("outcome"), Column.Prose("detail", least: 12))
            .AddAll(entries, entry =>
            [
                Text(entry.Number), Listing.Date(entry.At), entry.Who, entry.What, entry.Which, entry.Since is null ? "" : Text(entry.Times),
                entry.Rows == 0 ? "" : Text(entry.Rows), entry.Outcome == AuditOutcomes.Done ? "" : entry.Outcome, entry.Detail,
            ])
            .Write(context.Terminal.Out);
        return ExitCode.Success;
    }

    private static async Task<int> VerifyAsync(CommandContext context, string? known, string? file)
    {
        (long number, string hash) = known is null ? (0, "") : Known(known);
        AuditCheck check;
        if (file is not null)
        {
            check = await OfFileAsync(file, new AuditCheck(number, hash), context.Cancellation).ConfigureAwait(false);
        }
        else
        {
            await using Session session = await context.OpenAsync().ConfigureAwait(false);
            check = await session.Client.Audit.VerifyAsync(number, hash, context.Cancellation).ConfigureAwait(false);
        }

        if (context.Json)
        {
            JsonReport.Print(json =>
            {
                json.WriteStartObject();
                json.WriteNumber("entries", check.Entries);
                json.WriteString("head", check.Head);
                if (check.Broken > 0)
                    json.WriteNumber("broken", check.Broken);
                else
                    json.WriteNull("broken");
                json.WriteString("why", check.Broken > 0 ? check.Why : null);
                json.WriteEndObject();
            });
        }
        else if (check.Broken > 0)
        {
            Terminal.Print($"Entry {check.Broken} is broken. {check.Why} {Numbers.Of(check.Entries, "entry", "entries")} before are as they were written.");
        }
        else
        {
            Terminal.Print($"{Numbers.Of(check.Entries, "entry is as it was", "entries are as they were")} written."
                + (check.Entries > 0 ? $" Note this elsewhere, to look with --known later: {check.Entries}:{check.Head}" : ""));
        }

        return check.Broken > 0 ? ExitCode.Found : ExitCode.Success;
    }

    private static async Task<AuditCheck> OfFileAsync(string path, AuditCheck check, CancellationToken cancellation)
    {
        try
        {
            using var reader = new StreamReader(path, new UTF8Encoding(false));
            while (await reader.ReadLineAsync(cancellation).ConfigureAwait(false) is { } line && check.Next(line))
            {
            }

            check.EndsAt(check.Entries, check.Head);
            return check;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandException.Usage($"--file {path} cannot be read: {e.Message}", e);
        }
    }

    private static async Task<int> ExportAsync(CommandContext context, string path)
    {
        await using Session session = await context.OpenAsync().ConfigureAwait(false);
        long entries = 0;
        try
        {
            using var file = AtomicFile.Create(path);
            await foreach (string line in session.Client.Audit.LinesAsync(context.Cancellation).ConfigureAwait(false))
            {
                file.Write(Encoding.UTF8.GetBytes(line + "\n"));
                entries++;
            }

            file.Commit();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandException.Failure($"--out {path} cannot be written: {e.Message}", e);
        }

        if (context.Json)
        {
            JsonReport.Print(json =>
            {
                json.WriteStartObject();
                json.WriteNumber("entries", entries);
                json.WriteString("file", path);
                json.WriteEndObject();
            });
        }
        else
        {
            Terminal.Print($"{Numbers.Of(entries, "entry", "entries")} written to {path}.");
        }

        return ExitCode.Success;
    }

    private static (long Number, string Hash) Known(string text)
    {
        string[] parts = text.Split(':');
        return parts.Length == 2 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number > 0
            && parts[1].Length == 64 && parts[1].All(char.IsAsciiHexDigitLower)
            ? (number, parts[1])
            : throw CommandException.Usage($"--known {text} is no entry: give its number and its hash, as 'audit verify' tells them: NUMBER:HASH.");
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
