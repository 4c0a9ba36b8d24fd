using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Npgsql;
using Npgsql.PostgresTypes;

namespace OrleansCluster.Datasets;

/// <summary>
/// A table or query of a PostgreSQL database, read by binary COPY as of one moment: all connections share the snapshot of the first. A table is read in pieces
/// of its pages, several at a time, and handed on in the order in which it is stored; a query and a view are read in one.
/// </summary>
internal sealed class PostgresSource : ITypedSource
{
    private const int RowsPerBlock = 8192;

    /// <summary>Eight megabytes.</summary>
    private const int PagesPerPiece = 1024;

    private static readonly int MostConnections = Math.Clamp(Environment.ProcessorCount, 1, 4);

    private readonly PostgresAddress _address;
    private readonly NpgsqlConnection _first;
    private readonly ConcurrentBag<NpgsqlConnection> _others = [];
    private readonly PostgresField[] _fields;
    private readonly string _snapshot;

    /// <summary>Conditions on the place of a row, which together hold for every row once.</summary>
    private readonly string[] _pieces;

    private IEnumerator<TypedBlock>? _blocks;

    private PostgresSource(PostgresAddress address, NpgsqlConnection first, PostgresField[] fields, string snapshot, string[] pieces)
    {
        (_address, _first, _fields, _snapshot, _pieces) = (address, first, fields, snapshot, pieces);
        Fields = [.. fields.Select(field => field.Field)];
    }

    public string Name => PostgresFailure.NameOf(_address);

    public ImmutableArray<TypedField> Fields { get; }

    /// <exception cref="DataFormatException">The database cannot be reached, or has no such table; the message says what to do.</exception>
    public static PostgresSource Open(string text)
    {
        var address = PostgresAddress.Parse(text);
        var connection = new NpgsqlConnection(address.ConnectionString());
        try
        {
            return PostgresFailure.Guard(address, () =>
            {
                connection.Open();
                Begin(connection, null);
                string[] pieces = address.Table is null ? [] : Pieces(connection, address);
                string snapshot = pieces.Length > 1 ? (string)Scalar(connection, "SELECT pg_export_snapshot()")! : "";
                return new PostgresSource(address, connection, Describe(connection, address), snapshot, pieces is [] ? [""] : pieces);
            });
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public bool Next(IReadOnlyList<int> columns, [NotNullWhen(true)] out TypedBlock? block)
    {
        _blocks ??= (_pieces.Length == 1 ? Copy(_first, columns, _pieces[0]) : InOrder(columns)).GetEnumerator();
        block = PostgresFailure.Guard(_address, () => _blocks.MoveNext()) ? _blocks.Current : null;
        return block is not null;
    }

    public void Dispose()
    {
        _blocks?.Dispose();
        _first.Dispose();
        foreach (NpgsqlConnection other in _others)
            other.Dispose();
    }

    private static void Begin(NpgsqlConnection connection, string? snapshot)
    {
        // A table's rows come in the order in which they are stored, wherever others are in it just now.
        Execute(connection, "SET synchronize_seqscans = off");
        Execute(connection, "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
        if (snapshot is not null)
            Execute(connection, $"SET TRANSACTION SNAPSHOT '{snapshot}'");
    }

    private static void Execute(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    private static object? Scalar(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        return command.ExecuteScalar();
    }

    /// <summary>The pieces of a table that is stored in pages; of anything else none.</summary>
    private static string[] Pieces(NpgsqlConnection connection, PostgresAddress address)
    {
        using var command = new NpgsqlCommand("SELECT CASE WHEN relkind IN ('r', 'm') THEN pg_relation_size(oid) / current_setting('block_size')::bigint END "
            + "FROM pg_class WHERE oid = $1::regclass", connection);
        command.Parameters.Add(new NpgsqlParameter { Value = address.QuotedTable(), NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        if (command.ExecuteScalar() is not long pages || pages <= PagesPerPiece)
            return [];
        int pieces = (int)((pages + PagesPerPiece - 1) / PagesPerPiece);
        return
        [
            .. Enumerable.Range(0, pieces)
                .Select(piece => $" WHERE rows.ctid >= {Place(piece)}{(piece == pieces - 1 ? "" : $" AND rows.ctid < {Place(piece + 1)}")}"),
        ];

        // The last piece has no end: pages may have come since, with rows that are older than the snapshot.
        static string Place(int piece) => string.Create(CultureInfo.InvariantCulture, $"'({(long)piece * PagesPerPiece},0)'::tid");
    }

    private static PostgresField[] Describe(NpgsqlConnection connection, PostgresAddress address)
    {
        (string Name, PostgresType Type)[] columns = Columns();
        if (Array.Exists(columns, column => column.Type is UnknownBackendType))
        {
            // Somebody has made it since this process asked for the first time.
            connection.ReloadTypes();
            columns = Columns();
        }

        return Array.ConvertAll(columns, column => PostgresField.Of(column.Name, column.Type));

        (string, PostgresType)[] Columns()
        {
            using var command = new NpgsqlCommand($"SELECT * FROM {From(address)} AS rows LIMIT 0", connection);
            using NpgsqlDataReader reader = command.ExecuteReader();
            return [.. Enumerable.Range(0, reader.FieldCount).Select(column => (reader.GetName(column), reader.GetPostgresType(column)))];
        }
    }

    private static string From(PostgresAddress address) => address.Table is null ? $"({address.Query}\n)" : address.QuotedTable();

    /// <summary>Pieces that are read at the same time, handed on one after the other.</summary>
    private IEnumerable<TypedBlock> InOrder(IReadOnlyList<int> columns)
    {
        var running = new Queue<Task<List<TypedBlock>>>();
        try
        {
            for (int next = 0; next < _pieces.Length || running.Count > 0;)
            {
                while (running.Count < MostConnections && next < _pieces.Length)
                {
                    string piece = _pieces[next++];
                    running.Enqueue(Task.Run(() => Piece(columns, piece)));
                }

                foreach (TypedBlock block in running.Dequeue().GetAwaiter().GetResult())
                    yield return block;
            }
        }
        finally
        {
            // Those that nobody wants any more end by themselves, and then give back their connections.
            Task.WhenAll(running).ContinueWith(ended => _ = ended.Exception, TaskScheduler.Default).GetAwaiter().GetResult();
        }
    }

    private List<TypedBlock> Piece(IReadOnlyList<int> columns, string piece)
    {
        if (!_others.TryTake(out NpgsqlConnection? connection))
        {
            connection = new NpgsqlConnection(_address.ConnectionString());
            connection.Open();
            Begin(connection, _snapshot);
        }

        try
        {
            return [.. Copy(connection, columns, piece)];
        }
        finally
        {
            _others.Add(connection);
        }
    }

    private IEnumerable<TypedBlock> Copy(NpgsqlConnection connection, IReadOnlyList<int> columns, string piece)
    {
        // Of no columns the rows are still counted.
        string[] selected = columns.Count == 0 ? ["NULL::text"] : [.. columns.Select(column => _fields[column].Select($"rows.c{column}"))];
        string names = string.Join(", ", Enumerable.Range(0, _fields.Length).Select(column => $"c{column}"));
        NpgsqlRawCopyStream export = connection.BeginRawBinaryCopy(
            $"COPY (SELECT {string.Join(", ", selected)} FROM {From(_address)} AS rows ({names}){piece}) TO STDOUT (FORMAT BINARY)");
        var copied = new PostgresCopy(export);
        bool ended = false;
        try
        {
            copied.Begin();
            while (!ended)
            {
                PostgresCells[] cells = [.. columns.Select(column => _fields[column].Begin!(RowsPerBlock))];
                int rows = 0;
                while (rows < RowsPerBlock && !(ended = !copied.NextRow(selected.Length)))
                {
                    foreach (PostgresCells cell in cells)
                        cell.Take(copied);
                    if (cells.Length == 0)
                        copied.NextCell(out _);
                    rows++;
                }

                if (rows > 0)
                    yield return new TypedBlock(rows, Array.ConvertAll(cells, cell => cell.Block()));
            }
        }
        finally
        {
            // The rest is not waited for.
            if (!ended)
                export.Cancel();
            export.Dispose();
        }
    }
}
