using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OrleansCluster.Datasets;

/// <summary>JSON lines: an object a row, with null where a value is missing, and a text for what is not finite.</summary>
internal sealed class JsonLinesWriter : ITableWriter
{
    private const int FlushAt = 1 << 20;

    private readonly IByteSink _file;
    private readonly Type[] _types;
    private readonly JsonEncodedText[] _names;
    private readonly ArrayBufferWriter<byte> _buffer = new(FlushAt + 4096);
    private readonly Utf8JsonWriter _json;

    public JsonLinesWriter(IByteSink file, IReadOnlyList<OutputColumn> columns)
    {
        (_file, _types) = (file, [.. columns.Select(column => column.Type)]);
        _names = [.. columns.Select(column => JsonEncodedText.Encode(column.Name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping))];
        _json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    public void Write(IReadOnlyList<Array> columns)
    {
        for (int row = 0; row < columns[0].Length; row++)
        {
            _json.WriteStartObject();
            for (int column = 0; column < columns.Count; column++)
                Write(column, columns[column], row);
            _json.WriteEndObject();
            _json.Flush();
            _json.Reset();
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

    public void Dispose()
    {
        _json.Dispose();
        _file.Dispose();
    }

    private void Write(int place, Array column, int row)
    {
        JsonEncodedText name = _names[place];
        switch (column)
        {
            case int[] integers:
                _json.WriteNumber(name, integers[row]);
                break;
            case long[] integers:
                _json.WriteNumber(name, integers[row]);
                break;
            case float[] numbers when float.IsNaN(numbers[row]):
            case double[] missing when double.IsNaN(missing[row]):
                _json.WriteNull(name);
                break;
            case double[] numbers when _types[place] == typeof(bool):
                _json.WriteBoolean(name, numbers[row] != 0);
                break;
            case double[] numbers when _types[place] == typeof(DateTime):
                _json.WriteString(name, TimeText.Write(numbers[row]));
                break;
            case float[] numbers when float.IsFinite(numbers[row]):
                _json.WriteNumber(name, numbers[row]);
                break;
            case float[] numbers:
                _json.WriteString(name, numbers[row] > 0 ? "Infinity" : "-Infinity");
                break;
            case double[] numbers when double.IsInfinity(numbers[row]):
                // As everywhere in JSON here: it has no number for it.
                _json.WriteString(name, numbers[row] > 0 ? "Infinity" : "-Infinity");
                break;
            case double[] numbers:
                _json.WriteNumber(name, numbers[row]);
                break;
            case string[] texts when texts[row].Length == 0:
                _json.WriteNull(name);
                break;
            default:
                _json.WriteString(name, ((string[])column)[row]);
                break;
        }
    }

    private void Flush()
    {
        _file.Write(_buffer.WrittenSpan);
        _buffer.ResetWrittenCount();
    }
}
