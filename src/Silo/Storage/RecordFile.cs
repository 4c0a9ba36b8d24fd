using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansCluster.Datasets;

namespace OrleansCluster.Silo.Storage;

/// <summary>
/// A small record in a file: one line <c>OC-RECORD format checksum etag</c>, then JSON that people can read. The checksum (SHA-256) covers etag and JSON.
/// The file is seen whole or not at all.
/// </summary>
internal static class RecordFile
{
    private const string Magic = "OC-RECORD";
    private const string Format = "1";

    private static readonly JsonSerializerOptions Plain = Options();

    /// <summary>How records are written, with converters of their own.</summary>
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

    public static void Write<T>(string path, string etag, T record, JsonSerializerOptions? options = null)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(record, options ?? Plain);
        byte[] header = Encoding.ASCII.GetBytes($"{Magic} {Format} {Checksum(etag, json)} {etag}\n");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        AtomicFile.Write(path, [.. header, .. json]);
    }

    /// <summary>The record and its etag; null when there is no such file.</summary>
    /// <exception cref="ClusteringException">The file is damaged or of a newer program; the message names it.</exception>
    public static (string ETag, T Record)? Read<T>(string path, JsonSerializerOptions? options = null)
    {
        if (ReadParts(path) is not { } parts)
            return null;
        try
        {
            return (parts.ETag, JsonSerializer.Deserialize<T>(parts.Json.Span, options ?? Plain) ?? throw Damaged(path, "it is empty"));
        }
        catch (JsonException e)
        {
            throw Damaged(path, e.Message);
        }
    }

    /// <summary>The etag alone, of a file that is whole; null when there is no such file.</summary>
    public static string? ReadETag(string path) => ReadParts(path)?.ETag;

    private static (string ETag, ReadOnlyMemory<byte> Json)? ReadParts(string path)
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
        if (header[1] != Format)
            throw new ClusteringException($"{path} has format {header[1]}, this program reads {Format}: use a newer one.");
        ReadOnlyMemory<byte> json = bytes.AsMemory(end + 1);
        if (Checksum(header[3], json.Span) != header[2])
            throw Damaged(path, "its checksum does not match its content");
        return (header[3], json);
    }

    private static ClusteringException Damaged(string path, string why) =>
        new($"The state file {path} is damaged: {why}. Restore it from a copy; without one, what it describes is lost.");

    private static string Checksum(string etag, ReadOnlySpan<byte> json)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.ASCII.GetBytes(etag));
        hash.AppendData("\n"u8);
        hash.AppendData(json);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
