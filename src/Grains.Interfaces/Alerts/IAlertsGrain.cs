using System.Collections.Immutable;
using Orleans.Concurrency;
using OrleansCluster.Datasets;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Alerts;

/// <summary>
/// Watches a tenant's models by rules, remembers what is wrong since when, and tells it: once, and again while nobody has seen to it; key:
/// <c>tenant/alerts</c>.
/// </summary>
[Alias("oc.IAlertsGrain")]
public interface IAlertsGrain : IPackable
{
    /// <summary>Begins to watch, unless it is watched already. Whatever makes things that can go wrong by themselves asks for it.</summary>
    [Alias("Watch"), AlwaysInterleave]
    Task Watch(CancellationToken cancellation = default);

    /// <summary>Rules, alerts and silences.</summary>
    [Alias("Status"), AlwaysInterleave]
    Task<AlertStatus> Status(CancellationToken cancellation = default);

    /// <summary>Sets a rule, or another one of its name.</summary>
    /// <exception cref="ClusteringException">The rule cannot be kept; the message says why.</exception>
    [Alias("SetRule"), Audited("alert.set-rule")]
    Task<AlertStatus> SetRule(AlertRule rule, CancellationToken cancellation = default);

    /// <summary>Takes a rule away; what it raised ends.</summary>
    /// <exception cref="ClusteringException">There is no such rule.</exception>
    [Alias("RemoveRule"), Audited("alert.remove-rule", Tells = "name")]
    Task<AlertStatus> RemoveRule(string name, CancellationToken cancellation = default);

    /// <summary>Says that somebody sees to an alert: it is not told again until it has ended and comes back.</summary>
    /// <exception cref="ClusteringException">There is no such alert.</exception>
    [Alias("Acknowledge"), Audited("alert.acknowledge", Tells = "id")]
    Task<Alert> Acknowledge(string id, string by, CancellationToken cancellation = default);

    /// <summary>Has alerts of some kind not told for a time.</summary>
    /// <returns>The silence, with its id and times.</returns>
    /// <exception cref="ClusteringException">It would silence everything for ever, or there are too many.</exception>
    [Alias("Silence"), Audited("alert.silence")]
    Task<AlertSilence> Silence(AlertSilence silence, TimeSpan time, CancellationToken cancellation = default);

    /// <summary>Ends a silence.</summary>
    /// <exception cref="ClusteringException">There is no such silence.</exception>
    [Alias("Unsilence"), Audited("alert.unsilence", Tells = "id")]
    Task Unsilence(string id, CancellationToken cancellation = default);

    /// <summary>Takes all rules, alerts and silences away, and watches no more until somebody asks for it. A second time changes nothing.</summary>
    /// <returns>The rules that there were beside the usual ones.</returns>
    [Alias("Forget"), Audited("alert.forget")]
    Task<ImmutableArray<string>> Forget(CancellationToken cancellation = default);

    /// <summary>Looks now. A reminder does it every minute.</summary>
    [Alias("Look")]
    Task<AlertStatus> Look(CancellationToken cancellation = default);
}

/// <summary>What is watched, what is wrong, and what is not told.</summary>
[GenerateSerializer, Immutable, Alias("oc.AlertStatus")]
public sealed record AlertStatus
{
    /// <summary>The name that the grain's key ends with.</summary>
    public const string Key = "alerts";

    /// <summary>By name.</summary>
    [Id(0)] public ImmutableArray<AlertRule> Rules { get; init; } = [];

    /// <summary>What is wrong, then what was, the newest first.</summary>
    [Id(1)] public ImmutableArray<Alert> Alerts { get; init; } = [];

    /// <summary>Those that have not ended.</summary>
    [Id(2)] public ImmutableArray<AlertSilence> Silences { get; init; } = [];

    /// <summary>Where alerts are told: the log, and what this cluster's settings name.</summary>
    [Id(3)] public ImmutableArray<string> Receivers { get; init; } = [];

    /// <summary>Why alerts could not be told to some of them; empty: they were.</summary>
    [Id(4)] public string Trouble { get; init; } = "";
}
