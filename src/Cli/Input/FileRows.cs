using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using OrleansCluster.Datasets;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Serving;

namespace OrleansCluster.Cli.Input;

/// <summary>Rows of a file for a model.</summary>
internal sealed class FileRows : ModelRows
{
    private readonly IRowReader _reader;

    private readonly AskedColumns _columns;

    private FileRows(string name, IRowReader reader, AskedColumns columns)
        : base(name, columns) => (_reader, _columns) = (reader, columns);

    public override string? IdColumn => _reader.IdColumn;

    /// <summary>What the columns were read as, whatever the model has: it says itself what it cannot take.</summary>
    protected override ImmutableArray<TypedColumn> Types =>
    [
        .. (_reader.Types.IsDefaultOrEmpty ? _columns.Types : _reader.Types).Select((type, column) => new TypedColumn
        {
            Name = _columns.Names[column],
            Type = RowColumn.NameOf(type),
            Categories = [.. _reader.Categories(column)],
        }),
    ];

    /// <exception cref="DataFormatException">The file cannot be used.</exception>
    /// <exception cref="CommandException">Its columns are not the model's.</exception>
    public static FileRows Open(RowQuery query, AskedColumns columns)
    {
        ITable table = TableFile.Open(query.Data, query.Read);
        try
        {
            var match = new ColumnMatch(table.Name, table.Columns, table.HasNames, columns.Names);
            int[] found = match.Find(query.Read.Columns is null ? null : table.Choose(query.Read), () => table.Choose(query.Read), query.ByPosition);
            var rows = new FileRows(table.Name, table.Read(query.Read.Knowing(columns.Types, table.Columns, found), found), columns);
            NoteNames(match, table.Name);
            return rows;
        }
        catch
        {
            table.Dispose();
            throw;
        }
    }

    public override async IAsyncEnumerable<RowBatch> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        while (true)
        {
            // A pipe may let wait for its next rows.
            RowBatch? batch = await Task.Run(() => _reader.ReadBatch(out RowBatch? read) ? read : null, cancellation).ConfigureAwait(false);
            if (batch is null)
                yield break;
            yield return batch;
        }
    }

    public override void Dispose() => _reader.Dispose();
}
