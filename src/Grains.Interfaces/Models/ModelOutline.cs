using System.Collections.Immutable;

namespace OrleansCluster.Models;

/// <summary>A model with what is to be said of its versions in a line each: what a model remembers without looking anything up.</summary>
[GenerateSerializer, Immutable, Alias("oc.ModelOutline")]
public sealed record ModelOutline
{
    [Id(0)] public required string Name { get; init; }

    /// <summary>Revision, aliases, tags, names of clusters.</summary>
    [Id(1)] public required ModelInfo Info { get; init; }

    /// <summary>Oldest first.</summary>
    [Id(2)] public ImmutableArray<VersionSummary> Versions { get; init; } = [];

    /// <summary>The columns of every version, in order.</summary>
    [Id(3)] public ImmutableArray<string> Columns { get; init; } = [];
}

/// <summary>A version in a listing.</summary>
[GenerateSerializer, Immutable, Alias("oc.VersionSummary")]
public sealed record VersionSummary
{
    /// <summary>Name of the model.</summary>
    [Id(0)] public required string Name { get; init; }

    [Id(1)] public required int Version { get; init; }

    /// <summary>What it was trained to.</summary>
    [Id(2)] public required VersionFacts Facts { get; init; }

    [Id(3)] public required DateTimeOffset Created { get; init; }

    /// <summary>The version that its clusters were aligned with; 0: none.</summary>
    [Id(4)] public int Parent { get; init; }

    /// <summary>Who asked for it.</summary>
    [Id(5)] public string By { get; init; } = "";

    /// <summary>By key.</summary>
    [Id(6)] public ImmutableArray<ModelTag> Tags { get; init; } = [];

    [Id(7)] public string Description { get; init; } = "";

    /// <summary>When its parameters were let go of; null: it has them.</summary>
    [Id(8)] public DateTimeOffset? Pruned { get; init; }
}

/// <summary>What a training made of a version, shortly. Never changes; the report has the rest.</summary>
[GenerateSerializer, Immutable, Alias("oc.VersionFacts")]
public sealed record VersionFacts
{
    /// <summary>Name of the family.</summary>
    [Id(0)] public string Family { get; init; } = "";

    [Id(1)] public int K { get; init; }

    [Id(2)] public string Job { get; init; } = "";

    [Id(3)] public string Dataset { get; init; } = "";

    [Id(4)] public int DatasetVersion { get; init; }

    [Id(5)] public long Rows { get; init; }

    [Id(6)] public double Objective { get; init; } = double.NaN;

    [Id(7)] public string ObjectiveName { get; init; } = "";

    [Id(8)] public ulong Seed { get; init; }

    /// <summary>Restarts that ran.</summary>
    [Id(9)] public int Restarts { get; init; }

    /// <summary>SHA-256 of the parameters' canonical encoding, lower-case hex.</summary>
    [Id(10)] public string Digest { get; init; } = "";
}
