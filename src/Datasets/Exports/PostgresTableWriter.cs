using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Npgsql;

namespace OrleansCluster.Datasets;

/// <summary>
/// A table of a PostgreSQL database, by binary COPY in one transaction: a new table, or more rows of one that has these columns. Nobody sees a row before
/// all are there.
/// </summary>
internal sealed class PostgresTableWriter : ITableWriter
{
    private const int BufferBytes = 1 << 16;

    /// <summary>PostgreSQL counts times from 2000 on.</summary>
    private static readonly long Epoch = new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;

    private readonly PostgresAddress _address;
    private readonly IReadOnlyList<OutputColumn> _columns;
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction = null!;
    private readonly NpgsqlRawCopyStream _import = null!;
    private readonly Rows _rows = new();
    private bool _ended;

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
                return (transaction, _connection.BeginRawBinaryCopy($"COPY {table} ({names}) FROM STDIN (FORMAT BINARY)"));
            });
        }
        catch
        {
            _connection.Dispose();
            throw;
        }

        _rows.Add(PostgresCopy.Signature);
        // No flags, and no extension.
        _rows.Add(stackalloc byte[2 * sizeof(int)]);
    }

    public void Write(IReadOnlyList<Array> columns) => PostgresFailure.Guard(_address, () =>
    {
        for (int row = 0; row < columns[0].Length; row++)
        {
            _rows.Begin(columns.Count);
            for (int column = 0; column < columns.Count; column++)
                WriteCell(_columns[column].Type, columns[column], row);
            if (_rows.Written.Length >= BufferBytes)
                Send();
        }

        return true;
    });

    public void Commit() => PostgresFailure.Guard(_address, () =>
    {
        _rows.Begin(-1);
        Send();
        _ended = true;
        _import.Dispose();
        _transaction.Commit();
        return true;
    });

    public void Dispose()
    {
        try
        {
            // What did not come to its end is not kept.
            if (!_ended)
                _import.Cancel();
            _import.Dispose();
            _transaction.Dispose();
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException)
        {
            // The connection is gone, and with it the transaction.
        }

        _connection.Dispose();
    }

    private void Send()
    {
        _import.Write(_rows.Written);
        _rows.Clear();
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
                BinaryPrimitives.WriteInt32BigEndian(_rows.Cell(sizeof(int)), integers[row]);
                break;
            case long[] integers:
                BinaryPrimitives.WriteInt64BigEndian(_rows.Cell(sizeof(long)), integers[row]);
                break;
            case float[] numbers when !float.IsNaN(numbers[row]):
                BinaryPrimitives.WriteSingleBigEndian(_rows.Cell(sizeof(float)), numbers[row]);
                break;
            case double[] numbers when type == typeof(bool) && !double.IsNaN(numbers[row]):
                _rows.Cell(1)[0] = numbers[row] != 0 ? (byte)1 : (byte)0;
                break;
            case double[] numbers when type == typeof(DateTime) && !double.IsNaN(numbers[row]):
                // Microseconds, without what is behind them.
                long ticks = TimeText.Time(numbers[row]).UtcDateTime.Ticks - Epoch;
                BinaryPrimitives.WriteInt64BigEndian(_rows.Cell(sizeof(long)), ticks / TimeSpan.TicksPerMicrosecond);
                break;
            case double[] numbers when !double.IsNaN(numbers[row]):
                BinaryPrimitives.WriteDoubleBigEndian(_rows.Cell(sizeof(double)), numbers[row]);
                break;
            case string[] texts when !string.IsNullOrEmpty(texts[row]):
                Encoding.UTF8.GetBytes(texts[row], _rows.Cell(Encoding.UTF8.GetByteCount(texts[row])));
                break;
            default:
                _rows.Null();
                break;
        }
    }

    /// <summary>Rows in a buffer, as <see cref="PostgresCopy"/> says.</summary>
    private sealed class Rows
    {
        private byte[] _bytes = new byte[BufferBytes];
        private int _count;

        /// <summary>What is in it.</summary>
        public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _count);

        public void Clear() => _count = 0;

        public void Add(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

        /// <summary>Begins a row of so many cells; −1: there are no more rows.</summary>
        public void Begin(int cells) => BinaryPrimitives.WriteInt16BigEndian(Take(sizeof(short)), checked((short)cells));

        /// <summary>A cell of so many bytes, to be filled.</summary>
        public Span<byte> Cell(int length)
        {
            BinaryPrimitives.WriteInt32BigEndian(Take(sizeof(int)), length);
            return Take(length);
        }

        public void Null() => BinaryPrimitives.WriteInt32BigEndian(Take(sizeof(int)), -1);

        private Span<byte> Take(int length)
        {
            if (_bytes.Length - _count < length)
                Array.Resize(ref _bytes, Math.Max(_count + length, 2 * _bytes.Length));
            _count += length;
            return _bytes.AsSpan(_count - length, length);
        }
    }
}
