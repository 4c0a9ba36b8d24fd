using System.Globalization;
using System.Text.Json;

namespace OrleansCluster.Silo.Storage;

/// <summary>
/// Who owns a home and how it is reached: a file in the home, for people and for commands that want to join the owner. Believed only while the home is
/// locked.
/// </summary>
internal sealed record OwnerNote
{
    /// <summary>The program as its wire knows it: its version, and which build of what grains promise. Only equal ones talk to each other.</summary>
    public static string ThisProgram { get; } = Identify();

    public required int ProcessId { get; init; }

    public required DateTime Since { get; init; }

    /// <summary>Name of the owner's cluster of one, made anew by every owner: another process that answers at the gateway has another.</summary>
    public required string Cluster { get; init; }

    public required string Program { get; init; }

    /// <summary>Whether the owner means to stay for a while; others are gone in a moment.</summary>
    public required bool Stays { get; init; }

    /// <summary>Path of the socket at which the owner can be joined; empty while it cannot.</summary>
    public string Gateway { get; init; } = "";

    /// <summary>A note on this process.</summary>
    public static OwnerNote Mine(bool stays) => new()
    {
        ProcessId = Environment.ProcessId,
        Since = DateTime.UtcNow,
        Cluster = Guid.NewGuid().ToString("N"),
        Program = ThisProgram,
        Stays = stays,
    };

    /// <summary>For messages: <c>process 123 (since 2026-01-31 12:00:00 UTC)</c>.</summary>
    public string Describe() => string.Create(CultureInfo.InvariantCulture, $"process {ProcessId} (since {Since:yyyy-MM-dd HH:mm:ss} UTC)");

    /// <summary>The note as JSON that people can read.</summary>
    public byte[] Encode()
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteNumber("processId", ProcessId);
            json.WriteString("since", Since);
            json.WriteBoolean("stays", Stays);
            json.WriteString("program", Program);
            json.WriteString("cluster", Cluster);
            json.WriteString("gateway", Gateway);
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }

    /// <summary>Null when it is no whole note: the owner is just writing it, or it is of another version of the program.</summary>
    public static OwnerNote? Decode(byte[] bytes)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes);
            JsonElement note = document.RootElement;
            return new OwnerNote
            {
                ProcessId = note.GetProperty("processId").GetInt32(),
                Since = note.GetProperty("since").GetDateTime(),
                Stays = note.GetProperty("stays").GetBoolean(),
                Program = note.GetProperty("program").GetString() ?? "",
                Cluster = note.GetProperty("cluster").GetString() ?? "",
                Gateway = note.GetProperty("gateway").GetString() ?? "",
            };
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static string Identify()
    {
        System.Reflection.Assembly promises = typeof(ClusteringException).Assembly;
        return $"{promises.GetName().Version?.ToString(3)} build {promises.ManifestModule.ModuleVersionId.ToString("N")[..8]}";
    }
}
