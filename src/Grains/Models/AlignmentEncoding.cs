using System.Text.Json;
using OrleansCluster.Numerics.Alignment;

namespace OrleansCluster.Models;

/// <summary>An alignment as a blob: JSON with a format version. It names its model, version and job, so that no other version can have the same blob.</summary>
internal static class AlignmentEncoding
{
    private const int Format = 1;

    public static byte[] Encode(string tenant, string model, int version, int parent, string job, AlignmentResult result) =>
        JsonSerializer.SerializeToUtf8Bytes(new Envelope(Format, tenant, model, version, parent, job, result));

    /// <exception cref="ClusteringException">The bytes are no alignment, or one of a newer program.</exception>
    public static AlignmentResult Decode(byte[] bytes)
    {
        try
        {
            Envelope? envelope = JsonSerializer.Deserialize<Envelope>(bytes);
            return envelope is { Format: Format }
                ? envelope.Result
                : throw new ClusteringException($"The alignment has format {envelope?.Format}, this program reads {Format}: use a newer one.");
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new ClusteringException($"The alignment cannot be read: {e.Message}");
        }
    }

    private sealed record Envelope(int Format, string Tenant, string Model, int Version, int Parent, string Job, AlignmentResult Result);
}
