using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;

namespace OrleansCluster.Datasets;

/// <summary>Arrow's file format (Feather version 2), 128 Ki rows a record batch.</summary>
internal sealed class ArrowTableWriter : ITableWriter
{
    private readonly IByteSink _file;
    private readonly Schema _schema;
    private readonly RowBuffer _rows;
    private readonly ArrowFileWriter _writer;

    public ArrowTableWriter(IByteSink file, IReadOnlyList<OutputColumn> columns)
    {
        _rows = new RowBuffer(columns);
        _schema = new Schema(columns.Select(column => new Field(column.Name, column.Type == typeof(int) ? Int32Type.Default
            : column.Type == typeof(long) ? Int64Type.Default
            : column.Type == typeof(float) ? FloatType.Default
            : column.Type == typeof(double) ? DoubleType.Default
            : column.Type == typeof(bool) ? BooleanType.Default
            : column.Type == typeof(DateTime) ? new TimestampType(TimeUnit.Microsecond, "UTC")
            : StringType.Default, nullable: column.Type != typeof(int) && column.Type != typeof(long))), null);
        _file = file;
        _writer = new ArrowFileWriter(new SinkStream(_file), _schema, leaveOpen: true);
        _writer.WriteStart();
    }

    public void Write(IReadOnlyList<System.Array> columns)
    {
        _rows.Add(columns);
        if (_rows.IsFull)
            WriteBatch();
    }

    public void Commit()
    {
        if (_rows.Rows > 0)
            WriteBatch();
        _writer.WriteEnd();
        _file.Commit();
    }

    public void Dispose()
    {
        _writer.Dispose();
        _file.Dispose();
    }

    private void WriteBatch()
    {
        using var batch = new RecordBatch(_schema, _schema.FieldsList.Select((field, column) => Build(field.DataType, column)), _rows.Rows);
        _writer.WriteRecordBatch(batch);
        _rows.Clear();
    }

    private IArrowArray Build(IArrowType type, int column)
    {
        switch (type)
        {
            case Int32Type:
                return new Int32Array.Builder().AppendRange(_rows.Column<int>(column)).Build();
            case Int64Type:
                return new Int64Array.Builder().AppendRange(_rows.Column<long>(column)).Build();
            case FloatType:
                var floats = new FloatArray.Builder();
                foreach (float value in _rows.Column<float>(column))
                    _ = float.IsNaN(value) ? floats.AppendNull() : floats.Append(value);
                return floats.Build();
            case BooleanType:
                var booleans = new BooleanArray.Builder();
                foreach (double value in _rows.Column<double>(column))
                    _ = double.IsNaN(value) ? booleans.AppendNull() : booleans.Append(value != 0);
                return booleans.Build();
            case TimestampType time:
                var times = new TimestampArray.Builder(time);
                foreach (double value in _rows.Column<double>(column))
                    _ = double.IsNaN(value) ? times.AppendNull() : times.Append(TimeText.Time(value));
                return times.Build();
            case DoubleType:
                var numbers = new DoubleArray.Builder();
                foreach (double value in _rows.Column<double>(column))
                    _ = double.IsNaN(value) ? numbers.AppendNull() : numbers.Append(value);
                return numbers.Build();
            default:
                var texts = new StringArray.Builder();
                foreach (string text in _rows.Column<string>(column))
                    _ = text.Length == 0 ? texts.AppendNull() : texts.Append(text);
                return texts.Build();
        }
    }
}
