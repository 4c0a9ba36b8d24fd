namespace OrleansCluster.Models;

/// <summary>What every change of a model brings with it: who changes what they saw.</summary>
[GenerateSerializer, Immutable, Alias("oc.ModelChange")]
public sealed record ModelChange
{
    /// <summary>Names this change, so that asking twice changes once. Any text; the client makes one up.</summary>
    [Id(0)] public required string Id { get; init; }

    /// <summary>The revision that the change was decided on. When the model has another one, the change is refused and told what happened.</summary>
    [Id(1)] public required long Expected { get; init; }

    /// <summary>Who asks, for the audit trail.</summary>
    [Id(2)] public string By { get; init; } = "";

    /// <summary>Why, for the audit trail.</summary>
    [Id(3)] public string Reason { get; init; } = "";
}

/// <summary>One entry of a model's audit trail: what made a revision.</summary>
[GenerateSerializer, Immutable, Alias("oc.ModelEvent")]
public sealed record ModelEvent
{
    /// <summary>The revision that came of it: from 1, without gaps.</summary>
    [Id(0)] public required long Revision { get; init; }

    [Id(1)] public required DateTimeOffset At { get; init; }

    [Id(2)] public required string By { get; init; }

    /// <summary>One of <see cref="ModelEvents"/>.</summary>
    [Id(3)] public required string Kind { get; init; }

    /// <summary>The version that it is about; 0: the model.</summary>
    [Id(4)] public int Version { get; init; }

    /// <summary>Of an alias: the version before; 0: none. Of a publication: the version that it was aligned with.</summary>
    [Id(5)] public int Before { get; init; }

    /// <summary>The alias, the tag's key, the cluster's id, the job.</summary>
    [Id(6)] public string Subject { get; init; } = "";

    /// <summary>The new value.</summary>
    [Id(7)] public string Detail { get; init; } = "";

    [Id(8)] public string Reason { get; init; } = "";

    /// <summary>Name of the change.</summary>
    [Id(9)] public string Change { get; init; } = "";
}

/// <summary>Kinds of entries of an audit trail.</summary>
public static class ModelEvents
{
    public const string Published = "published";
    public const string AliasSet = "alias";
    public const string AliasRemoved = "alias-removed";
    public const string RolledBack = "rollback";
    public const string Tagged = "tag";
    public const string Described = "description";
    public const string ClusterNamed = "cluster";
    public const string Pruned = "prune";
    public const string Deleted = "delete";
    public const string Routed = "route";
    public const string PolicySet = "policy";
}

/// <summary>Which versions a model keeps. A version stays when any of this holds for it.</summary>
[GenerateSerializer, Immutable, Alias("oc.RetentionPolicy")]
public sealed record RetentionPolicy
{
    /// <summary>
    /// The newest that stay, at least 1. Versions that an alias points to, pointed to before its last change, or would after rollbacks stay as well.
    /// </summary>
    [Id(0)] public required int Keep { get; init; }

    /// <summary>Versions younger than this stay too; null: age keeps none.</summary>
    [Id(1)] public TimeSpan? YoungerThan { get; init; }

    /// <summary>Only say what would be done.</summary>
    [Id(2)] public bool DryRun { get; init; }

    /// <summary>
    /// How many rollbacks of each alias, one after the other, must stay possible; null: all that its history has. What goes beyond them is forgotten as
    /// history, too.
    /// </summary>
    [Id(3)] public int? Rollbacks { get; init; }
}

/// <summary>What became, or would become, of a version.</summary>
[GenerateSerializer, Immutable, Alias("oc.RetentionVerdict")]
public sealed record RetentionVerdict
{
    [Id(0)] public required int Version { get; init; }

    /// <summary>Whether its parameters go now.</summary>
    [Id(1)] public required bool Pruned { get; init; }

    /// <summary>
    /// Why it stays, or what it is: <c>newest</c>, <c>champion</c>, <c>rollback of champion</c>, <c>was champion</c>, <c>young</c>, <c>pruned before</c>;
    /// empty when it goes.
    /// </summary>
    [Id(2)] public required string Why { get; init; }
}
