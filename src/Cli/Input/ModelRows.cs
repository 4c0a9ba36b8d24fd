using System.Collections.Immutable;
using OrleansCluster.Cli.Commands;
using OrleansCluster.Cli.Export;
using OrleansCluster.Cli.Output;
using OrleansCluster.Client;
using OrleansCluster.Datasets;
using OrleansCluster.Models.Routing;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Serving;

namespace OrleansCluster.Cli.Input;

/// <summary>Rows that a model is asked about, in the order of its columns: of a file, which is read once, or of a dataset.</summary>
internal abstract class ModelRows : IDisposable
{
    /// <param name="name">What messages call the rows.</param>
    /// <param name="columns">The columns that the model asks for.</param>
    protected ModelRows(string name, AskedColumns columns) => (Name, Columns) = (name, columns.Names);

    /// <summary>What messages call the rows.</summary>
    public string Name { get; }

    /// <summary>The name without its folder.</summary>
    public string ShortName => Path.GetFileName(Name);

    /// <summary>Name of the rows' id column, or null.</summary>
    public abstract string? IdColumn { get; }

    /// <summary>The columns that are written again beside the answers, out of the batches; null: none.</summary>
    public TableColumns? Kept { get; protected init; }

    private IReadOnlyList<string> Columns { get; }

    /// <summary>What the columns are, for a model that prepares its rows; else empty.</summary>
    protected virtual ImmutableArray<TypedColumn> Types => [];

    /// <summary>Opens the rows and finds the model's columns among theirs.</summary>
    /// <exception cref="DataFormatException">The file cannot be used.</exception>
    /// <exception cref="CommandException">There are no such rows, or they are not the model's.</exception>
    public static async Task<ModelRows> OpenAsync(CommandContext context, IClusteringClient client, RowQuery query, AskedColumns columns)
    {
        DataArgument data = DataArgument.Parse(query.Data, query.Read);
        if (data.IsFile)
            return FileRows.Open(query, columns);
        data.RefuseFileOptions(query.Read with { Columns = null, LabelColumn = null });
        return DatasetRowSource.Open(client, await data.FindAsync(context, client).ConfigureAwait(false), query, columns);
    }

    /// <summary>The rows, in order: the model's columns, and behind them those that are kept beside.</summary>
    public abstract IAsyncEnumerable<RowBatch> ReadAsync(CancellationToken cancellation);

    /// <summary>Asks about some of the rows.</summary>
    /// <param name="batch">The rows.</param>
    /// <param name="byKey">Whether their ids decide which version answers.</param>
    /// <param name="ask">The question.</param>
    /// <exception cref="CommandException">A value cannot be answered; the message says where it is.</exception>
    public async Task<T> AskAsync<T>(RowBatch batch, bool byKey, Func<RowsPayload, Task<T>> ask)
    {
        var payload = new RowsPayload
        {
            Precision = batch.Precision == Precision.Float32 ? "f4" : "f8",
            Columns = Columns.Count,
            // What is beside the model's columns is only carried along.
            Values = batch.Columns == Columns.Count ? batch.Values : RowBytes.OfColumns(batch.ToBlock(), [.. Enumerable.Range(0, Columns.Count)]),
            Types = Types,
            Keys = byKey && !batch.Ids.IsDefaultOrEmpty ? RowKeys.Of(batch.Ids) : default,
        };
        try
        {
            return await ask(payload).ConfigureAwait(false);
        }
        catch (ClusteringException refused) when (refused is { Row: { } row, Column: { } column, Problem: { } problem })
        {
            throw CommandException.Usage($"{Name}, {batch.Place(row)}, column '{Columns[column]}': {problem}", refused);
        }
    }

    public abstract void Dispose();

    protected static void NoteNames(ColumnMatch match, string name)
    {
        if (match.PassedNamesOver)
            Terminal.Say($"note: the model's columns have no names; those of {name} are taken for them in their order.");
    }
}
