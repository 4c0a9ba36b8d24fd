using System.CommandLine;
using System.Runtime.InteropServices;
using OrleansCluster.Cli.Export;
using OrleansCluster.Cli.Output;
using OrleansCluster.Cli.Sessions;
using OrleansCluster.Datasets;
using OrleansCluster.Families;
using OrleansCluster.Models;
using OrleansCluster.Serving;

namespace OrleansCluster.Cli.Commands;

/// <summary><c>sample</c>: rows drawn from a model.</summary>
internal static class SampleCommand
{
    private const int BatchBytes = 1 << 20;

    public static Command Create()
    {
        Option<string> model = RowOptions.AskedModel();
        Option<int?> rows = OptionKinds.Integer("--rows", "Rows to draw", 1);
        rows.Required = true;
        Option<ulong> seed = OptionKinds.Seed("--seed", "Seed of the rows: row i is the same however many are drawn");
        Option<int?> component = OptionKinds.Integer("--component", "Draw from this component alone [default: each row from one drawn by weight]", 0);
        var output = new Option<string>("--out")
        {
            Description = "File to write: values (.npy: float64) or values and components (.csv, .parquet, .arrow, .jsonl)",
            HelpName = "FILE",
            Required = true
        };
        var command = new Command("sample", "Draw rows from a model that has a density") { model, rows, seed, component, output };
        return command.Runs((context, parsed) => RunAsync(
            context, Names.Model(parsed.GetRequiredValue(model)), parsed.GetValue(rows)!.Value, parsed.GetValue(seed), parsed.GetValue(component)
                ?? -1, parsed.GetRequiredValue(output)));
    }

    private static async Task<int> RunAsync(CommandContext context, ModelReference wanted, int rows, ulong seed, int component, string output)
    {
        if (!AssignmentFile.IsSupported(output))
            throw AssignmentFile.Refusal(output);
        await using Session session = await context.OpenAsync().ConfigureAwait(false);
        ModelVersion version = await ModelsCommands.FindAsync(context, session.Client, wanted, CapabilityNames.Samples).ConfigureAwait(false);
        int[] components = [.. version.Training.Clusters.Select(cluster => cluster.Label).Order()];
        if (component >= 0 && !components.Contains(component))
            throw CommandException.Usage($"--component {component}: the model has the components "
                + $"{(components[^1] == components.Length - 1 ? $"0 … {components[^1]}" : string.Join(", ", components))}.");
        IAsyncEnumerable<Samples> drawn = DrawAsync(context, session, version, rows, seed, component);
        if (output.EndsWith(".npy", StringComparison.OrdinalIgnoreCase))
            await WriteArrayAsync(output, rows, drawn).ConfigureAwait(false);
        else
            await WriteTableAsync(output, version.Training.Columns, drawn).ConfigureAwait(false);
        if (context.Json)
        {
            JsonReport.Print(json =>
            {
                json.WriteStartObject();
                json.WriteString("model", version.Name);
                json.WriteNumber("version", version.Version);
                json.WriteNumber("rows", rows);
                json.WriteNumber("seed", seed);
                json.WriteString("out", output);
                json.WriteEndObject();
            });
        }
        else
        {
            Terminal.Print($"Drew {Numbers.Of(rows, "row")} from {version.Name} version {version.Version} into {output}.");
        }

        return ExitCode.Success;
    }

    private static async IAsyncEnumerable<Samples> DrawAsync(CommandContext context, Session session, ModelVersion version, int rows, ulong seed, int component)
    {
        int batch = Math.Max(1, BatchBytes / sizeof(double) / version.Training.Columns.Length);
        for (int first = 0; first < rows; first += Math.Min(batch, rows - first))
        {
            var query = new SampleQuery
            {
                Version = version.Version,
                Seed = seed,
                Component = component,
                FirstRow = first,
                Rows = Math.Min(batch, rows - first)
            };
            yield return await session.Client.Models.SampleAsync(version.Name, query, context.Cancellation).ConfigureAwait(false);
        }
    }

    private static async Task WriteArrayAsync(string path, int rows, IAsyncEnumerable<Samples> drawn)
    {
        NpyWriter? file = null;
        try
        {
            await foreach (Samples samples in drawn.ConfigureAwait(false))
            {
                file ??= NpyWriter.Create<double>(path, rows, samples.Values.Length / sizeof(double) / (samples.Components.Length / sizeof(int)));
                file.WriteBytes(samples.Values.Span);
            }

            file?.Commit();
        }
        finally
        {
            file?.Dispose();
        }
    }

    private static async Task WriteTableAsync(string path, IReadOnlyList<string> columns, IAsyncEnumerable<Samples> drawn)
    {
        ITableWriter? file = null;
        try
        {
            await foreach (Samples samples in drawn.ConfigureAwait(false))
            {
                columns = samples.Columns.IsDefaultOrEmpty ? columns : samples.Columns;
                file ??= TableWriter.Create(
                    path, [.. columns.Select(column => new OutputColumn(column, typeof(double))), new OutputColumn("component", typeof(int))]);
                file.Write(Columns(samples, columns.Count));
            }

            file?.Commit();
        }
        finally
        {
            file?.Dispose();
        }
    }

    private static Array[] Columns(Samples samples, int width)
    {
        ReadOnlySpan<double> values = MemoryMarshal.Cast<byte, double>(samples.Values.Span);
        var columns = new double[width][];
        for (int column = 0; column < width; column++)
        {
            columns[column] = new double[values.Length / width];
            for (int row = 0; row < columns[column].Length; row++)
                columns[column][row] = values[(row * width) + column];
        }

        return [.. columns, MemoryMarshal.Cast<byte, int>(samples.Components.Span).ToArray()];
    }
}
