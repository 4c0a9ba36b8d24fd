using System.Collections.Immutable;
using System.Text.Json.Nodes;
using OrleansCluster.Alerts;

namespace OrleansCluster.Silo.Alerts;

/// <summary>
/// Tells a Prometheus Alertmanager by its API v2 (<c>POST /api/v2/alerts</c>) what is firing, every minute as it expects; grouping, silencing and telling
/// again are its own then.
/// </summary>
internal sealed class AlertmanagerReceiver(Uri address) : IAlertReceiver
{
    private readonly Uri _path = new(address.AbsoluteUri.TrimEnd('/') + "/api/v2/alerts");

    public string Name => "alertmanager";

    public bool IsToldAll => true;

    public Task TellAsync(string tenant, ImmutableArray<Alert> alerts, CancellationToken cancellation)
    {
        var message = new JsonArray([.. alerts.Select(alert => Write(tenant, alert))]);
        return AlertPosts.PostAsync(_path, System.Text.Encoding.UTF8.GetBytes(message.ToJsonString()), cancellation);
    }

    private static JsonObject Write(string tenant, Alert alert)
    {
        var written = new JsonObject
        {
            // What makes an alert the same one: not what changes while it lasts.
            ["labels"] = new JsonObject
            {
                ["alertname"] = alert.Rule,
                ["severity"] = alert.Severity,
                ["tenant"] = tenant,
                ["cause"] = alert.Cause,
                ["alert_id"] = alert.Id,
            },
            ["annotations"] = new JsonObject
            {
                ["summary"] = string.Join("; ", alert.Models.Select(model => $"{model.Model}: {model.Text}")),
                ["models"] = string.Join(", ", alert.Models.Select(model => model.Model)),
            },
            ["startsAt"] = alert.Since.UtcDateTime.ToString("o", System.Globalization.CultureInfo.InvariantCulture),
        };
        if (alert.Resolved is { } resolved)
            written["endsAt"] = resolved.UtcDateTime.ToString("o", System.Globalization.CultureInfo.InvariantCulture);
        return written;
    }
}
