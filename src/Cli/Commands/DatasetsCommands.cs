using System.CommandLine;
using OrleansCluster.Cli.Input;
using OrleansCluster.Cli.Output;
using OrleansCluster.Cli.Sessions;
using OrleansCluster.Datasets;

namespace OrleansCluster.Cli.Commands;

/// <summary><c>datasets import | inspect | list | show</c>.</summary>
internal static class DatasetsCommands
{
    public static Command Create()
    {
        var name = new Argument<string>("NAME") { Description = "Name of the dataset" };
        var shown = new Argument<string>("NAME[@VERSION]") { Description = "Dataset, and which version of it [default: the newest]" };
        var file = new Argument<string>("FILE")
        {
            Description = $"The rows: {RowOptions.Inputs}"
        }.TakingSeveral();
        var import = new Command("import", "Read a file into a new version of a dataset") { name, file };
        RowOptions rows = RowOptions.AddTo(import, stores: true);
        var expected = ExpectOptions.AddTo(import);
        return new Command("datasets", "Inspect files; import, list, describe, append to, export, verify, compact, rename, delete or copy datasets")
        {
            import.Runs((context, parsed) =>
                ImportAsync(context, parsed.GetRequiredValue(name), parsed.GetRequiredValue(file),
                rows.Read(parsed) with { Typed = true, AllowsMissing = true }, expected.Read(parsed))),
            DatasetsInspectCommand.Create(),
            new Command("list", "List the datasets").Runs((context, _) => ListAsync(context)),
            new Command("show", "Show a dataset's columns and rows") { shown }.Runs((context, parsed) => ShowAsync(context, parsed.GetRequiredValue(shown))),
            DatasetsCareCommands.Append(),
            DatasetsExportCommand.Create(),
            DatasetsCareCommands.Verify(),
            DatasetsChangeCommands.Describe(),
            DatasetsChangeCommands.Compact(),
            DatasetsChangeCommands.Rename(),
            DatasetsChangeCommands.Delete(),
            CopyCommands.Datasets(),
        };
    }

    private static async Task<int> ImportAsync(CommandContext context, string name, string file, ReadOptions options, ExpectedOfRows expected)
    {
        if (Directory.Exists(file))
            throw CommandException.Usage($"{file} is a folder: name a file.");
        if (!InputName.Exists(file))
            throw CommandException.Usage($"There is no file {file}.");
        Names.Check("dataset", name);
        await using Session session = await context.OpenAsync(stays: true).ConfigureAwait(false);
        Imported imported = await DatasetImporter.ImportAsync(context, session.Client, file, name, options, expected: expected)
            .ConfigureAwait(false);
        Write(context, imported.Dataset);
        return ExitCode.Success;
    }

    private static async Task<int> ListAsync(CommandContext context)
    {
        await using Session session = await context.OpenAsync().ConfigureAwait(false);
        DatasetVersion[] datasets =
            [.. (await session.Client.Datasets.ListAsync(context.Cancellation).ConfigureAwait(false)).OrderBy(dataset => dataset.Name, StringComparer.Ordinal)];
        if (context.Json)
        {
            JsonReport.Print(json =>
            {
                json.WriteStartArray();
                foreach (DatasetVersion dataset in datasets)
                    DatasetOutput.Write(json, dataset);
                json.WriteEndArray();
            });
        }
        else
        {
            DatasetOutput.Write(context, datasets);
        }

        return ExitCode.Success;
    }

    private static async Task<int> ShowAsync(CommandContext context, string text)
    {
        DatasetReference wanted = Names.Dataset(text);
        await using Session session = await context.OpenAsync().ConfigureAwait(false);
        DatasetVersion dataset = await session.Client.Datasets.FindAsync(wanted.Name, wanted.Version, context.Cancellation).ConfigureAwait(false)
            ?? throw await Absent.DatasetAsync(context, session.Client, text).ConfigureAwait(false);
        Write(context, dataset);
        return ExitCode.Success;
    }

    internal static void Write(CommandContext context, DatasetVersion dataset)
    {
        if (context.Json)
            JsonReport.Print(json => DatasetOutput.Write(json, dataset));
        else
            DatasetOutput.Write(context, dataset);
    }
}
