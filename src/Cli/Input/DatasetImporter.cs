using System.Diagnostics;
using OrleansCluster.Cli.Commands;
using OrleansCluster.Cli.Output;
using OrleansCluster.Client;
using OrleansCluster.Datasets;
using OrleansCluster.Numerics;

namespace OrleansCluster.Cli.Input;

/// <summary>Reads a file into a dataset version.</summary>
internal static class DatasetImporter
{
    /// <summary>Streams the file; nothing of it is visible unless all of it was good.</summary>
    /// <param name="name">The dataset.</param>
    /// <param name="options">How to read the file.</param>
    /// <exception cref="DataFormatException">The file cannot be used.</exception>
    /// <exception cref="CommandException">The dataset refuses it.</exception>
    public static async Task<Imported> ImportAsync(CommandContext context, IClusteringClient client, string path, string name, ReadOptions options)
    {
        long rows = 0, started = Stopwatch.GetTimestamp();
        return await new ProgressView(context.Terminal).WhileAsync(
            () => $"reading {Path.GetFileName(path)} · {Numbers.Of(Volatile.Read(ref rows), "row")} · {Numbers.Rate(Volatile.Read(ref rows) / Stopwatch.GetElapsedTime(started).TotalSeconds)} rows/s",
            () => Task.Run(async () =>
            {
                using IRowReader reader = TableFile.Read(path, options);
                string precision = reader.Precision == Precision.Float32 ? "f4" : "f8";
                var sample = new RowSample(reader.Columns.Count);
                await using IDatasetImport import = await BeginAsync(client, reader, path, name, precision, context.Cancellation).ConfigureAwait(false);
                while (reader.ReadBatch(out RowBatch? batch))
                {
                    sample.Add(batch.Values.Span, precision);
                    await import.AppendAsync(batch.Values, batch.Weights, batch.Ids, context.Cancellation).ConfigureAwait(false);
                    Volatile.Write(ref rows, rows + batch.Rows);
                }

                return new Imported(await import.CommitAsync(context.Cancellation).ConfigureAwait(false), sample);
            })).ConfigureAwait(false);
    }

    private static async Task<IDatasetImport> BeginAsync(IClusteringClient client, IRowReader reader, string path, string name, string precision, CancellationToken cancellation)
    {
        var schema = new DatasetSchema
        {
            Name = name,
            Columns = [.. reader.Columns],
            Precision = precision,
            IdColumn = reader.IdColumn,
            WeightColumn = reader.WeightColumn,
            Source = path,
        };
        try
        {
            return await client.Datasets.ImportAsync(schema, cancellation).ConfigureAwait(false);
        }
        catch (ClusteringException refused)
        {
            throw CommandException.Usage(refused.Message, refused);
        }
    }
}
