using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OrleansCluster.Cli.Output;

/// <summary>
/// JSON values that come before what stands above them in a report is known: they wait in a temporary file, which goes with the process, and not in memory.
/// </summary>
internal sealed class JsonSpool : IDisposable
{
    private readonly FileStream _file = Open();
    private readonly ArrayBufferWriter<byte> _value = new();
    private readonly Utf8JsonWriter _json;
    private readonly BinaryWriter _writer;
    private long _count;

    public JsonSpool()
    {
        _json = new Utf8JsonWriter(_value, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        _writer = new BinaryWriter(_file);
    }

    /// <summary>Adds one value.</summary>
    /// <exception cref="IOException">The temporary folder is full or fails.</exception>
    public void Add(Action<Utf8JsonWriter> write)
    {
        _value.ResetWrittenCount();
        // Each on a line of its own, as the report sets an array of objects in.
        _value.Write("\n    "u8);
        _json.Reset();
        write(_json);
        _json.Flush();
        _writer.Write7BitEncodedInt(_value.WrittenCount);
        _writer.Write(_value.WrittenSpan);
        _count++;
    }

    /// <summary>Writes all values, one on each line, into an array that is open.</summary>
    public void CopyTo(Utf8JsonWriter json)
    {
        _writer.Flush();
        _file.Position = 0;
        using var reader = new BinaryReader(_file, System.Text.Encoding.UTF8, leaveOpen: true);
        for (long i = 0; i < _count; i++)
        {
            json.WriteRawValue(reader.ReadBytes(reader.Read7BitEncodedInt()), skipInputValidation: true);
            json.Relieve();
        }
    }

    public void Dispose()
    {
        _json.Dispose();
        _writer.Dispose();
    }

    private static FileStream Open()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, 1 << 16, FileOptions.DeleteOnClose);
        // Where an open file may lose its name it does at once, so that not even a killed process leaves it behind.
        if (!OperatingSystem.IsWindows())
            File.Delete(path);
        return file;
    }
}
