using System.Collections.Immutable;

namespace OrleansCluster.Models;

/// <summary>What is said of a model beside its versions. Every change of it, and every publication, is a new revision.</summary>
[GenerateSerializer, Immutable, Alias("oc.ModelInfo")]
public sealed record ModelInfo
{
    [Id(0)] public required string Name { get; init; }

    /// <summary>Counts the changes, publications among them. A change names the revision that it expects to find.</summary>
    [Id(1)] public required long Revision { get; init; }

    /// <summary>The newest version.</summary>
    [Id(2)] public required int Newest { get; init; }

    /// <summary>The version that the bare name means: the champion where one is set, else the newest.</summary>
    [Id(3)] public required int Default { get; init; }

    [Id(4)] public required string Description { get; init; }

    /// <summary>By key.</summary>
    [Id(5)] public required ImmutableArray<ModelTag> Tags { get; init; }

    /// <summary>By name.</summary>
    [Id(6)] public required ImmutableArray<ModelAlias> Aliases { get; init; }

    /// <summary>What people said of clusters, by stable id.</summary>
    [Id(7)] public required ImmutableArray<ClusterNote> Clusters { get; init; }

    /// <summary>The stable id of the next cluster that is born; all ids given so far are below.</summary>
    [Id(8)] public required int NextCluster { get; init; }
}

/// <summary>A name for a version that can be moved to another one.</summary>
[GenerateSerializer, Immutable, Alias("oc.ModelAlias")]
public sealed record ModelAlias
{
    [Id(0)] public required string Name { get; init; }

    [Id(1)] public required int Version { get; init; }

    /// <summary>Where it pointed before, the latest last: what a rollback goes back to, step by step. The oldest are forgotten.</summary>
    [Id(2)] public required ImmutableArray<int> Earlier { get; init; }

    [Id(3)] public required DateTimeOffset Since { get; init; }

    /// <summary>Who moved it there.</summary>
    [Id(4)] public required string By { get; init; }
}

/// <summary>A key and its value.</summary>
[GenerateSerializer, Immutable, Alias("oc.ModelTag")]
public sealed record ModelTag
{
    [Id(0)] public required string Key { get; init; }

    /// <summary>In a change, an empty value takes the tag away.</summary>
    [Id(1)] public required string Value { get; init; }
}

/// <summary>What a person said of a cluster. It holds for the stable id, so it travels from version to version.</summary>
[GenerateSerializer, Immutable, Alias("oc.ClusterNote")]
public sealed record ClusterNote
{
    /// <summary>Stable id.</summary>
    [Id(0)] public required int Cluster { get; init; }

    [Id(1)] public string Name { get; init; } = "";

    /// <summary><c>#rrggbb</c>, or empty.</summary>
    [Id(2)] public string Colour { get; init; } = "";

    [Id(3)] public string Note { get; init; } = "";
}
