using System.Collections.Immutable;
using System.Text.Json;
using OrleansCluster.Contracts;
using OrleansCluster.Models;

namespace OrleansCluster.Json;

/// <summary>Older events of an audit trail as a blob: JSON with a format version. Each names the blob with the events before its own.</summary>
internal static class AuditEncoding
{
    /// <param name="tenant">Whose model it is: no two models share such a blob.</param>
    /// <param name="name">The model.</param>
    /// <param name="events">Oldest first.</param>
    /// <param name="before">Content hash of the blob with the events before these; empty: there are none.</param>
    public static byte[] Encode(string tenant, string name, ImmutableArray<ModelEvent> events, string before) => JsonSerializer.SerializeToUtf8Bytes(
        new AuditFile { Tenant = tenant, Model = name, Before = before, Events = [.. events.Select(EventDocuments.Of)] }, ContractJson.Default.AuditFile);

    /// <exception cref="ClusteringException">The bytes are no such events, or those of a newer program.</exception>
    public static (ImmutableArray<ModelEvent> Events, string Before) Decode(byte[] bytes) =>
        Documents.Read(bytes, "audit trail", AuditFile.Format, ContractJson.Default.AuditFile,
            file => (file.Events.Select(Read).ToImmutableArray(), file.Before));

    private static ModelEvent Read(EventDocument e) => new()
    {
        Revision = e.Revision,
        At = e.At,
        By = e.By,
        Kind = e.Kind,
        Version = e.Version,
        Before = e.Before,
        Subject = e.Subject,
        Detail = e.Detail,
        Reason = e.Reason,
        Change = e.Change,
    };
}
