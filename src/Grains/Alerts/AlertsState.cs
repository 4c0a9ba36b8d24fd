using System.Collections.Immutable;

namespace OrleansCluster.Alerts;

/// <summary>What the watch of a tenant remembers.</summary>
[GenerateSerializer, Immutable, Alias("oc.AlertsState")]
public sealed record AlertsState
{
    /// <summary>By name; those that were taken away of the usual ones are named in <see cref="Without"/>.</summary>
    [Id(0)] public ImmutableArray<AlertRule> Rules { get; init; } = [];

    /// <summary>The usual rules that somebody took away.</summary>
    [Id(1)] public ImmutableArray<string> Without { get; init; } = [];

    /// <summary>The oldest first.</summary>
    [Id(2)] public ImmutableArray<Alert> Alerts { get; init; } = [];

    [Id(3)] public ImmutableArray<AlertSilence> Silences { get; init; } = [];

    /// <summary>Alerts and silences so far: ids are not given twice.</summary>
    [Id(4)] public int Count { get; init; }

    /// <summary>What is still to be told.</summary>
    [Id(5)] public ImmutableArray<AlertNotice> Untold { get; init; } = [];
}

/// <summary>Something that is told to a receiver.</summary>
[GenerateSerializer, Immutable, Alias("oc.AlertNotice")]
public sealed record AlertNotice
{
    [Id(0)] public required string Receiver { get; init; }

    [Id(1)] public required Alert Alert { get; init; }

    [Id(2)] public required DateTimeOffset At { get; init; }
}
