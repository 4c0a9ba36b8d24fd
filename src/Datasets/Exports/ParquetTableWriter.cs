using Parquet;
using Parquet.Schema;

namespace OrleansCluster.Datasets;

/// <summary>Parquet, 128 Ki rows a row group.</summary>
internal sealed class ParquetTableWriter : ITableWriter
{
    private readonly AtomicFile _file;
    private readonly DataField[] _fields;
    private readonly RowBuffer _rows;
    private readonly ParquetWriter _writer;

    public ParquetTableWriter(string path, IReadOnlyList<OutputColumn> columns)
    {
        _rows = new RowBuffer(columns);
        _fields =
        [
            .. columns.Select(DataField (column) => column.Type == typeof(int) ? new DataField<int>(column.Name)
                : column.Type == typeof(long) ? new DataField<long>(column.Name)
                : column.Type == typeof(double) ? new DataField<double?>(column.Name)
                : new DataField<string>(column.Name, nullable: true)),
        ];
        _file = AtomicFile.Create(path);
        _writer = ParquetWriter.CreateAsync(new ParquetSchema(_fields), new AtomicStream(_file)).GetAwaiter().GetResult();
    }

    public void Write(IReadOnlyList<Array> columns)
    {
        _rows.Add(columns);
        if (_rows.IsFull)
            WriteGroup();
    }

    public void Commit()
    {
        if (_rows.Rows > 0)
            WriteGroup();
        _writer.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _file.Commit();
    }

    public void Dispose() => _file.Dispose();

    private void WriteGroup()
    {
        using ParquetRowGroupWriter group = _writer.CreateRowGroup();
        for (int i = 0; i < _fields.Length; i++)
            WriteAsync(group, i).GetAwaiter().GetResult();
        _rows.Clear();
    }

    private Task WriteAsync(ParquetRowGroupWriter group, int column)
    {
        DataField field = _fields[column];
        return field.ClrType == typeof(int) ? group.WriteAsync<int>(field, _rows.Column<int>(column).ToArray())
            : field.ClrType == typeof(long) ? group.WriteAsync<long>(field, _rows.Column<long>(column).ToArray())
            : field.ClrType == typeof(double) ? group.WriteAsync<double>(field,
                (ReadOnlyMemory<double?>)_rows.Column<double>(column).Select(value => double.IsNaN(value) ? (double?)null : value).ToArray())
            : group.WriteAsync(field, [.. _rows.Column<string>(column).Select(text => text.Length == 0 ? null! : text)]);
    }
}
