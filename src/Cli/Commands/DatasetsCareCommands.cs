using System.CommandLine;
using OrleansCluster.Cli.Input;
using OrleansCluster.Cli.Output;
using OrleansCluster.Cli.Sessions;
using OrleansCluster.Client;
using OrleansCluster.Datasets;

namespace OrleansCluster.Cli.Commands;

/// <summary><c>datasets append | verify</c>.</summary>
internal static class DatasetsCareCommands
{
    public static Command Append()
    {
        var name = new Argument<string>("NAME") { Description = "Name of the dataset" };
        Argument<string> file = new Argument<string>("FILE") { Description = $"The rows: {RowOptions.Inputs}" }.TakingSeveral();
        var command = new Command("append", "Make a new version of a dataset: more rows behind those of the newest one, which is kept") { name, file };
        RowOptions rows = RowOptions.AddTo(command, stores: true);
        var expected = ExpectOptions.AddTo(command);
        return command.Runs((context, parsed) => AppendAsync(
            context, Names.Check("dataset", parsed.GetRequiredValue(name)), parsed.GetRequiredValue(file), rows.Read(parsed), expected.Read(parsed)));
    }

    public static Command Verify()
    {
        var name = new Argument<string?>("NAME[@VERSION]")
        {
            Description = "Dataset, and which version of it [default: all versions of it, and of all datasets]",
            Arity = ArgumentArity.ZeroOrOne,
        };
        return new Command("verify", "Read every shard and tell which are not what their manifests say") { name }
            .Runs((context, parsed) => VerifyAsync(context, parsed.GetValue(name)));
    }

    private static async Task<int> AppendAsync(CommandContext context, string name, string file, ReadOptions options, ExpectedOfRows expected)
    {
        if (!InputName.Exists(file))
            throw CommandException.Usage($"There is no file {InputName.Of(file)}.");
        await using Session session = await context.OpenAsync(stays: true).ConfigureAwait(false);
        DatasetVersion earlier = await session.Client.Datasets.FindAsync(name, 0, context.Cancellation).ConfigureAwait(false)
            ?? throw await Absent.DatasetAsync(context, session.Client, name).ConfigureAwait(false);
        DatasetVersion appended = await DatasetImporter.AppendAsync(
            context, session.Client, earlier, file, options, expected.Behind(earlier)).ConfigureAwait(false);
        DatasetsCommands.Write(context, appended);
        return ExitCode.Success;
    }

    private static async Task<int> VerifyAsync(CommandContext context, string? text)
    {
        await using Session session = await context.OpenAsync(stays: true).ConfigureAwait(false);
        List<DatasetVersion> versions = await ChooseAsync(context, session, text).ConfigureAwait(false);
        var faults = new List<(DatasetVersion Dataset, int Shard, string Fault)>();
        int shards = 0;
        await new ProgressView(context.Terminal).WhileAsync(
            () => $"verifying · {Numbers.Of(Volatile.Read(ref shards), "shard")}",
            async () =>
            {
                foreach (DatasetVersion dataset in versions)
                {
                    for (int shard = 0; shard < dataset.Shards; shard++, Volatile.Write(ref shards, shards + 1))
                    {
                        string fault = await session.Client.Datasets.VerifyAsync(dataset, shard, context.Cancellation).ConfigureAwait(false);
                        if (fault.Length > 0)
                            faults.Add((dataset, shard, fault));
                    }
                }

                return true;
            }).ConfigureAwait(false);
        Tell(context, versions, shards, faults);
        return faults.Count == 0 ? ExitCode.Success : ExitCode.Failure;
    }

    private static async Task<List<DatasetVersion>> ChooseAsync(CommandContext context, Session session, string? text)
    {
        DatasetReference? wanted = text is null ? null : Names.Dataset(text);
        var versions = new List<DatasetVersion>();
        foreach (DatasetVersion newest in await session.Client.Datasets.ListAsync(context.Cancellation).ConfigureAwait(false))
        {
            if (wanted is { } named && named.Name != newest.Name)
                continue;
            await foreach (DatasetVersion version in session.Client.Datasets.VersionsAsync(newest, context.Cancellation).ConfigureAwait(false))
            {
                if (wanted is not { Version: > 0 } one || one.Version == version.Version)
                    versions.Add(version);
            }
        }

        return text is null || versions.Count > 0 ? versions : throw await Absent.DatasetAsync(context, session.Client, text).ConfigureAwait(false);
    }

    private static void Tell(CommandContext context, List<DatasetVersion> versions, int shards, List<(DatasetVersion Dataset, int Shard, string Fault)> faults)
    {
        if (!context.Json)
        {
            foreach ((DatasetVersion dataset, int shard, string fault) in faults)
                Terminal.Print($"{dataset.Name}@{Numbers.Count(dataset.Version)}, shard {Numbers.Count(shard)}: {fault}");
            Terminal.Print($"{Numbers.Of(versions.Count, "version")}, {Numbers.Of(shards, "shard")}: "
                + (faults.Count == 0 ? "all are what their manifests say." : $"{Numbers.Of(faults.Count, "shard")} damaged."));
            return;
        }

        JsonReport.Print(json =>
        {
            json.WriteStartObject();
            json.WriteNumber("versions", versions.Count);
            json.WriteNumber("shards", shards);
            json.WriteStartArray("faults");
            foreach ((DatasetVersion dataset, int shard, string fault) in faults)
            {
                json.WriteStartObject();
                json.WriteString("dataset", dataset.Name);
                json.WriteNumber("version", dataset.Version);
                json.WriteNumber("shard", shard);
                json.WriteString("problem", fault);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }
}
