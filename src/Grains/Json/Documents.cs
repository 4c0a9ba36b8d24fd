using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using OrleansCluster.Contracts;

namespace OrleansCluster.Json;

/// <summary>Reads documents that blobs hold, of this build's format and of earlier ones.</summary>
internal static class Documents
{
    /// <summary>What a document says.</summary>
    /// <param name="bytes">JSON.</param>
    /// <param name="what">What messages call it: <c>alignment</c>.</param>
    /// <param name="newest">The newest format that this build reads.</param>
    /// <param name="type">How the document is read.</param>
    /// <param name="read">What it says.</param>
    /// <param name="earlier">What version 0.1.0 wrote, whose names were translated already, as it would be written now; null: only the names differ.</param>
    /// <exception cref="ClusteringException">The bytes are no such document, or one of a newer program.</exception>
    public static T Read<TFile, T>(byte[] bytes, string what, int newest, JsonTypeInfo<TFile> type, Func<TFile, T> read, Action<JsonObject>? earlier = null)
        where TFile : class, IVersionedFile
    {
        try
        {
            JsonObject json = JsonNode.Parse(bytes)?.AsObject() ?? throw new JsonException("It is empty.");
            if (json.ContainsKey("Format"))
            {
                json = (JsonObject)EarlierNames.Translate(json)!;
                earlier?.Invoke(json);
            }

            TFile file = json.Deserialize(type)!;
            return file.FormatVersion > 0 && file.FormatVersion <= newest
                ? read(file)
                : throw new ClusteringException($"The {what} has format {file.FormatVersion}, this program reads up to {newest}: use a newer one.");
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException or FormatException)
        {
            throw new ClusteringException($"The {what} cannot be read: {e.Message}");
        }
    }
}
