using OrleansCluster.Alerts;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Client;

/// <inheritdoc/>
internal sealed class AlertClient(IGrainFactory grains, string tenant) : IAlertClient
{
    private IAlertsGrain Grain => grains.GetGrain<IAlertsGrain>(GrainKeys.For(tenant, AlertStatus.Key));

    public Task<AlertStatus> StatusAsync(CancellationToken cancellation = default) => Calls.Ask(() => Grain.Status(cancellation), cancellation);

    public Task<AlertStatus> LookAsync(CancellationToken cancellation = default) => Calls.Ask(() => Grain.Look(cancellation), cancellation);

    public Task<AlertStatus> SetRuleAsync(AlertRule rule, CancellationToken cancellation = default) =>
        Calls.Ask(() => Grain.SetRule(rule, cancellation), cancellation);

    public Task<AlertStatus> RemoveRuleAsync(string name, CancellationToken cancellation = default) =>
        Calls.Ask(() => Grain.RemoveRule(name, cancellation), cancellation);

    public Task<Alert> AcknowledgeAsync(string id, string by, CancellationToken cancellation = default) =>
        Calls.Ask(() => Grain.Acknowledge(id, by, cancellation), cancellation);

    public Task<AlertSilence> SilenceAsync(AlertSilence silence, TimeSpan time, CancellationToken cancellation = default) =>
        Calls.Ask(() => Grain.Silence(silence, time, cancellation), cancellation);

    public Task UnsilenceAsync(string id, CancellationToken cancellation = default) => Calls.Ask(() => Grain.Unsilence(id, cancellation), cancellation);
}
