using System.Buffers;
using System.Globalization;
using System.Text;

namespace OrleansCluster.Datasets;

/// <summary>Comma-separated text with a header. Numbers are in their shortest form that reads back exactly.</summary>
internal sealed class CsvTableWriter : ITableWriter
{
    private const int FlushAt = 1 << 20, LongestNumber = 40;

    private readonly IByteSink _file;
    private readonly Type[] _types;
    private readonly ArrayBufferWriter<byte> _buffer = new(FlushAt + 4096);

    public CsvTableWriter(IByteSink file, IReadOnlyList<OutputColumn> columns)
    {
        (_file, _types) = (file, [.. columns.Select(column => column.Type)]);
        for (int column = 0; column < columns.Count; column++)
        {
            Separate(column);
            WriteText(columns[column].Name);
        }

        _buffer.Write("\n"u8);
    }

    public void Write(IReadOnlyList<Array> columns)
    {
        for (int row = 0; row < columns[0].Length; row++)
        {
            for (int column = 0; column < columns.Count; column++)
            {
                Separate(column);
                switch (columns[column])
                {
                    case int[] integers:
                        WriteNumber(integers[row]);
                        break;
                    case long[] integers:
                        WriteNumber(integers[row]);
                        break;
                    case float[] numbers when float.IsNaN(numbers[row]):
                    case double[] missing when double.IsNaN(missing[row]):
                        break;
                    case float[] numbers:
                        WriteNumber(numbers[row]);
                        break;
                    case double[] numbers when _types[column] == typeof(bool):
                        _buffer.Write(numbers[row] == 0 ? "false"u8 : "true"u8);
                        break;
                    case double[] numbers when _types[column] == typeof(DateTime):
                        WriteText(TimeText.Write(numbers[row]));
                        break;
                    case double[] numbers:
                        WriteNumber(numbers[row]);
                        break;
                    default:
                        WriteText(((string[])columns[column])[row]);
                        break;
                }
            }

            _buffer.Write("\n"u8);
            if (_buffer.WrittenCount >= FlushAt)
                Flush();
        }
    }

    public void Commit()
    {
        Flush();
        _file.Commit();
    }

    public void Dispose() => _file.Dispose();

    private void Separate(int column)
    {
        if (column > 0)
            _buffer.Write(","u8);
    }

    private void WriteNumber<T>(T value)
        where T : IUtf8SpanFormattable
    {
        value.TryFormat(_buffer.GetSpan(LongestNumber), out int written, default, CultureInfo.InvariantCulture);
        _buffer.Advance(written);
    }

    private void WriteText(string text) => Encoding.UTF8.GetBytes(CsvCell.Of(text), _buffer);

    private void Flush()
    {
        _file.Write(_buffer.WrittenSpan);
        _buffer.ResetWrittenCount();
    }
}
