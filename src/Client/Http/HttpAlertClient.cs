using OrleansCluster.Alerts;
using OrleansCluster.Contracts.Api;
using OrleansCluster.Json;

namespace OrleansCluster.Client.Http;

/// <summary>Alerts, over HTTP.</summary>
internal sealed class HttpAlertClient(ServiceConnection service) : IAlertClient
{
    private const string All = "alerts";

    public Task<AlertStatus> StatusAsync(CancellationToken cancellation = default) => service.AskAsync<AlertStatus>(HttpMethod.Get, All, cancellation);

    public Task<AlertStatus> LookAsync(CancellationToken cancellation = default) =>
        service.AskAsync<AlertStatus>(HttpMethod.Post, All + "/look", cancellation, Requests.Nothing);

    public Task<AlertStatus> SetRuleAsync(AlertRule rule, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return service.AskAsync<AlertStatus>(
            HttpMethod.Put, Requests.Path(All + "/rules", "rule", rule.Name), cancellation,
            Requests.Json(AlertDocuments.Of(rule), ApiJson.Default.AlertRuleDocument));
    }

    public Task<AlertStatus> RemoveRuleAsync(string name, CancellationToken cancellation = default) =>
        service.AskAsync<AlertStatus>(HttpMethod.Delete, Requests.Path(All + "/rules", "rule", name), cancellation);

    public Task<Alert> AcknowledgeAsync(string id, string by, CancellationToken cancellation = default) =>
        service.AskAsync<Alert>(HttpMethod.Post, Requests.Path(All, "alert", id) + "/acknowledge", cancellation, Requests.Nothing);

    public Task<AlertSilence> SilenceAsync(AlertSilence silence, TimeSpan time, CancellationToken cancellation = default)
    {
        AlertSilenceDocument asked = AlertDocuments.Of(silence);
        asked.ForSeconds = time.TotalSeconds;
        (asked.Since, asked.Until) = (null, null);
        return service.AskAsync<AlertSilence>(HttpMethod.Post, All + "/silences", cancellation, Requests.Json(asked, ApiJson.Default.AlertSilenceDocument));
    }

    public Task UnsilenceAsync(string id, CancellationToken cancellation = default) =>
        service.TellAsync(HttpMethod.Delete, Requests.Path(All + "/silences", "silence", id), cancellation);
}
