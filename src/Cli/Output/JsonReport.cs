using System.Text.Encodings.Web;
using System.Text.Json;
using OrleansCluster.Contracts;

namespace OrleansCluster.Cli.Output;

/// <summary>One JSON value on standard output, written at the end, when all that it tells is known.</summary>
internal static class JsonReport
{
    /// <summary>Bytes of a value that are kept before they are written.</summary>
    private const int Long = 1 << 16;

    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Where values go: to standard output, unless a test listens.</summary>
    public static Func<Stream> OpenOutput { get; set; } = Console.OpenStandardOutput;

    /// <summary>Writes the value to standard output.</summary>
    public static void Print(Action<Utf8JsonWriter> write)
    {
        using Stream output = OpenOutput();
        // Not disposed when it fails: that would write the half of a value.
        var json = new Utf8JsonWriter(output, Options);
        write(json);
        json.Flush();
        output.WriteByte((byte)'\n');
        output.Flush();
    }

    /// <summary>Lets a value that is told row by row out when much of it is written, so that it is never held whole.</summary>
    public static void Relieve(this Utf8JsonWriter json)
    {
        if (json.BytesPending >= Long)
            json.Flush();
    }

    /// <summary>The value as UTF-8, ended by a new line.</summary>
    public static byte[] Encode(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Options))
            write(writer);
        buffer.WriteByte((byte)'\n');
        return buffer.ToArray();
    }

    /// <summary>A cluster's stable id, and its name where people gave it one.</summary>
    public static void WriteCluster(this Utf8JsonWriter json, int cluster, ClusterNames names)
    {
        json.WriteNumber("cluster", cluster);
        if (names.Of(cluster) is { Length: > 0 } name)
            json.WriteString("name", name);
    }

    /// <summary>Numbers, each as by <see cref="JsonReals.WriteReal"/>.</summary>
    public static void WriteReals(this Utf8JsonWriter json, string name, IEnumerable<double> values)
    {
        json.WriteStartArray(name);
        foreach (double value in values)
            json.WriteRealValue(value);
        json.WriteEndArray();
    }

    public static void WriteStrings(this Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
