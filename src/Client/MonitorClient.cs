using System.Collections.Immutable;
using OrleansCluster.Monitoring;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Client;

/// <inheritdoc/>
internal sealed class MonitorClient(IGrainFactory grains, string tenant, Func<string> newId, RefusalOptions refusals) : IMonitorClient
{
    public Task<Observation> ObserveAsync(string model, ObserveQuery query, CancellationToken cancellation = default) =>
        Calls.Ask(() => Of<IObserverGrain>(model).Observe(query, cancellation), cancellation, refusals);

    public Task<ObservedWindow> KeepAsync(string model, string window, Observation observation, CancellationToken cancellation = default)
    {
        // One name for all attempts: what was carried out, and whose answer was lost, is not added again.
        var part = new WindowPart { Id = newId(), Window = window, Observation = observation };
        return Calls.Ask(() => Of<IMonitorGrain>(model).Keep(part, cancellation), cancellation);
    }

    public Task<ImmutableArray<ObservedWindow>> WindowsAsync(string model, CancellationToken cancellation = default) =>
        Calls.Ask(() => Of<IMonitorGrain>(model).Windows(cancellation), cancellation);

    public Task<ImmutableArray<SegmentCheck>> TellAsync(string model, SegmentCheck check, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(check);
        SegmentCheck named = check.Id.Length > 0 ? check : check with { Id = newId() };
        return Calls.Ask(() => Of<IMonitorGrain>(model).Tell(named, cancellation), cancellation);
    }

    public Task<ImmutableArray<SegmentCheck>> ChecksAsync(string model, CancellationToken cancellation = default) =>
        Calls.Ask(() => Of<IMonitorGrain>(model).Checks(cancellation), cancellation);

    public Task<DriftReport> CompareAsync(string model, DriftQuery query, CancellationToken cancellation = default) =>
        Calls.Ask(() => Of<IObserverGrain>(model).Compare(query, cancellation), cancellation);

    private T Of<T>(string model)
        where T : IGrainWithStringKey
        => grains.GetGrain<T>(GrainKeys.For(tenant, GrainKeys.CheckName("model", model)));
}
