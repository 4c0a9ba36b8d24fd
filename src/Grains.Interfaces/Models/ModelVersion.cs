using System.Collections.Immutable;
using OrleansCluster.Training;

namespace OrleansCluster.Models;

/// <summary>A published version of a model: its lineage and how to find its parameters. Never changes.</summary>
[GenerateSerializer, Immutable, Alias("oc.ModelVersion")]
public sealed record ModelVersion
{
    [Id(0)] public required string Tenant { get; init; }

    [Id(1)] public required string Name { get; init; }

    /// <summary>From 1.</summary>
    [Id(2)] public required int Version { get; init; }

    /// <summary>The training that made it: dataset version, options, seed, code version, objective trace, digest.</summary>
    [Id(3)] public required TrainingReport Training { get; init; }

    /// <summary>Content hash of the blob that holds the parameters.</summary>
    [Id(4)] public required string Parameters { get; init; }

    [Id(5)] public required DateTimeOffset Created { get; init; }

    /// <summary>The version that its clusters were aligned with; 0: none.</summary>
    [Id(6)] public int Parent { get; init; }

    /// <summary>Who asked for it.</summary>
    [Id(7)] public string By { get; init; } = "";

    /// <summary>By key. Unlike what it was trained to, tags and description can change.</summary>
    [Id(8)] public ImmutableArray<ModelTag> Tags { get; init; } = [];

    [Id(9)] public string Description { get; init; } = "";

    /// <summary>When its parameters were let go of; null: it has them.</summary>
    [Id(10)] public DateTimeOffset? Pruned { get; init; }

    /// <summary>Content hash of its package, which says what it is made of; empty: it was published before there were packages.</summary>
    [Id(11)] public string Package { get; init; } = "";
}
