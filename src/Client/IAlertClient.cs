using OrleansCluster.Alerts;

namespace OrleansCluster.Client;

/// <summary>What is wrong with a tenant's models, by rules.</summary>
public interface IAlertClient
{
    /// <summary>Rules, alerts and silences.</summary>
    Task<AlertStatus> StatusAsync(CancellationToken cancellation = default);

    /// <summary>Looks now, as is done every minute.</summary>
    Task<AlertStatus> LookAsync(CancellationToken cancellation = default);

    /// <summary>Sets a rule, or another one of its name.</summary>
    /// <exception cref="ClusteringException">The rule cannot be kept; the message says why.</exception>
    Task<AlertStatus> SetRuleAsync(AlertRule rule, CancellationToken cancellation = default);

    /// <summary>Takes a rule away; what it raised ends.</summary>
    /// <exception cref="ClusteringException">There is no such rule.</exception>
    Task<AlertStatus> RemoveRuleAsync(string name, CancellationToken cancellation = default);

    /// <summary>Says that somebody sees to an alert.</summary>
    /// <exception cref="ClusteringException">There is no such alert that lasts.</exception>
    Task<Alert> AcknowledgeAsync(string id, string by, CancellationToken cancellation = default);

    /// <summary>Has alerts of some kind not told for a time.</summary>
    /// <exception cref="ClusteringException">The silence cannot be kept; the message says why.</exception>
    Task<AlertSilence> SilenceAsync(AlertSilence silence, TimeSpan time, CancellationToken cancellation = default);

    /// <summary>Ends a silence.</summary>
    /// <exception cref="ClusteringException">There is no such silence.</exception>
    Task UnsilenceAsync(string id, CancellationToken cancellation = default);
}
