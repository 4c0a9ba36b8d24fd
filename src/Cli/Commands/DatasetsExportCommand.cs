using System.CommandLine;
using System.Runtime.InteropServices;
using OrleansCluster.Cli.Export;
using OrleansCluster.Cli.Output;
using OrleansCluster.Cli.Sessions;
using OrleansCluster.Datasets;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Cli.Commands;

/// <summary><c>datasets export</c>: the rows of a dataset as a file, on standard output, or in a database.</summary>
internal static class DatasetsExportCommand
{
    private const string StandardOutput = "-";

    public static Command Create()
    {
        var name = new Argument<string>("NAME[@VERSION]") { Description = "Dataset, and which version of it [default: the newest]" };
        var output = new Option<string>("--out")
        {
            Description = "File to write (.csv, .parquet, .arrow, .jsonl, .svm, or .npy of the values alone), postgres://…?table=NAME, or - for "
                + "standard output",
            HelpName = "FILE",
            DefaultValueFactory = _ => StandardOutput,
        };
        Option<string?> format = OptionKinds.OptionalChoice(
            "--format", "How standard output is written; a file's ending says it [default: csv]", [.. TableWriter.Formats, SvmlightRows.Format]);
        return new Command("export", "Write a dataset's rows with their ids, texts, times and weights") { name, output, format }.Runs((context, parsed) =>
            RunAsync(context, parsed.GetRequiredValue(name), parsed.GetRequiredValue(output), parsed.GetResult(format) is null ? null
                : parsed.GetValue(format)));
    }

    private static async Task<int> RunAsync(CommandContext context, string text, string output, string? format)
    {
        bool streams = output == StandardOutput;
        bool isSvmlight = streams ? format == SvmlightRows.Format : SvmlightWriter.IsNamed(output);
        if (!streams && !isSvmlight && !AssignmentFile.IsSupported(output))
            throw CommandException.Usage($"--out {output} ends in none of .svm, .npy, {TableWriter.Endings}.");
        if (!streams && format is not null)
            throw CommandException.Usage($"--format says how standard output is written, and the ending of {output} how that is: leave --format out.");
        if (streams && context.Json)
            throw CommandException.Usage("--report json and the rows would both go to standard output: name a file with --out.");
        DatasetReference wanted = Names.Dataset(text);
        await using Session session = await context.OpenAsync().ConfigureAwait(false);
        DatasetVersion dataset = await session.Client.Datasets.FindAsync(wanted.Name, wanted.Version, context.Cancellation).ConfigureAwait(false)
            ?? throw await Absent.DatasetAsync(context, session.Client, text).ConfigureAwait(false);
        int[] all = [.. Enumerable.Range(0, dataset.Columns.Length)];
        var columns = TableColumns.Of(dataset, all, all);
        using Stream? stream = streams ? JsonReport.OpenOutput() : null;
        using IRowFile file = isSvmlight ? SvmlightRows.Create(stream, output, dataset)
            : output.EndsWith(".npy", StringComparison.OrdinalIgnoreCase) ? Npy.Create(output, dataset, columns)
            : Table.Create(stream, format ?? "csv", output, dataset, columns);
        long rows = 0;
        await new ProgressView(context.Terminal).WhileAsync(
            () => $"writing {dataset.Name} · {Numbers.Of(Volatile.Read(ref rows), "row")}",
            async () =>
            {
                IAsyncEnumerable<DatasetRows> parts = isSvmlight && dataset.Layout.Length > 0
                    ? session.Client.Datasets.ReadSparseAsync(dataset, context.Cancellation)
                    : session.Client.Datasets.ReadAsync(dataset, [.. all], context.Cancellation);
                await foreach (DatasetRows some in parts.ConfigureAwait(false))
                {
                    file.Add(some);
                    Volatile.Write(ref rows, rows + some.Rows);
                }

                file.Commit();
                return true;
            }).ConfigureAwait(false);
        Tell(context, dataset, streams ? null : output);
        return ExitCode.Success;
    }

    private static void Tell(CommandContext context, DatasetVersion dataset, string? output)
    {
        // Standard output is the rows'.
        if (output is null)
            return;
        if (!context.Json)
        {
            Terminal.Print($"Wrote {Numbers.Of(dataset.Rows, "row")} of {dataset.Name} version {Numbers.Count(dataset.Version)} to {output}.");
            if (SvmlightWriter.IsNamed(output))
                Terminal.Say($"note: read again with {SvmlightRows.Again(dataset)} it is the same dataset.");
            return;
        }

        JsonReport.Print(json =>
        {
            json.WriteStartObject();
            json.WriteString("dataset", dataset.Name);
            json.WriteNumber("version", dataset.Version);
            json.WriteNumber("rows", dataset.Rows);
            json.WriteString("out", output);
            json.WriteEndObject();
        });
    }

    /// <summary>The values as an array.</summary>
    private sealed class Npy(NpyWriter file) : IRowFile
    {
        public static Npy Create(string path, DatasetVersion dataset, TableColumns columns)
        {
            if (columns.Columns.FirstOrDefault(column => column.Type == typeof(string)) is { } text)
                throw CommandException.Usage($"--out {path} is an array of numbers, and column '{text.Name}' holds texts: write a table that ends in "
                    + ".csv, .parquet, .arrow or .jsonl.");
            return new Npy(dataset.Precision == "f4" ? NpyWriter.Create<float>(path, dataset.Rows, dataset.Columns.Length)
                : NpyWriter.Create<double>(path, dataset.Rows, dataset.Columns.Length));
        }

        public void Add(DatasetRows rows) => file.WriteBytes(rows.Values.Span);

        public void Commit() => file.Commit();

        public void Dispose() => file.Dispose();
    }

    /// <summary>Ids, columns and weights as a table.</summary>
    private sealed class Table(ITableWriter file, DatasetVersion dataset, TableColumns columns) : IRowFile
    {
        public static Table Create(Stream? stream, string format, string path, DatasetVersion dataset, TableColumns columns)
        {
            OutputColumn[] all =
            [
                .. dataset.IdColumn is { } id ? new[] { new OutputColumn(id, typeof(string)) } : [],
                .. columns.Columns,
                .. dataset.WeightColumn is { } weight ? new[] { new OutputColumn(weight, typeof(double)) } : [],
            ];
            return new Table(stream is null ? TableWriter.Create(path, all) : TableWriter.Create(stream, format, all), dataset, columns);
        }

        public void Add(DatasetRows rows)
        {
            RowBlock block = RowBytes.AsBlock(
                rows.Values, dataset.Precision == "f4" ? Precision.Float32 : Precision.Float64, dataset.Columns.Length);
            file.Write(
            [
                .. dataset.IdColumn is null ? [] : new Array[] { rows.Ids.ToArray() },
                .. columns.Of(block),
                .. dataset.WeightColumn is null ? [] : new Array[] { MemoryMarshal.Cast<byte, double>(rows.Weights.Span).ToArray() },
            ]);
        }

        public void Commit() => file.Commit();

        public void Dispose() => file.Dispose();
    }
}
