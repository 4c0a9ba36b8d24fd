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
}

/// <summary>A model in a listing.</summary>
[GenerateSerializer, Immutable, Alias("oc.ModelSummary")]
public sealed record ModelSummary
{
    [Id(0)] public required string Name { get; init; }

    [Id(1)] public required ImmutableArray<ModelVersion> Versions { get; init; }

    /// <summary>Revision, aliases, tags, names of clusters.</summary>
    [Id(2)] public required ModelInfo Info { get; init; }
}

/// <summary>The parameters of a version.</summary>
[GenerateSerializer, Immutable, Alias("oc.ModelParameters")]
public sealed record ModelParameters
{
    [Id(0)] public required int K { get; init; }

    [Id(1)] public required ImmutableArray<string> Columns { get; init; }

    /// <summary>Centres, or the means of a mixture: k × d float64, little-endian, row-major.</summary>
    [Id(2)] public required ReadOnlyMemory<byte> Centroids { get; init; }

    [Id(3)] public required string Digest { get; init; }

    /// <summary>What a mixture has besides means; null for k-means.</summary>
    [Id(4)] public MixtureShape? Mixture { get; init; }

    /// <summary>The stable id of each row of the parameters.</summary>
    [Id(5)] public ImmutableArray<int> Labels { get; init; } = [];
}

/// <summary>What the components of a mixture look like.</summary>
[GenerateSerializer, Immutable, Alias("oc.MixtureShape")]
public sealed record MixtureShape
{
    /// <summary><c>full</c>, <c>tied</c>, <c>diag</c> or <c>spherical</c>.</summary>
    [Id(0)] public required string Covariance { get; init; }

    /// <summary>Share of each component: k float64, little-endian.</summary>
    [Id(1)] public required ReadOnlyMemory<byte> Weights { get; init; }

    /// <summary>float64, little-endian, row-major: k × d × d (full), d × d (tied), k × d (diag) or k (spherical).</summary>
    [Id(2)] public required ReadOnlyMemory<byte> Covariances { get; init; }

    /// <summary>Rows of this log-density or a lower one are anomalies; −∞: none.</summary>
    [Id(3)] public required double Threshold { get; init; }
}
