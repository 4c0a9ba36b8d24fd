using System.Diagnostics.CodeAnalysis;
using Npgsql;
using NpgsqlTypes;

namespace OrleansCluster.Datasets;

/// <summary>
/// A table of a PostgreSQL database, by binary COPY in one transaction: a new table, or more rows of one that has these columns. Nobody sees a row before
/// all are there.
/// </summary>
internal sealed class PostgresTableWriter : ITableWriter
{
    private readonly PostgresAddress _address;
    private readonly IReadOnlyList<OutputColumn> _columns;
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction = null!;
    private readonly NpgsqlBinaryImporter _import = null!;

    [SuppressMessage("Security", "CA2100", Justification = "Names are quoted; there are no others.")]
    public PostgresTableWriter(string text, IReadOnlyList<OutputColumn> columns)
    {
        (_address, _columns) = (PostgresAddress.Parse(text), columns);
        if (_address.Table is null)
            throw new DataFormatException("Rows are written into a table, not into a query: write postgres://USER@HOST:PORT/DATABASE?table=NAME.");
        _connection = new NpgsqlConnection(_address.ConnectionString());
        try
        {
            (_transaction, _import) = PostgresFailure.Guard(_address, () =>
            {
                _connection.Open();
                NpgsqlTransaction transaction = _connection.BeginTransaction();
                string table = _address.QuotedTable();
                string definitions = string.Join(", ", columns.Select(column => $"{PostgresAddress.Quote(column.Name)} {TypeOf(column)}"));
                using (var create = new NpgsqlCommand($"CREATE TABLE IF NOT EXISTS {table} ({definitions})", _connection))
                    create.ExecuteNonQuery();
                CheckColumns(table, columns);
                string names = string.Join(", ", columns.Select(column => PostgresAddress.Quote(column.Name)));
                return (transaction, _connection.BeginBinaryImport($"COPY {table} ({names}) FROM STDIN (FORMAT BINARY)"));
            });
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    public void Write(IReadOnlyList<Array> columns) => PostgresFailure.Guard(_address, () =>
    {
        for (int row = 0; row < columns[0].Length; row++)
        {
            _import.StartRow();
            for (int column = 0; column < columns.Count; column++)
                WriteCell(_columns[column].Type, columns[column], row);
        }

        return true;
    });

    public void Commit() => PostgresFailure.Guard(_address, () =>
    {
        _import.Complete();
        _import.Dispose();
        _transaction.Commit();
        return true;
    });

    public void Dispose()
    {
        try
        {
            // Without Complete, nothing of it is kept.
            _import.Dispose();
            _transaction.Dispose();
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException)
        {
            // The connection is gone, and with it the transaction.
        }

        _connection.Dispose();
    }

    private static string TypeOf(OutputColumn column) => column.Type == typeof(int) ? "integer"
        : column.Type == typeof(long) ? "bigint"
        : column.Type == typeof(float) ? "real"
        : column.Type == typeof(double) ? "double precision"
        : column.Type == typeof(bool) ? "boolean"
        : column.Type == typeof(DateTime) ? "timestamp with time zone"
        : "text";

    /// <summary>Binary COPY converts nothing, so that columns must be of these types.</summary>
    [SuppressMessage("Security", "CA2100", Justification = "Names are quoted; there are no others.")]
    private void CheckColumns(string table, IReadOnlyList<OutputColumn> columns)
    {
        using var command = new NpgsqlCommand($"SELECT * FROM {table} LIMIT 0", _connection);
        using NpgsqlDataReader reader = command.ExecuteReader();
        var there = Enumerable.Range(0, reader.FieldCount).ToDictionary(reader.GetName, column => reader.GetPostgresType(column).Name);
        foreach (OutputColumn column in columns)
        {
            string wanted = TypeOf(column);
            string? found = there.GetValueOrDefault(column.Name);
            if (found is null)
                throw new DataFormatException($"The table {_address.Table} has no column '{column.Name}', which is written as {wanted}. Add it, or name "
                    + "a table that does not exist: it is made.");
            bool same = found == wanted || (wanted == "text" && found is "character varying" or "varchar")
                || (column.Type == typeof(DateTime) && found == "timestamptz");
            if (!same)
                throw new DataFormatException($"The column '{column.Name}' of the table {_address.Table} is of the type {found}, and {wanted} is written. "
                    + "Change its type, or name a table that does not exist: it is made.");
        }
    }

    private void WriteCell(Type type, Array column, int row)
    {
        switch (column)
        {
            case int[] integers:
                _import.Write(integers[row], NpgsqlDbType.Integer);
                break;
            case long[] integers:
                _import.Write(integers[row], NpgsqlDbType.Bigint);
                break;
            case float[] numbers when !float.IsNaN(numbers[row]):
                _import.Write(numbers[row], NpgsqlDbType.Real);
                break;
            case double[] numbers when type == typeof(bool) && !double.IsNaN(numbers[row]):
                _import.Write(numbers[row] != 0, NpgsqlDbType.Boolean);
                break;
            case double[] numbers when type == typeof(DateTime) && !double.IsNaN(numbers[row]):
                _import.Write(TimeText.Time(numbers[row]).UtcDateTime, NpgsqlDbType.TimestampTz);
                break;
            case double[] numbers when !double.IsNaN(numbers[row]):
                _import.Write(numbers[row], NpgsqlDbType.Double);
                break;
            case string[] texts when !string.IsNullOrEmpty(texts[row]):
                _import.Write(texts[row], NpgsqlDbType.Text);
                break;
            default:
                _import.WriteNull();
                break;
        }
    }
}
