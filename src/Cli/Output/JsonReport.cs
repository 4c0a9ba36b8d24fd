using System.Text.Encodings.Web;
using System.Text.Json;

namespace OrleansCluster.Cli.Output;

/// <summary>One JSON value on standard output, written whole at the end.</summary>
internal static class JsonReport
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the value to standard output.</summary>
    public static void Print(Action<Utf8JsonWriter> write)
    {
        byte[] text = Encode(write);
        using Stream output = Console.OpenStandardOutput();
        output.Write(text);
        output.Flush();
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

    /// <summary>A number; JSON has no word for what is not finite, so that becomes null.</summary>
    public static void WriteReal(this Utf8JsonWriter json, string name, double value)
    {
        json.WritePropertyName(name);
        json.WriteRealValue(value);
    }

    /// <inheritdoc cref="WriteReal"/>
    public static void WriteRealValue(this Utf8JsonWriter json, double value)
    {
        if (double.IsFinite(value))
            json.WriteNumberValue(value);
        else
            json.WriteNullValue();
    }

    /// <summary>A cluster's stable id, and its name where people gave it one.</summary>
    public static void WriteCluster(this Utf8JsonWriter json, int cluster, ClusterNames names)
    {
        json.WriteNumber("cluster", cluster);
        if (names.Of(cluster) is { Length: > 0 } name)
            json.WriteString("name", name);
    }

    /// <summary>Numbers; those that are not finite become null.</summary>
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
