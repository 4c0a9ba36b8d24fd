using System.Collections.Immutable;

namespace OrleansCluster.Datasets;

/// <summary>
/// One version as its dataset remembers it: version n is at index n − 1, and stays there when its rows are deleted or go by another name, so that a number is
/// never given twice.
/// </summary>
[GenerateSerializer, Immutable, Alias("oc.DatasetVersionEntry")]
public sealed record DatasetVersionEntry
{
    /// <summary>Content hash of the manifest's blob.</summary>
    [Id(0)] public string Manifest { get; init; } = "";

    /// <summary>Where the rows that it added came from, for people.</summary>
    [Id(1)] public string Source { get; init; } = "";

    [Id(2)] public DateTimeOffset Created { get; init; }

    /// <summary>Who made it; empty: it was not said.</summary>
    [Id(3)] public string By { get; init; } = "";

    /// <summary>When it was deleted; null: it was not. Its manifest may be gone by then.</summary>
    [Id(4)] public DateTimeOffset? Deleted { get; init; }

    /// <summary>The dataset that has the version now, under the same number; empty: this one.</summary>
    [Id(5)] public string Moved { get; init; } = "";

    /// <summary>What was expected of the rows that it added; later ones behind them are expected to be so, too.</summary>
    [Id(6)] public ImmutableArray<ExpectationResult> Expectations { get; init; } = [];

    /// <summary>The later version that begins with its rows, for which it was let go of; 0: it was not let go of for one.</summary>
    [Id(7)] public int Within { get; init; }

    /// <summary>How many rows it had, where <see cref="Within"/> is told; else 0.</summary>
    [Id(8)] public long Rows { get; init; }

    /// <summary>Whether this dataset has the version.</summary>
    public bool IsHere() => Deleted is null && Moved.Length == 0;
}

/// <summary>Where a shard of a version came from.</summary>
[GenerateSerializer, Immutable, Alias("oc.ShardOrigin")]
public sealed record ShardOrigin
{
    /// <summary>From 0.</summary>
    [Id(0)] public required int Shard { get; init; }

    /// <summary>Content hash of the shard's blob.</summary>
    [Id(1)] public required string Hash { get; init; }

    [Id(2)] public required long Rows { get; init; }

    [Id(3)] public required long Bytes { get; init; }

    /// <summary>The first version that has the shard. It was written with it.</summary>
    [Id(4)] public required int Version { get; init; }

    /// <summary>Where that version's rows came from.</summary>
    [Id(5)] public required string Source { get; init; }

    [Id(6)] public required DateTimeOffset Created { get; init; }

    [Id(7)] public required string By { get; init; }
}

/// <summary>A version whose rows are the first ones of a later version.</summary>
[GenerateSerializer, Immutable, Alias("oc.DatasetHead")]
public sealed record DatasetHead
{
    [Id(0)] public required int Version { get; init; }

    /// <summary>The next later version that begins with its rows; 0: none does.</summary>
    [Id(1)] public required int Within { get; init; }

    /// <summary>How many rows it has.</summary>
    [Id(2)] public required long Rows { get; init; }
}
