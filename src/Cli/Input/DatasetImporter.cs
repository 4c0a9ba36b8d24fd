using System.Collections.Immutable;
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
    /// <param name="like">What the rows are to be like; null: whatever the file holds.</param>
    /// <exception cref="DataFormatException">The file cannot be used.</exception>
    /// <exception cref="CommandException">The dataset refuses it, or it is not like the rows wanted.</exception>
    public static async Task<Imported> ImportAsync(CommandContext context, IClusteringClient client, string path, string name, ReadOptions options, RowsAlike? like = null)
    {
        long rows = 0, started = Stopwatch.GetTimestamp();
        return await new ProgressView(context.Terminal).WhileAsync(
            () => $"reading {Path.GetFileName(InputName.Of(path))} · {Numbers.Of(Volatile.Read(ref rows), "row")} · {Numbers.Rate(Volatile.Read(ref rows) / Stopwatch.GetElapsedTime(started).TotalSeconds)} rows/s",
            () => Task.Run(async () =>
            {
                (IRowReader reader, ImmutableArray<string> columns) = Open(path, options, like);
                using IRowReader opened = reader;
                string precision = reader.Precision == Precision.Float32 ? "f4" : "f8";
                var sample = new RowSample(reader.Columns.Count);
                await using IDatasetImport import = await BeginAsync(client, reader, columns, InputName.Of(path), name, precision, context.Cancellation).ConfigureAwait(false);
                while (reader.ReadBatch(out RowBatch? batch))
                {
                    sample.Add(batch.Values.Span, precision);
                    await import.AppendAsync(batch.Values, batch.Weights, batch.Ids, context.Cancellation).ConfigureAwait(false);
                    Volatile.Write(ref rows, rows + batch.Rows);
                }

                return new Imported(await import.CommitAsync(context.Cancellation).ConfigureAwait(false), sample);
            })).ConfigureAwait(false);
    }

    private static (IRowReader Reader, ImmutableArray<string> Columns) Open(string path, ReadOptions options, RowsAlike? like)
    {
        ITable table = TableFile.Open(path, options);
        try
        {
            if (like is not null)
                return (like.Read(table, options), like.Columns);
            IRowReader reader = table.Read(options);
            return (reader, [.. reader.Columns]);
        }
        catch
        {
            table.Dispose();
            throw;
        }
    }

    private static async Task<IDatasetImport> BeginAsync(
        IClusteringClient client, IRowReader reader, ImmutableArray<string> columns, string path, string name, string precision, CancellationToken cancellation)
    {
        var schema = new DatasetSchema
        {
            Name = name,
            Columns = columns,
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
