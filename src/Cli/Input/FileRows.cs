using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using OrleansCluster.Cli.Export;
using OrleansCluster.Datasets;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Serving;

namespace OrleansCluster.Cli.Input;

/// <summary>Rows of a file for a model.</summary>
internal sealed class FileRows : ModelRows
{
    private readonly IRowReader _reader;

    private readonly AskedColumns _columns;

    private FileRows(string name, IRowReader reader, AskedColumns columns, int[]? kept)
        : base(name, columns)
    {
        (_reader, _columns) = (reader, columns);
        Kept = kept is null ? null : new TableColumns(reader.Columns, reader.Types, reader.Precision, reader.Categories, kept);
    }

    public override string? IdColumn => _reader.IdColumn;

    /// <summary>What the columns were read as, whatever the model has: it says itself what it cannot take.</summary>
    protected override ImmutableArray<TypedColumn> Types => Kept is not null && !_columns.AreTyped ? [] :
    [
        .. (_reader.Types.IsDefaultOrEmpty ? _columns.Types : _reader.Types).Take(_columns.Names.Length).Select((type, column) => new TypedColumn
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
        // Of sparse rows, columns without a value here are the model's all the same.
        query = query with { Read = query.Read with { Features = query.Read.Features ?? columns.Names.Length, IsWide = true } };
        ITable table = TableFile.Open(query.Data, query is { Keep: null, Beside: null } ? query.Read : query.Read with { Beside = [] });
        try
        {
            var match = new ColumnMatch(table.Name, table.Columns, table.HasNames, columns.Names);
            int[] found = match.Find(query.Read.Columns is null ? null : table.Choose(query.Read), () => table.Choose(query.Read), query.ByPosition);
            int[]? kept = KeptOf(table, query);
            int[] read = [.. found, .. (kept ?? []).Except(found)];
            ReadOptions options = query.Read.Knowing(columns.Types, table.Columns, found) with { Beside = kept is null ? null : read[found.Length..] };
            var rows = new FileRows(table.Name, table.Read(options, found), columns, kept?.Select(column => Array.IndexOf(read, column)).ToArray());
            NoteNames(match, table.Name);
            return rows;
        }
        catch
        {
            table.Dispose();
            throw;
        }
    }

    /// <summary>Positions in the table of the columns that are kept, without that of the ids, which are told anyhow.</summary>
    private static int[]? KeptOf(ITable table, RowQuery query) => query.Keep switch
    {
        null => query.Beside?.Select(table.Find).ToArray(),
        "" => [.. table.Choose(query.Read with { Columns = null })],
        _ => [.. ColumnChoice.Find(query.Keep, table.Columns, table.Name, "--keep-columns")
            .Except(query.Read.IdColumn is { } id ? ColumnChoice.Find(id, table.Columns, table.Name, "--id-column") : [])],
    };

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
