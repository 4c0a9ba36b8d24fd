using System.Collections.Immutable;
using System.CommandLine;
using OrleansCluster.Cli.Export;
using OrleansCluster.Cli.Output;
using OrleansCluster.Cli.Sessions;
using OrleansCluster.Client;
using OrleansCluster.Families;
using OrleansCluster.Models;

namespace OrleansCluster.Cli.Commands;

/// <summary><c>models list | show | export</c>, and finding models for other commands.</summary>
internal static class ModelsCommands
{
    public static Command Create()
    {
        var name = new Argument<string>("NAME[@VERSION]") { Description = "Model, or one version of it: a number, an alias or newest" };
        var version = new Argument<string>("NAME[@VERSION]")
        {
            Description = "Model, and which version of it: a number, an alias or newest [default: the "
                + "champion, else the newest]"
        };
        var folder = new Argument<string>("DIR") { Description = "Folder to write to" };
        var command = new Command("models", "List, show, compare, promote, describe, prune, delete or export models")
        {
            new Command("list", "List the models").Runs((context, _) => ListAsync(context)),
            new Command("show", "Show a model's versions and where they came from, its aliases and the names of its clusters") { name }
                .Runs((context, parsed) => ShowAsync(context, parsed.GetRequiredValue(name))),
            ModelsDiffCommand.Create(),
            ModelsProfileCommand.Create(),
        };
        foreach (Command change in ModelChangeCommands.Create())
            command.Subcommands.Add(change);
        command.Subcommands.Add(PolicyCommand.Create());
        command.Subcommands.Add(CopyCommands.Models());
        command.Subcommands.Add(ModelsAuditCommand.Create());
        const string export =
            "Write a version as parameters.json and arrays: centroids.npy, or weights.npy, means.npy and covariances.npy, a row for each cluster; "
                + "ids.npy says which, in the stable ids that labels are; model.package.json and model.profile.json say what rows are like";
        command.Subcommands.Add(new Command("export", export) { version, folder }
            .Runs((context, parsed) => ExportAsync(context, parsed.GetRequiredValue(version), parsed.GetRequiredValue(folder))));
        return command;
    }

    /// <summary>The version that a reference means, with its parameters.</summary>
    /// <exception cref="CommandException">There is no such model, version or alias, or it was pruned.</exception>
    public static async Task<ModelVersion> FindAsync(CommandContext context, IClusteringClient client, ModelReference wanted)
    {
        VersionSummary version = Kept(Pick(await FindAsync(context, client, wanted.Name).ConfigureAwait(false), wanted));
        return await WholeAsync(context, client, version).ConfigureAwait(false);
    }

    /// <summary>A version with its training.</summary>
    public static async Task<ModelVersion> WholeAsync(CommandContext context, IClusteringClient client, VersionSummary version) =>
        await client.Models.VersionAsync(version.Name, version.Version, context.Cancellation).ConfigureAwait(false)
            ?? throw CommandException.Failure($"{version.Name} version {version.Version} is gone.");

    /// <summary>The version, when it has its parameters.</summary>
    /// <exception cref="CommandException">It was pruned.</exception>
    public static VersionSummary Kept(VersionSummary version) => version.Pruned is not { } when
        ? version
        : throw CommandException.Usage(
            $"{version.Name} version {version.Version} was pruned on {Listing.Date(when)}: its training is still listed, its parameters are gone. Name "
                + $"another version, or train it again as 'models show {version.Name}@{version.Version}' tells.");

    /// <summary>The version of a model that a reference means.</summary>
    /// <exception cref="CommandException">There is no such version or alias.</exception>
    public static VersionSummary Pick(ModelOutline model, ModelReference wanted)
    {
        int number = wanted.Version;
        if (wanted.Alias == ModelReference.Newest)
            number = model.Info.Newest;
        else if (wanted.Alias.Length > 0)
            number = model.Info.Aliases.FirstOrDefault(alias => alias.Name == wanted.Alias)?.Version ?? throw NoAlias(model, wanted);
        else if (number == 0)
            number = model.Info.Default;
        return model.Versions.FirstOrDefault(version => version.Version == number)
            ?? throw CommandException.Usage($"Model '{wanted.Name}' has no version {number}: it has "
                + $"{string.Join(", ", model.Versions.Select(version => version.Version))}.");
    }

    private static CommandException NoAlias(ModelOutline model, ModelReference wanted)
    {
        string there = model.Info.Aliases.IsEmpty ? "none" : string.Join(", ", model.Info.Aliases.Select(alias => alias.Name));
        return CommandException.Usage($"Model '{wanted.Name}' has no alias '{wanted.Alias}': it has {there}.{Meant(model, wanted.Alias)}");
    }

    /// <summary>What an alias that is not there may have been meant to be.</summary>
    private static string Meant(ModelOutline model, string alias) =>
        (model.Info.Aliases.FirstOrDefault(other => other.Name.Equals(alias, StringComparison.OrdinalIgnoreCase))?.Name ?? ModelReference.Meant(alias))
            is { } meant
            ? $" Did you mean {model.Name}@{meant}?"
            : "";

    /// <summary>As <see cref="FindAsync(CommandContext, IClusteringClient, ModelReference)"/>, of a model of which something can be asked.</summary>
    /// <param name="capabilities">What is to be asked, see <see cref="CapabilityNames"/>; the first tells whether it can be.</param>
    /// <exception cref="CommandException">There is no such version, or it cannot be asked that.</exception>
    public static async Task<ModelVersion> FindAsync(CommandContext context, IClusteringClient client, ModelReference wanted,
        params ImmutableArray<string> capabilities)
    {
        ModelVersion version = await FindAsync(context, client, wanted).ConfigureAwait(false);
        FamilyInfo family = version.Training.Family;
        if (family.Capabilities.Contains(capabilities[0]))
            return version;
        string[] others = [.. context.Families.All.Where(other => other.Capabilities.Contains(capabilities[0]))
            .Select(other => context.Suggest($"train {other.Description.Name} --data FILE --k K"))];
        throw CommandException.Usage(
            CapabilityNames.Missing($"Model '{version.Name}' version {version.Version}", family.Title, capabilities, family.Capabilities)
            + (others.Length > 0 ? $" Train one that has them with: {string.Join(" or ", others)}" : ""));
    }

    /// <summary>A model with its versions.</summary>
    /// <exception cref="CommandException">There is none of that name.</exception>
    public static async Task<ModelOutline> FindAsync(CommandContext context, IClusteringClient client, string name)
    {
        ModelOutline? model = await client.Models.FindAsync(name, context.Cancellation).ConfigureAwait(false);
        return model is { Versions.IsEmpty: false }
            ? model
            : throw await Absent.ModelAsync(context, client, name).ConfigureAwait(false);
    }

    private static async Task<int> ListAsync(CommandContext context)
    {
        await using Session session = await context.OpenAsync().ConfigureAwait(false);
        ModelOutline[] models = [.. (await session.Client.Models.ListAsync(context.Cancellation).ConfigureAwait(false)).Where(model => !model.Versions.IsEmpty)
            .OrderBy(model => model.Name, StringComparer.Ordinal)];
        if (context.Json)
        {
            JsonReport.Print(json =>
            {
                json.WriteStartArray();
                foreach (ModelOutline model in models)
                    ModelOutput.WriteSummary(json, model);
                json.WriteEndArray();
            });
        }
        else
        {
            ModelOutput.Write(context, models);
        }

        return ExitCode.Success;
    }

    private static async Task<int> ShowAsync(CommandContext context, string text)
    {
        ModelReference wanted = Names.Model(text);
        await using Session session = await context.OpenAsync().ConfigureAwait(false);
        ModelOutline model = await FindAsync(context, session.Client, wanted.Name).ConfigureAwait(false);
        VersionSummary version = Pick(model, wanted);
        if (!wanted.IsBare)
            model = model with { Versions = [version] };
        if (context.Json)
        {
            ModelVersion[] whole = await Task.WhenAll(model.Versions.Select(one => WholeAsync(context, session.Client, one))).ConfigureAwait(false);
            JsonReport.Print(json => ModelOutput.Write(json, model.Info, whole));
            return ExitCode.Success;
        }

        ModelOutput.WriteVersions(context, model);
        if (version.Pruned is null)
            await TrainingOutput.WriteAsync(context, session.Client, (await WholeAsync(context, session.Client, version).ConfigureAwait(false)).Training, null,
                0).ConfigureAwait(false);
        return ExitCode.Success;
    }

    private static async Task<int> ExportAsync(CommandContext context, string text, string folder)
    {
        ModelReference wanted = Names.Model(text);
        await using Session session = await context.OpenAsync().ConfigureAwait(false);
        ModelVersion version = await FindAsync(context, session.Client, wanted).ConfigureAwait(false);
        ExportFolder target = ExportFolder.Prepare(folder)!;
        IReadOnlyList<string> files = await target.WriteParametersAsync(session.Client, version.Training, context.Cancellation).ConfigureAwait(false);
        if (context.Json)
        {
            JsonReport.Print(json =>
            {
                json.WriteStartObject();
                json.WriteString("model", version.Name);
                json.WriteNumber("version", version.Version);
                json.WriteString("digest", version.Training.Digest);
                json.WriteStrings("files", files);
                json.WriteEndObject();
            });
        }
        else
        {
            Terminal.Print($"Wrote {version.Name} version {version.Version} to {string.Join(", ", files)}.");
        }

        return ExitCode.Success;
    }
}
