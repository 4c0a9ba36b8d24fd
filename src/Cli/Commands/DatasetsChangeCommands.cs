using System.CommandLine;
using OrleansCluster.Cli.Output;
using OrleansCluster.Cli.Sessions;
using OrleansCluster.Client;
using OrleansCluster.Datasets;

namespace OrleansCluster.Cli.Commands;

/// <summary><c>datasets describe | compact | rename | delete</c>.</summary>
internal static class DatasetsChangeCommands
{
    public static Command Describe()
    {
        var name = new Argument<string>("NAME[@VERSION]") { Description = "Dataset, and which version of it [default: the newest]" };
        return new Command("describe", "Show a dataset's columns, where every version and shard of it came from, and what needs it") { name }
            .Runs((context, parsed) => DescribeAsync(context, parsed.GetRequiredValue(name)));
    }

    public static Command Rename()
    {
        var name = new Argument<string>("NAME") { Description = "Name of the dataset" };
        var to = new Argument<string>("NEW") { Description = "Its new name" };
        const string help = "Give a dataset another name; models and jobs that name its versions by the old one go on finding them";
        return new Command("rename", help) { name, to }.Runs((context, parsed) =>
            RenameAsync(context, Names.Check("dataset", parsed.GetRequiredValue(name)), Names.Check("dataset", parsed.GetRequiredValue(to))));
    }

    public static Command Compact()
    {
        var name = new Argument<string>("NAME") { Description = "Name of the dataset" };
        var dry = new Option<bool>("--dry-run") { Description = "Only say what would go" };
        const string help = "Let go of versions whose rows a later one begins with, as appending leaves them; no row is lost, and what is needed stays";
        return new Command("compact", help) { name, dry }.Runs((context, parsed) =>
            CompactAsync(context, Names.Check("dataset", parsed.GetRequiredValue(name)), parsed.GetValue(dry)));
    }

    public static Command Delete()
    {
        var name = new Argument<string>("NAME[@VERSION]") { Description = "Dataset, or one version of it" };
        var options = new DeletionOptions();
        var command = new Command("delete", "Delete a dataset, or one version of it; 'storage collect' frees the room") { name };
        options.AddTo(command);
        return command.Runs((context, parsed) => DeleteAsync(context, parsed, parsed.GetRequiredValue(name), options));
    }

    private static async Task<int> DescribeAsync(CommandContext context, string text)
    {
        DatasetReference wanted = Names.Dataset(text);
        await using Session session = await context.OpenAsync().ConfigureAwait(false);
        IDatasetClient datasets = session.Client.Datasets;
        DatasetVersion dataset = await datasets.FindAsync(wanted.Name, wanted.Version, context.Cancellation).ConfigureAwait(false)
            ?? throw await Absent.DatasetAsync(context, session.Client, text).ConfigureAwait(false);
        var shards = new List<ShardOrigin>();
        await foreach (ShardOrigin shard in datasets.OriginsAsync(dataset.Name, dataset.Version, context.Cancellation).ConfigureAwait(false))
            shards.Add(shard);
        var description = new DatasetDescription(
            dataset, await datasets.HistoryAsync(dataset.Name, context.Cancellation).ConfigureAwait(false), shards,
            await datasets.UsesAsync(dataset.Name, wanted.Version == 0 ? 0 : dataset.Version, context.Cancellation).ConfigureAwait(false));
        if (context.Json)
            JsonReport.Print(description.Write);
        else
            description.Write(context);
        return ExitCode.Success;
    }

    private static async Task<int> RenameAsync(CommandContext context, string name, string to)
    {
        await using Session session = await context.OpenAsync().ConfigureAwait(false);
        if (await session.Client.Datasets.FindAsync(name, 0, context.Cancellation).ConfigureAwait(false) is not { } before || before.Name != name)
            throw await Absent.DatasetAsync(context, session.Client, name).ConfigureAwait(false);
        DatasetVersion renamed = await AskAsync(() => session.Client.Datasets.RenameAsync(name, to, context.Cancellation)).ConfigureAwait(false);
        if (context.Json)
            JsonReport.Print(json => DatasetOutput.Write(json, renamed));
        else
            Terminal.Print($"{name} is called {to}.");
        return ExitCode.Success;
    }

    private static async Task<int> CompactAsync(CommandContext context, string name, bool dryRun)
    {
        await using Session session = await context.OpenAsync(stays: true).ConfigureAwait(false);
        if (await session.Client.Datasets.FindAsync(name, 0, context.Cancellation).ConfigureAwait(false) is not { } before || before.Name != name)
            throw await Absent.DatasetAsync(context, session.Client, name).ConfigureAwait(false);
        CompactionOutput.Write(
            context, name, await session.Client.Datasets.CompactAsync(name, dryRun, context.Cancellation).ConfigureAwait(false));
        return ExitCode.Success;
    }

    private static async Task<int> DeleteAsync(CommandContext context, ParseResult parsed, string text, DeletionOptions options)
    {
        DatasetReference wanted = Names.Dataset(text);
        await using Session session = await context.OpenAsync().ConfigureAwait(false);
        IDatasetClient datasets = session.Client.Datasets;
        if (await datasets.FindAsync(wanted.Name, wanted.Version, context.Cancellation).ConfigureAwait(false) is not { } found || found.Name != wanted.Name)
            throw await Absent.DatasetAsync(context, session.Client, text).ConfigureAwait(false);
        string what = wanted.Version > 0 ? $"{wanted.Name} version {Numbers.Count(wanted.Version)}" : $"all versions of {wanted.Name}";
        if (!await options.IsWantedAsync(context, parsed, what).ConfigureAwait(false))
            return ExitCode.Failure;
        DatasetDeletion gone = await AskAsync(
            () => datasets.DeleteAsync(wanted.Name, wanted.Version, options.Force(parsed), context.Cancellation)).ConfigureAwait(false);
        DeletionOptions.Tell(
            context, $"Deleted {what}. Its room is free after: {context.Suggest("storage collect")}", "dataset", wanted.Name, gone.Versions,
            [.. gone.Lost.Select(use => $"version {Numbers.Count(use.DatasetVersion)}, which " + (use.Kind == "model"
                ? $"model {use.Name} version {Numbers.Count(use.Version)} was trained on" : $"job {use.Name} reads"))]);
        return ExitCode.Success;
    }

    /// <summary>A refusal is the request's fault.</summary>
    private static async Task<T> AskAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (ClusteringException refused) when (refused.InnerException is not (IOException or UnauthorizedAccessException))
        {
            throw CommandException.Usage(refused.Message, refused);
        }
    }
}
