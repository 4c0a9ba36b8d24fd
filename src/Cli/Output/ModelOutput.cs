using System.Globalization;
using System.Text.Json;
using OrleansCluster.Cli.Commands;
using OrleansCluster.Contracts;
using OrleansCluster.Models;
using Spectre.Console;

namespace OrleansCluster.Cli.Output;

/// <summary>Models as text and as JSON.</summary>
internal static class ModelOutput
{
    /// <summary>A model in a listing, as an object.</summary>
    public static void WriteSummary(Utf8JsonWriter json, ModelOutline model)
    {
        VersionSummary newest = Newest(model);
        json.WriteStartObject();
        json.WriteString("name", model.Name);
        json.WriteString("algorithm", newest.Facts.Family);
        json.WriteNumber("version", newest.Version);
        json.WriteNumber("versions", model.Versions.Length);
        json.WriteNumber("k", newest.Facts.K);
        json.WriteNumber("columns", model.Columns.Length);
        json.WriteReal("objective", newest.Facts.Objective);
        json.WriteString("objective_name", newest.Facts.ObjectiveName);
        json.WriteString("created", newest.Created);
        json.WriteString("digest", newest.Facts.Digest);
        json.WriteNumber("default", model.Info.Default);
        json.WriteNumber("revision", model.Info.Revision);
        json.WriteStartObject("aliases");
        foreach (ModelAlias alias in model.Info.Aliases)
            json.WriteNumber(alias.Name, alias.Version);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>A model with its versions and their trainings, as an object.</summary>
    public static void Write(Utf8JsonWriter json, ModelInfo model, IEnumerable<ModelVersion> versions)
    {
        json.WriteStartObject();
        json.WriteString("name", model.Name);
        RegistryOutput.WriteFields(json, model);
        var names = new ClusterNames(model.Clusters);
        json.WriteStartArray("versions");
        foreach (ModelVersion version in versions.OrderBy(version => version.Version))
        {
            json.WriteStartObject();
            json.WriteString("created", version.Created);
            json.WriteString("parameters", version.Parameters);
            if (version.Package.Length > 0)
                json.WriteString("package", version.Package);
            else
                json.WriteNull("package");
            json.WriteNumber("parent", version.Parent);
            json.WriteString("by", version.By);
            json.WriteString("description", version.Description);
            RegistryOutput.WriteTags(json, version.Tags);
            if (version.Pruned is { } pruned)
                json.WriteString("pruned", pruned);
            else
                json.WriteNull("pruned");
            TrainingJson.WriteFields(json, version.Training, 0, names);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>A table of models.</summary>
    public static void Write(CommandContext context, IReadOnlyList<ModelOutline> models)
    {
        if (models.Count == 0)
        {
            Terminal.Print($"No models yet. Train one with: {context.Suggest($"train {context.Families.All[0].Description.Name} --data FILE --k K")}");
            return;
        }

        new Listing(
            Column.Name("model"), Column.Word("algorithm", leaves: 3), Column.Number("versions"), Column.Number("k"), Column.Number("columns", leaves: 4),
            Column.Number("objective"), Column.Word("created", leaves: 2), Column.Prose("aliases", leaves: 1, least: 12))
            .AddAll(models, model =>
            {
                VersionFacts training = Newest(model).Facts;
                return
                [
                    model.Name, training.Family, Text(model.Versions.Length), Text(training.K), Text(model.Columns.Length),
                    Numbers.Objective(training.Objective), Listing.Date(Newest(model).Created),
                        string.Join(" ", model.Info.Aliases.Select(alias => $"{alias.Name}@{Text(alias.Version)}")),
                ];
            })
            .Write(context.Terminal.Out);
    }

    /// <summary>A table of a model's versions: where each came from.</summary>
    public static void WriteVersions(CommandContext context, ModelOutline model)
    {
        IAnsiConsole console = context.Terminal.Out;
        TrainingText.Heading(console, model.Name, Numbers.Of(model.Versions.Length, "version"));
        console.WriteLine();
        new Listing(
            Column.Number("version"), Column.Number("k"), Column.Number("objective"), Column.Number("seed", leaves: 4), Column.Number("restarts", leaves: 6),
            Column.Name("dataset", leaves: 2), Column.Word("job", leaves: 3), Column.Word("created", leaves: 1), Column.Word("digest", leaves: 5),
            Column.Prose("remarks", least: 10))
            .AddAll(model.Versions.OrderBy(version => version.Version), version =>
            [
                Text(version.Version), Text(version.Facts.K), Numbers.Objective(version.Facts.Objective),
                version.Facts.Seed.ToString(CultureInfo.InvariantCulture), Text(version.Facts.Restarts),
                $"{version.Facts.Dataset}@{version.Facts.DatasetVersion}", version.Facts.Job, Listing.Date(version.Created),
                version.Facts.Digest[..Math.Min(12, version.Facts.Digest.Length)], Remarks(model.Info, version),
            ])
            .Write(console);
        RegistryOutput.WriteText(console, model.Info);
    }

    /// <summary>What people said of a version, shortly.</summary>
    private static string Remarks(ModelInfo info, VersionSummary version) => string.Join(
        " ",
        info.Aliases.Where(alias => alias.Version == version.Version).Select(alias => alias.Name)
            .Concat(version.Tags.Select(tag => $"{tag.Key}={tag.Value}"))
            .Append(version.Pruned is null ? "" : "pruned")
            .Append(version.Description)
            .Where(remark => remark.Length > 0));

    private static VersionSummary Newest(ModelOutline model) => model.Versions.MaxBy(version => version.Version)!;

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
