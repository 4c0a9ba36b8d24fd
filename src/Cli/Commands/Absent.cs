using OrleansCluster.Client;

namespace OrleansCluster.Cli.Commands;

/// <summary>What is said when nothing has a name, with the names that are near it.</summary>
internal static class Absent
{
    /// <summary>There is no model of a name.</summary>
    public static async Task<CommandException> ModelAsync(CommandContext context, IClusteringClient client, string name) => Of(
        context, "model", name, (await client.Models.ListAsync(context.Cancellation).ConfigureAwait(false)).Where(model => !model.Versions.IsEmpty)
            .Select(model => model.Name), "models list");

    /// <summary>There is no dataset of a name, or no such version of it.</summary>
    public static async Task<CommandException> DatasetAsync(CommandContext context, IClusteringClient client, string text) => Of(
        context, "dataset", text, (await client.Datasets.ListAsync(context.Cancellation).ConfigureAwait(false)).Select(dataset => dataset.Name),
            "datasets list");

    private static CommandException Of(CommandContext context, string kind, string name, IEnumerable<string> names, string list) =>
        CommandException.Usage($"There is no {kind} '{name}' in {context.Place}{Nearest.Question(name, names)} See: {context.Suggest(list)}");
}
