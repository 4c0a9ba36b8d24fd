using OrleansCluster.Contracts.Api;
using OrleansCluster.Monitoring;

namespace OrleansCluster.Json;

/// <summary>Windows as JSON.</summary>
public static class WindowDocuments
{
    /// <summary>Windows of a model, in their order.</summary>
    public static WindowsDocument Of(string model, IEnumerable<ObservedWindow> windows) => new()
    {
        Model = model,
        Windows = [.. windows.Select(one => new WindowDocument
        {
            Name = one.Name,
            Version = one.Version,
            Rows = one.Rows,
            Since = one.Since,
            Until = one.Until,
            IsServed = one.IsServed,
            Far = one.Far,
            Bytes = one.Bytes,
        })],
    };
}
