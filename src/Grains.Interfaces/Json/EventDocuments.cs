using OrleansCluster.Contracts;
using OrleansCluster.Models;

namespace OrleansCluster.Json;

/// <summary>Events of an audit trail as documents, which are kept and which the service tells.</summary>
public static class EventDocuments
{
    /// <summary>An event with all that it tells.</summary>
    public static EventDocument Of(ModelEvent happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        return new EventDocument
        {
            Revision = happened.Revision,
            At = happened.At,
            By = happened.By,
            Kind = happened.Kind,
            Version = happened.Version,
            Before = happened.Before,
            Subject = happened.Subject,
            Detail = happened.Detail,
            Reason = happened.Reason,
            Change = happened.Change,
        };
    }
}
