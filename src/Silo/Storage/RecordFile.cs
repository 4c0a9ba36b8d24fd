using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansCluster.Datasets;

namespace OrleansCluster.Silo.Storage;

/// <summary>What a record's content is, by the number in its first line.</summary>
internal enum RecordFormat
{
    /// <summary>JSON: reminders, and state as earlier builds wrote it.</summary>
    Json = 1,

    /// <summary>The encoding of the wire (fields by number), in which clusters store state as well.</summary>
    Wire = 2,
}

/// <summary>A record as it is in its file.</summary>
/// <param name="ETag">Its etag.</param>
/// <param name="Format">What its content is.</param>
/// <param name="Content">Its content, whole.</param>
internal readonly record struct StoredRecord(string ETag, RecordFormat Format, ReadOnlyMemory<byte> Content);

/// <summary>
/// A small record in a file: one line <c>OC-RECORD format checksum etag</c>, then its content. The checksum (SHA-256) covers etag and content.
/// The file is seen whole or not at all.
/// </summary>
internal static class RecordFile
{
    private const string Magic = "OC-RECORD";

    private static readonly JsonSerializerOptions Plain = Options();

    /// <summary>How JSON records are read and written, with converters of their own.</summary>
    public static JsonSerializerOptions Options(params ReadOnlySpan<JsonConverter> converters)
    {
        var options = new JsonSerializerOptions
        {
            WriteIndented = true,
            NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
            Converters = { new JsonStringEnumConverter() },
        };
        foreach (JsonConverter converter in converters)
            options.Converters.Add(converter);
        return options;
    }

    /// <summary>Writes a record whole.</summary>
    public static void Write(string path, StoredRecord record)
    {
        byte[] header = Encoding.ASCII.GetBytes($"{Magic} {record.Format:D} {Checksum(record.ETag, record.Content.Span)} {record.ETag}\n");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        AtomicFile.Write(path, [.. header, .. record.Content.Span]);
    }

    /// <summary>Writes a record of JSON.</summary>
    public static void WriteJson<T>(string path, string etag, T record) =>
        Write(path, new StoredRecord(etag, RecordFormat.Json, JsonSerializer.SerializeToUtf8Bytes(record, Plain)));

    /// <summary>A record of JSON and its etag; null when there is no such file.</summary>
    /// <inheritdoc cref="Read"/>
    public static (string ETag, T Record)? ReadJson<T>(string path) =>
        Read(path) is { } stored ? (stored.ETag, Decode(path, () => JsonSerializer.Deserialize<T>(stored.Content.Span, Plain))) : null;

    /// <summary>The record; null when there is no such file.</summary>
    /// <exception cref="ClusteringException">The file is damaged or of a newer program; the message names it.</exception>
    public static StoredRecord? Read(string path)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ClusteringException($"{path} cannot be read: {e.Message}", e);
        }

        int end = Array.IndexOf(bytes, (byte)'\n');
        string[] header = end < 0 ? [] : Encoding.ASCII.GetString(bytes, 0, end).Split(' ');
        if (header.Length != 4 || header[0] != Magic)
            throw Damaged(path, "its first line is not a record's");
        if (header[1] is not ("1" or "2"))
            throw new ClusteringException($"{path} has format {header[1]}, this program reads formats 1 and 2: use a newer one.");
        ReadOnlyMemory<byte> content = bytes.AsMemory(end + 1);
        if (Checksum(header[3], content.Span) != header[2])
            throw Damaged(path, "its checksum does not match its content");
        return new StoredRecord(header[3], header[1] == "1" ? RecordFormat.Json : RecordFormat.Wire, content);
    }

    /// <summary>What a content says.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="decode">Reads it.</param>
    /// <exception cref="ClusteringException">It cannot be read.</exception>
    public static T Decode<T>(string path, Func<T?> decode)
    {
        try
        {
            return decode() ?? throw Damaged(path, "it is empty");
        }
        catch (Exception e) when (e is JsonException or Orleans.Serialization.SerializerException)
        {
            throw Damaged(path, e.Message);
        }
    }

    private static ClusteringException Damaged(string path, string why) =>
        new($"The state file {path} is damaged: {why}. Restore it from a copy; without one, what it describes is lost.");

    private static string Checksum(string etag, ReadOnlySpan<byte> content)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.ASCII.GetBytes(etag));
        hash.AppendData("\n"u8);
        hash.AppendData(content);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
