using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using OrleansCluster.Cli.Export;
using OrleansCluster.Cli.Input;
using OrleansCluster.Client;
using OrleansCluster.Datasets;
using OrleansCluster.Models;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Serving;

namespace OrleansCluster.Cli.Segments;

/// <summary>The model whose clusters are segments.</summary>
internal sealed record ClusterModel(IClusteringClient Client, ModelVersion Version);

/// <summary>Some rows of a file: columns that were asked for, and the cluster of each row, where a model was asked.</summary>
internal sealed record OutcomeBatch(RowBatch Rows, Array[] Values, int[]? Clusters);

/// <summary>Columns of a file, by their names, and the clusters that a model assigns its rows to; the file is read once.</summary>
internal sealed class OutcomeSource : IDisposable
{
    private readonly IDisposable _open;
    private readonly TableColumns _columns;
    private readonly Func<CancellationToken, IAsyncEnumerable<RowBatch>> _read;
    private readonly ModelRows? _rows;
    private readonly ClusterModel? _model;

    private OutcomeSource(
        string name, IDisposable open, TableColumns columns, Func<CancellationToken, IAsyncEnumerable<RowBatch>> read, ModelRows? rows, ClusterModel? model) =>
        (Name, _open, _columns, _read, _rows, _model) = (name, open, columns, read, rows, model);

    /// <summary>What messages call the file.</summary>
    public string Name { get; }

    /// <summary>What each of the columns holds.</summary>
    public IReadOnlyList<Type> Types => [.. _columns.Columns.Select(column => column.Type)];

    /// <param name="file">The file.</param>
    /// <param name="options">How it is read.</param>
    /// <param name="names">The columns.</param>
    /// <param name="model">Who assigns the rows; null: nobody.</param>
    /// <exception cref="CommandException">A column is not there, or the file has not the model's columns.</exception>
    /// <exception cref="DataFormatException">The file cannot be used.</exception>
    public static OutcomeSource Open(string file, ReadOptions options, string[] names, ClusterModel? model)
    {
        if (model is not null)
        {
            AskedColumns asked = AskedColumns.Of(model.Version.Training.AskedColumns(), model.Version.Training.AskedTypes());
            FileRows rows = FileRows.Open(new RowQuery(file, options with { Precision = Precision.Float64 }, Beside: names), asked);
            return new OutcomeSource(rows.Name, rows, rows.Kept!, rows.ReadAsync, rows, model);
        }

        options = options with { Typed = true, AllowsMissing = true, Precision = Precision.Float64 };
        ITable table = TableFile.Open(file, options);
        int[] places, read;
        try
        {
            places = [.. names.Select(table.Find)];
            // A column that is asked for twice is read once.
            read = [.. places.Distinct()];
        }
        catch
        {
            table.Dispose();
            throw;
        }

        IRowReader reader = table.Read(options, read);
        var columns = new TableColumns(
            reader.Columns, reader.Types, reader.Precision, reader.Categories, [.. places.Select(place => Array.IndexOf(read, place))]);
        return new OutcomeSource(table.Name, reader, columns, cancellation => Batches(reader, cancellation), null, null);
    }

    /// <summary>The rows.</summary>
    public async IAsyncEnumerable<OutcomeBatch> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (RowBatch batch in _read(cancellation).ConfigureAwait(false))
        {
            int[]? clusters = null;
            if (_model is not null)
            {
                Assignments answer = await _rows!.AskAsync(
                    batch, byKey: false, asked => _model.Client.Models.AssignAsync(_model.Version.Name, _model.Version.Version, asked, cancellation))
                    .ConfigureAwait(false);
                clusters = MemoryMarshal.Cast<byte, int>(answer.Labels.Span).ToArray();
            }

            yield return new OutcomeBatch(batch, _columns.Of(batch.ToBlock()), clusters);
        }
    }

    public void Dispose() => _open.Dispose();

    private static async IAsyncEnumerable<RowBatch> Batches(IRowReader reader, [EnumeratorCancellation] CancellationToken cancellation)
    {
        while (await Task.Run(() => reader.ReadBatch(out RowBatch? read) ? read : null, cancellation).ConfigureAwait(false) is { } batch)
            yield return batch;
    }
}
