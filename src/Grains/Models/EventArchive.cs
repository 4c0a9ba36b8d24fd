using System.Collections.Immutable;
using System.Text.Json;

namespace OrleansCluster.Models;

/// <summary>Older events of an audit trail as a blob: JSON with a format version. Each names the blob with the events before its own.</summary>
internal static class EventArchive
{
    private const int Format = 1;

    /// <param name="tenant">Whose model it is: no two models share such a blob.</param>
    /// <param name="name">The model.</param>
    /// <param name="events">Oldest first.</param>
    /// <param name="before">Content hash of the blob with the events before these; empty: there are none.</param>
    public static byte[] Encode(string tenant, string name, ImmutableArray<ModelEvent> events, string before) =>
        JsonSerializer.SerializeToUtf8Bytes(new Envelope(Format, tenant, name, before, events));

    /// <exception cref="ClusteringException">The bytes are no such events, or those of a newer program.</exception>
    public static (ImmutableArray<ModelEvent> Events, string Before) Decode(byte[] bytes)
    {
        try
        {
            Envelope? envelope = JsonSerializer.Deserialize<Envelope>(bytes);
            return envelope is { Format: Format }
                ? (envelope.Events, envelope.Before)
                : throw new ClusteringException($"The audit trail has format {envelope?.Format}, this program reads {Format}: use a newer one.");
        }
        catch (JsonException e)
        {
            throw new ClusteringException($"The audit trail cannot be read: {e.Message}");
        }
    }

    private sealed record Envelope(int Format, string Tenant, string Model, string Before, ImmutableArray<ModelEvent> Events);
}
