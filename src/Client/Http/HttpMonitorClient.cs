using System.Collections.Immutable;
using OrleansCluster.Contracts.Api;
using OrleansCluster.Json;
using OrleansCluster.Monitoring;

namespace OrleansCluster.Client.Http;

/// <summary>Windows of observed rows, over HTTP.</summary>
internal sealed class HttpMonitorClient(ServiceConnection service) : IMonitorClient
{
    public Task<Observation> ObserveAsync(string model, ObserveQuery query, CancellationToken cancellation = default) => throw NotHere();

    public Task<ObservedWindow> KeepAsync(string model, string window, Observation observation, CancellationToken cancellation = default) => throw NotHere();

    public Task<ImmutableArray<ObservedWindow>> WindowsAsync(string model, CancellationToken cancellation = default) =>
        service.AskAsync<ImmutableArray<ObservedWindow>>(HttpMethod.Get, Requests.Path("models", "model", model) + "/windows", cancellation);

    public Task<ImmutableArray<SegmentCheck>> TellAsync(string model, SegmentCheck check, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(check);
        // One name for all attempts: what was carried out, and whose answer was lost, is not kept again.
        SegmentCheck named = check.Id.Length > 0 ? check : check with { Id = Guid.NewGuid().ToString("n") };
        return service.AskAsync<ImmutableArray<SegmentCheck>>(
            HttpMethod.Post, Segments(model), cancellation, Requests.Json(SegmentDocuments.Of(named), ApiJson.Default.SegmentCheckDocument));
    }

    public Task<ImmutableArray<SegmentCheck>> ChecksAsync(string model, CancellationToken cancellation = default) =>
        service.AskAsync<ImmutableArray<SegmentCheck>>(HttpMethod.Get, Segments(model), cancellation);

    public Task<DriftReport> CompareAsync(string model, DriftQuery query, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (!query.Counts.IsEmpty || query.Thresholds != new DriftThresholds())
            throw new ClusteringException("Over this connection windows are compared, by the usual thresholds: name one.");
        string asked = Requests.Query(
            ("version", query.Version == 0 ? null : query.Version), ("window", query.Window.Length == 0 ? null : query.Window),
            ("against", query.Against.Length == 0 ? null : query.Against));
        return service.AskAsync<DriftReport>(HttpMethod.Get, Requests.Path("models", "model", model) + "/drift" + asked, cancellation);
    }

    private static string Segments(string model) => Requests.Path("models", "model", model) + "/segments";

    private static ClusteringException NotHere() =>
        new("Rows cannot be observed over this connection: observe them where the cluster is, with 'monitor observe'.");
}
