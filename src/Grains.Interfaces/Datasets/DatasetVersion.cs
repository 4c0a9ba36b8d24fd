using System.Collections.Immutable;

namespace OrleansCluster.Datasets;

/// <summary>One column of a dataset.</summary>
[GenerateSerializer, Immutable, Alias("oc.ColumnInfo")]
public sealed record ColumnInfo
{
    [Id(0)] public required string Name { get; init; }

    /// <summary>Least value.</summary>
    [Id(1)] public double Minimum { get; init; }

    /// <summary>Greatest value.</summary>
    [Id(2)] public double Maximum { get; init; }

    /// <summary>Plain mean over rows that have a value.</summary>
    [Id(3)] public double Mean { get; init; }

    /// <summary><c>number</c>, <c>category</c>, <c>boolean</c> or <c>datetime</c> (seconds since 1970 UTC); empty, as earlier builds told: a number.</summary>
    [Id(4)] public string Type { get; init; } = "";

    /// <summary>Rows without a value.</summary>
    [Id(5)] public long Missing { get; init; }

    /// <summary>Of a category: the texts, each at the place that stands for it.</summary>
    [Id(6)] public ImmutableArray<string> Categories { get; init; } = [];
}

/// <summary>An immutable version of a dataset: what its rows are and which shards hold them.</summary>
[GenerateSerializer, Immutable, Alias("oc.DatasetVersion")]
public sealed record DatasetVersion
{
    [Id(0)] public required string Tenant { get; init; }

    [Id(1)] public required string Name { get; init; }

    /// <summary>From 1.</summary>
    [Id(2)] public required int Version { get; init; }

    [Id(3)] public required long Rows { get; init; }

    [Id(4)] public required ImmutableArray<ColumnInfo> Columns { get; init; }

    /// <summary><c>f4</c> or <c>f8</c>.</summary>
    [Id(5)] public required string Precision { get; init; }

    /// <summary>Name of the column carried as row id; null when rows are numbered.</summary>
    [Id(6)] public string? IdColumn { get; init; }

    /// <summary>Name of the column used as row weight; null when every row weighs 1.</summary>
    [Id(7)] public string? WeightColumn { get; init; }

    /// <summary>Content hash of the manifest: two versions with the same hash hold the same rows.</summary>
    [Id(8)] public required string Manifest { get; init; }

    [Id(9)] public required int Shards { get; init; }

    [Id(10)] public required DateTimeOffset Created { get; init; }

    /// <summary>Where the rows came from, for people.</summary>
    [Id(11)] public string Source { get; init; } = "";

    [Id(12)] public long Bytes { get; init; }

    /// <summary>Who made it; empty: it was not said.</summary>
    [Id(13)] public string By { get; init; } = "";

    /// <summary>What was expected of the rows that it added; later ones behind them are expected to be so, too.</summary>
    [Id(14)] public ImmutableArray<ExpectationResult> Expectations { get; init; } = [];

    /// <summary><see cref="DatasetLayouts.Sparse"/>: only values other than 0 are stored; empty: all are.</summary>
    [Id(15)] public string Layout { get; init; } = "";
}
