using Parquet;
using Parquet.Schema;

namespace OrleansCluster.Datasets;

/// <summary>Parquet, 128 Ki rows a row group.</summary>
internal sealed class ParquetTableWriter : ITableWriter
{
    private readonly IByteSink _file;
    private readonly DataField[] _fields;
    private readonly RowBuffer _rows;
    private readonly ParquetWriter _writer;

    public ParquetTableWriter(IByteSink file, IReadOnlyList<OutputColumn> columns)
    {
        _rows = new RowBuffer(columns);
        _fields =
        [
            .. columns.Select(DataField (column) => column.Type == typeof(int) ? new DataField<int>(column.Name)
                : column.Type == typeof(long) ? new DataField<long>(column.Name)
                : column.Type == typeof(float) ? new DataField<float?>(column.Name)
                : column.Type == typeof(double) ? new DataField<double?>(column.Name)
                : column.Type == typeof(bool) ? new DataField<bool?>(column.Name)
                : column.Type == typeof(DateTime)
                    ? new DateTimeDataField(column.Name, DateTimeFormat.Timestamp, isAdjustedToUTC: true, unit: DateTimeTimeUnit.Micros, isNullable: true)
                : new DataField<string>(column.Name, nullable: true)),
        ];
        _file = file;
        _writer = ParquetWriter.CreateAsync(new ParquetSchema(_fields), new SinkStream(_file)).GetAwaiter().GetResult();
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
            : field.ClrType == typeof(float) ? group.WriteAsync<float>(field,
                (ReadOnlyMemory<float?>)_rows.Column<float>(column).Select(value => float.IsNaN(value) ? (float?)null : value).ToArray())
            : field.ClrType == typeof(bool) ? group.WriteAsync<bool>(field,
                (ReadOnlyMemory<bool?>)_rows.Column<double>(column).Select(value => double.IsNaN(value) ? (bool?)null : value != 0).ToArray())
            : field.ClrType == typeof(DateTime) ? group.WriteAsync<DateTime>(field, (ReadOnlyMemory<DateTime?>)_rows.Column<double>(column)
                .Select(value => double.IsNaN(value) ? (DateTime?)null : TimeText.Time(value).UtcDateTime).ToArray())
            : field.ClrType == typeof(double) ? group.WriteAsync<double>(field,
                (ReadOnlyMemory<double?>)_rows.Column<double>(column).Select(value => double.IsNaN(value) ? (double?)null : value).ToArray())
            : group.WriteAsync(field, [.. _rows.Column<string>(column).Select(text => text.Length == 0 ? null! : text)]);
    }
}
