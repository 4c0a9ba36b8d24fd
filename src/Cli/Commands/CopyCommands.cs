using System.CommandLine;
using OrleansCluster.Cli.Clusters;
using OrleansCluster.Cli.Output;
using OrleansCluster.Cli.Sessions;
using OrleansCluster.Client;
using OrleansCluster.Datasets;
using OrleansCluster.Models;

namespace OrleansCluster.Cli.Commands;

/// <summary><c>datasets copy</c> and <c>models copy</c>: from a home to a cluster and back.</summary>
internal static class CopyCommands
{
    public static Command Datasets() => Create("datasets", async (from, to, names, cancellation) =>
    {
        if (names.Length == 0)
            names = [.. (await from.Datasets.ListAsync(cancellation).ConfigureAwait(false)).Select(dataset => dataset.Name).Order(StringComparer.Ordinal)];
        var copied = new List<Copied>();
        foreach (string name in names)
        {
            (DatasetVersion newest, int count) = await from.CopyDatasetAsync(name, to, cancellation).ConfigureAwait(false);
            copied.Add(new Copied(name, newest.Version, count, $"{Numbers.Of(newest.Rows, "row")} in version {Numbers.Count(newest.Version)}, "
                + $"{Numbers.Of(count, "version")} copied"));
        }

        return copied;
    });

    public static Command Models() => Create("models", async (from, to, names, cancellation) =>
    {
        if (names.Length == 0)
            names = [.. (await from.Models.ListAsync(cancellation).ConfigureAwait(false)).Select(model => model.Name).Order(StringComparer.Ordinal)];
        var copied = new List<Copied>();
        foreach (string name in names)
        {
            ModelOutline? before = await to.Models.FindAsync(name, cancellation).ConfigureAwait(false);
            ModelInfo info = await from.CopyModelAsync(name, to, cancellation).ConfigureAwait(false);
            int count = info.Newest - (before?.Versions.Length ?? 0);
            copied.Add(new Copied(name, info.Newest, count, $"{Numbers.Of(info.Newest, "version")}, {Numbers.Count(count)} of them new there"));
        }

        return copied;
    });

    private static Command Create(string what, Func<IClusteringClient, IClusteringClient, string[], CancellationToken, Task<List<Copied>>> copy)
    {
        var names = new Argument<string[]>("NAME") { Description = $"Which of the {what} [default: all]", Arity = ArgumentArity.ZeroOrMore };
        var to = new Option<string?>("--to") { Description = "The cluster to copy to, as --cluster names one", HelpName = "ADDRESS" };
        var home = new Option<string?>("--to-home") { Description = "The home folder to copy to", HelpName = "DIR" };
        var server = new Option<string?>("--to-server") { Description = "The service to copy to", HelpName = "URL" };
        var key = new Option<string?>("--to-key-file") { Description = "The file with the key for that service", HelpName = "FILE" };
        return new Command("copy", $"Copy {what} to a cluster, a home or a service; what is there already stays, and what is new is added")
        {
            names, to, home, server, key,
        }
            .Runs((context, parsed) =>
        {
            string[] wanted = parsed.GetValue(names) ?? [];
            foreach (string name in wanted)
                Names.Check(what[..^1], name);
            var there = new Destination(parsed.GetValue(to), parsed.GetValue(home), parsed.GetValue(server), parsed.GetValue(key));
            return RunAsync(context, what, there, (from, other) => copy(from, other, wanted, context.Cancellation));
        });
    }

    private static async Task<int> RunAsync(
        CommandContext context, string what, Destination to, Func<IClusteringClient, IClusteringClient, Task<List<Copied>>> copy)
    {
        if (new[] { to.Address, to.Home, to.Server }.Count(place => place is not null) != 1)
            throw CommandException.Usage("Say where to, one place: --to ADDRESS of a cluster, --to-home DIR, or --to-server URL of a service.");
        if (to.KeyFile is not null && to.Server is null)
            throw CommandException.Usage("--to-key-file is for a service: name one with --to-server.");
        // Whatever is wrong with both is said before anything is opened.
        ClusteringClient? service = to.Server is { } url ? ServerArgument.ConnectTo(url, to.KeyFile) : null;
        if (to.Home is { } folder && !context.IsElsewhere && HomeFolder.Resolve(folder) == context.Home)
            throw CommandException.Usage($"{folder} is the home that is copied from: name another one.");
        await using Session from = await context.OpenAsync(stays: true).ConfigureAwait(false);
        await using Session there = service is not null ? new Session(service)
            : to.Address is { } address ? await ClusterSupport.ConnectAsync(address, context.Tenant, context.Cancellation).ConfigureAwait(false)
            : await Session.OpenAsync(context.WithHome(HomeFolder.Resolve(to.Home)), stays: true).ConfigureAwait(false);
        List<Copied> copied = await copy(from.Client, there.Client).ConfigureAwait(false);
        if (context.Json)
        {
            JsonReport.Print(json =>
            {
                json.WriteStartArray();
                foreach (Copied one in copied)
                {
                    json.WriteStartObject();
                    json.WriteString("name", one.Name);
                    json.WriteNumber("version", one.Version);
                    json.WriteNumber("copied", one.Count);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            });
        }
        else if (copied.Count == 0)
        {
            Terminal.Print($"There are no {what} to copy.");
        }
        else
        {
            foreach (Copied one in copied)
                Terminal.Print($"{one.Name}: {one.Text}.");
        }

        return ExitCode.Success;
    }

    /// <summary>Where to, of which one place is given.</summary>
    private sealed record Destination(string? Address, string? Home, string? Server, string? KeyFile);

    /// <param name="Name">What was copied.</param>
    /// <param name="Version">Its newest version.</param>
    /// <param name="Count">Versions that were not there before.</param>
    /// <param name="Text">The same for people.</param>
    private sealed record Copied(string Name, int Version, int Count, string Text);
}
