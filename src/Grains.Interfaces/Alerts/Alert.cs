using System.Collections.Immutable;

namespace OrleansCluster.Alerts;

/// <summary>One thing that is wrong: a rule and a cause, of all models that have it.</summary>
[GenerateSerializer, Immutable, Alias("oc.Alert")]
public sealed record Alert
{
    [Id(0)] public required string Id { get; init; }

    [Id(1)] public required string Rule { get; init; }

    [Id(2)] public required string Severity { get; init; }

    /// <summary>The column, or the model where it is of no column.</summary>
    [Id(3)] public required string Cause { get; init; }

    [Id(4)] public required AlertState State { get; init; }

    /// <summary>Since when it is so.</summary>
    [Id(5)] public required DateTimeOffset Since { get; init; }

    /// <summary>When it became an alert; null: not yet.</summary>
    [Id(6)] public DateTimeOffset? Fired { get; init; }

    /// <summary>When it ended.</summary>
    [Id(7)] public DateTimeOffset? Resolved { get; init; }

    /// <summary>When it was told last; null: never.</summary>
    [Id(8)] public DateTimeOffset? Told { get; init; }

    /// <summary>The models that have it, by name.</summary>
    [Id(9)] public ImmutableArray<AlertedModel> Models { get; init; } = [];

    /// <summary>Who sees to it; empty: nobody yet.</summary>
    [Id(10)] public string By { get; init; } = "";

    /// <summary>Name of the silence that keeps it from being told; empty: none does.</summary>
    [Id(11)] public string Silence { get; init; } = "";
}

/// <summary>A model that an alert is of.</summary>
[GenerateSerializer, Immutable, Alias("oc.AlertedModel")]
public sealed record AlertedModel
{
    [Id(0)] public required string Model { get; init; }

    /// <summary>The figure's value.</summary>
    [Id(1)] public required double Value { get; init; }

    /// <summary>What it says, for people.</summary>
    [Id(2)] public required string Text { get; init; }
}

/// <summary>Where an alert stands.</summary>
public enum AlertState
{
    /// <summary>Not for long enough.</summary>
    Pending,

    Firing,

    /// <summary>It was, and is no more.</summary>
    Resolved,
}

/// <summary>Alerts that are not told until a time. Empty or <c>*</c>: any.</summary>
[GenerateSerializer, Immutable, Alias("oc.AlertSilence")]
public sealed record AlertSilence
{
    [Id(0)] public string Id { get; init; } = "";

    [Id(1)] public string Rule { get; init; } = "";

    /// <summary>Models, with <c>*</c> for any characters: an alert is silenced when all of its models are.</summary>
    [Id(2)] public string Models { get; init; } = "";

    [Id(3)] public string Cause { get; init; } = "";

    [Id(4)] public DateTimeOffset Since { get; init; }

    [Id(5)] public DateTimeOffset Until { get; init; }

    [Id(6)] public string By { get; init; } = "";

    [Id(7)] public string Reason { get; init; } = "";
}
