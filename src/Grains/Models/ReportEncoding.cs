using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansCluster.Training;

namespace OrleansCluster.Models;

/// <summary>A training report as a blob: JSON with a format version, so that people can read a model's lineage without this program.</summary>
internal static class ReportEncoding
{
    private const int Format = 1;

    private static readonly JsonSerializerOptions Options = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public static byte[] Encode(TrainingReport report) => JsonSerializer.SerializeToUtf8Bytes(new Envelope(Format, report), Options);

    /// <exception cref="ClusteringException">The bytes are no report, or one of a newer program.</exception>
    public static TrainingReport Decode(byte[] bytes)
    {
        try
        {
            Envelope? envelope = JsonSerializer.Deserialize<Envelope>(bytes, Options);
            return envelope is { Format: Format }
                ? envelope.Report
                : throw new ClusteringException($"The training report has format {envelope?.Format}, this program reads {Format}: use a newer one.");
        }
        catch (JsonException e)
        {
            throw new ClusteringException($"The training report cannot be read: {e.Message}");
        }
    }

    private sealed record Envelope(int Format, TrainingReport Report);
}
