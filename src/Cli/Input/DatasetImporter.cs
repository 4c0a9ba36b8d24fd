using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.InteropServices;
using OrleansCluster.Cli.Commands;
using OrleansCluster.Cli.Output;
using OrleansCluster.Client;
using OrleansCluster.Datasets;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Cli.Input;

/// <summary>Reads a file, or some columns of a dataset, into a dataset version.</summary>
internal static class DatasetImporter
{
    /// <summary>Streams the file; nothing of it is visible unless all of it was good.</summary>
    /// <param name="name">The dataset.</param>
    /// <param name="options">How to read the file.</param>
    /// <param name="like">What the rows are to be like; null: whatever the file holds.</param>
    /// <param name="expected">What is expected of their values; null: nothing.</param>
    /// <exception cref="DataFormatException">The file cannot be used.</exception>
    /// <exception cref="CommandException">The dataset refuses it, or it is not like the rows wanted.</exception>
    public static async Task<Imported> ImportAsync(CommandContext context, IClusteringClient client, string path, string name, ReadOptions options,
        RowsAlike? like = null, ExpectedOfRows? expected = null)
    {
        long rows = 0, started = Stopwatch.GetTimestamp();
        return await new ProgressView(context.Terminal).WhileAsync(
            () => $"reading {Path.GetFileName(InputName.Of(path))} · {Numbers.Of(Volatile.Read(ref rows), "row")} · "
                + $"{Numbers.Rate(Volatile.Read(ref rows) / Stopwatch.GetElapsedTime(started).TotalSeconds)} rows/s",
            () => Task.Run(async () =>
            {
                (IRowReader reader, ImmutableArray<string> columns) = Open(path, options, like);
                using ExpectationCheck check = ExpectationCheck.Of(ref reader, InputName.Of(path), expected);
                string precision = reader.Precision == Precision.Float32 ? "f4" : "f8";
                // Of texts, missing values and sparse rows there is no picture.
                RowSample? sample = !reader.IsSparse && (reader.Types.IsDefaultOrEmpty || reader.Types.All(type => type == ColumnType.Number))
                    ? new RowSample(reader.Columns.Count) : null;
                await using IDatasetImport import = await BeginAsync(
                    client, new DatasetSchema
                    {
                        Name = name,
                        Columns = columns,
                        Precision = precision,
                        IdColumn = reader.IdColumn,
                        WeightColumn = reader.WeightColumn,
                        Source = InputName.Of(path),
                        By = Environment.UserName,
                        Types = [.. reader.Types.Select(RowColumn.NameOf)],
                        Layout = reader.IsSparse ? DatasetLayouts.Sparse : "",
                    },
                        context.Cancellation).ConfigureAwait(false);
                await import.AppendAsync(
                    reader, batch =>
                    {
                        sample?.Add(batch.Values.Span, precision);
                        Volatile.Write(ref rows, rows + batch.Rows);
                        return batch.Values;
                    },
                    context.Cancellation).ConfigureAwait(false);
                for (int column = 0; column < reader.Columns.Count; column++)
                    await import.AddCategoriesAsync(column, 0, [.. reader.Categories(column)], context.Cancellation).ConfigureAwait(false);
                await import.ExpectAsync(check.Conclude(), context.Cancellation).ConfigureAwait(false);
                DatasetVersion version = await import.CommitAsync(context.Cancellation).ConfigureAwait(false);
                return new Imported(version, version.Types().IsEmpty ? sample : null);
            })).ConfigureAwait(false);
    }

    /// <summary>
    /// Copies columns of a dataset into a dataset of their own, which is named after both; the same columns of the same rows are the same version.
    /// </summary>
    /// <param name="dataset">The rows.</param>
    /// <param name="columns">Positions of the columns, in this order.</param>
    public static async Task<Imported> ProjectAsync(CommandContext context, IClusteringClient client, DatasetVersion dataset, int[] columns)
    {
        ImmutableArray<string> names = [.. columns.Select(column => dataset.Columns[column].Name)];
        ImmutableArray<ColumnInfo> kept = [.. columns.Select(column => dataset.Columns[column])];
        string source = $"{dataset.Name}@{Numbers.Count(dataset.Version)}";
        var sample = new RowSample(columns.Length);
        long rows = 0;
        return await new ProgressView(context.Terminal).WhileAsync(
            () => $"copying {source} · {Numbers.Of(Volatile.Read(ref rows), "row")}",
            async () =>
            {
                var schema = new DatasetSchema
                {
                    Name = DatasetName.OfColumns(dataset.Name, names),
                    Columns = names,
                    Precision = dataset.Precision,
                    IdColumn = dataset.IdColumn,
                    WeightColumn = dataset.WeightColumn,
                    Source = source,
                    By = Environment.UserName,
                    Types = kept.Types(),
                };
                await using IDatasetImport import = await BeginAsync(client, schema, context.Cancellation).ConfigureAwait(false);
                await foreach (DatasetRows some in client.Datasets.ReadAsync(dataset, [.. columns], context.Cancellation).ConfigureAwait(false))
                {
                    sample.Add(some.Values.Span, dataset.Precision);
                    await import.AppendAsync(some.Values, MemoryMarshal.Cast<byte, double>(some.Weights.Span).ToArray(), some.Ids, context.Cancellation)
                        .ConfigureAwait(false);
                    Volatile.Write(ref rows, rows + some.Rows);
                }

                await import.AddCategoriesAsync(kept, context.Cancellation).ConfigureAwait(false);
                DatasetVersion version = await import.CommitAsync(context.Cancellation).ConfigureAwait(false);
                Terminal.Say($"note: these columns of {source} are now the dataset {version.Name}@{Numbers.Count(version.Version)}.");
                return new Imported(version, version.Types().IsEmpty ? sample : null);
            }).ConfigureAwait(false);
    }

    /// <summary>Streams a file behind the rows of the newest version of a dataset; nothing of it is visible unless all of it was good.</summary>
    /// <param name="earlier">The newest version, whose columns the file has, by their names.</param>
    /// <param name="options">How to read the file.</param>
    /// <param name="expected">What is expected of the rows' values.</param>
    /// <exception cref="DataFormatException">The file cannot be used.</exception>
    /// <exception cref="CommandException">Its columns are others.</exception>
    public static async Task<DatasetVersion> AppendAsync(CommandContext context, IClusteringClient client, DatasetVersion earlier, string path,
        ReadOptions options, ExpectedOfRows expected)
    {
        long rows = 0;
        ImmutableArray<string> names = [.. earlier.Columns.Select(column => column.Name)];
        ImmutableArray<ColumnType> types = [.. earlier.Columns.Select(column => RowColumn.TypeOf(column.Type) ?? ColumnType.Number)];
        bool sparse = earlier.Layout.Length > 0;
        var like = new RowsAlike(new AskedColumns(names, sparse ? [] : types), earlier.IdColumn, earlier.WeightColumn);
        return await new ProgressView(context.Terminal).WhileAsync(
            () => $"appending {Path.GetFileName(InputName.Of(path))} · {Numbers.Of(Volatile.Read(ref rows), "row")}",
            () => Task.Run(async () =>
            {
                Precision precision = earlier.Precision == "f4" ? Precision.Float32 : Precision.Float64;
                if (options.Precision is { } other && other != precision)
                    throw CommandException.Usage($"The dataset {earlier.Name} is stored as {earlier.Precision}, and so are rows that are "
                        + "appended: leave --dtype out.");
                (IRowReader reader, _) = Open(path, options with { Precision = precision, Features = options.Features ?? names.Length, Sparse = sparse }, like);
                using ExpectationCheck check = ExpectationCheck.Of(ref reader, InputName.Of(path), expected);
                if (reader.IdColumn is null != earlier.IdColumn is null)
                    throw CommandException.Usage(earlier.IdColumn is null ? $"The rows of {earlier.Name} have no ids: leave --id-column out."
                        : $"The rows of {earlier.Name} have ids (its column '{earlier.IdColumn}'): name theirs with --id-column.");
                await using IDatasetImport import = await client.Datasets.AppendAsync(
                    earlier, InputName.Of(path), Environment.UserName, context.Cancellation).ConfigureAwait(false);
                var categories = new MergedCategories(names, types);
                for (int column = 0; column < names.Length; column++)
                    categories.Begin(column, earlier.Columns[column].Categories.IsDefaultOrEmpty ? [] : earlier.Columns[column].Categories);
                await import.AppendAsync(
                    reader, batch =>
                    {
                        Volatile.Write(ref rows, rows + batch.Rows);
                        ReadOnlyMemory<byte> values = categories.Values(reader, batch, InputName.Of(path));
                        return sparse && !batch.IsSparse ? SparseRowBytes.Of(SparseBlock.Of(batch.ToBlock())) : values;
                    },
                    context.Cancellation).ConfigureAwait(false);

                for (int column = 0; column < names.Length; column++)
                    await import.AddCategoriesAsync(column, 0, [.. categories.Texts(column)], context.Cancellation).ConfigureAwait(false);
                await import.ExpectAsync(check.Conclude(), context.Cancellation).ConfigureAwait(false);
                return await import.CommitAsync(context.Cancellation).ConfigureAwait(false);
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

    private static async Task<IDatasetImport> BeginAsync(IClusteringClient client, DatasetSchema schema, CancellationToken cancellation)
    {
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
