using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OrleansCluster.Datasets;

/// <summary>JSON lines: an object a row, with null where a value is missing, and a text for what is not finite.</summary>
internal sealed class JsonLinesWriter : ITableWriter
{
    private const int FlushAt = 1 << 20;

    private readonly AtomicFile _file;
    private readonly JsonEncodedText[] _names;
    private readonly ArrayBufferWriter<byte> _buffer = new(FlushAt + 4096);
    private readonly Utf8JsonWriter _json;

    public JsonLinesWriter(string path, IReadOnlyList<OutputColumn> columns)
    {
        _file = AtomicFile.Create(path);
        _names = [.. columns.Select(column => JsonEncodedText.Encode(column.Name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping))];
        _json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    public void Write(IReadOnlyList<Array> columns)
    {
        for (int row = 0; row < columns[0].Length; row++)
        {
            _json.WriteStartObject();
            for (int column = 0; column < columns.Count; column++)
                Write(_names[column], columns[column], row);
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

    private void Write(JsonEncodedText name, Array column, int row)
    {
        switch (column)
        {
            case int[] integers:
                _json.WriteNumber(name, integers[row]);
                break;
            case long[] integers:
                _json.WriteNumber(name, integers[row]);
                break;
            case double[] numbers when double.IsNaN(numbers[row]):
                _json.WriteNull(name);
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
