using System.Collections.Immutable;

namespace OrleansCluster.Datasets;

/// <summary>How rows of a dataset are stored.</summary>
public static class DatasetLayouts
{
    /// <summary>Only values other than 0.</summary>
    public const string Sparse = "sparse";
}

/// <summary>What rows are about to be imported.</summary>
[GenerateSerializer, Immutable, Alias("oc.DatasetSchema")]
public sealed record DatasetSchema
{
    [Id(0)] public required string Name { get; init; }

    /// <summary>Names of the value columns, in order, without the id and weight columns.</summary>
    [Id(1)] public required ImmutableArray<string> Columns { get; init; }

    /// <summary><c>f4</c> or <c>f8</c>.</summary>
    [Id(2)] public required string Precision { get; init; }

    [Id(3)] public string? IdColumn { get; init; }

    [Id(4)] public string? WeightColumn { get; init; }

    [Id(5)] public string Source { get; init; } = "";

    /// <summary>
    /// What the values of each column are: <c>number</c>, <c>category</c>, <c>boolean</c> or <c>datetime</c>; any may be missing (NaN). Empty: all are numbers,
    /// and none is missing.
    /// </summary>
    [Id(6)] public ImmutableArray<string> Types { get; init; } = [];

    /// <summary>Who imports them.</summary>
    [Id(7)] public string By { get; init; } = "";

    /// <summary><see cref="DatasetLayouts.Sparse"/>: rows come and are stored without their zeros; empty: with them.</summary>
    [Id(8)] public string Layout { get; init; } = "";
}
