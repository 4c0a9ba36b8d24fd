using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace OrleansCluster.Serving;

/// <summary>Rows to assign: row-major, little-endian, in the model's column order.</summary>
[GenerateSerializer, Immutable, Alias("oc.RowsPayload")]
public sealed record RowsPayload
{
    /// <summary><c>f4</c> or <c>f8</c>.</summary>
    [Id(0)] public required string Precision { get; init; }

    [Id(1)] public required int Columns { get; init; }

    /// <summary>rows × columns values.</summary>
    [Id(2)] public required ReadOnlyMemory<byte> Values { get; init; }

    /// <summary>
    /// One uint64 a row, little-endian, by which a route chooses the row's version (<see cref="Models.Routing.RowKeys"/> of its id); empty: its values are
    /// its key.
    /// </summary>
    [Id(3)] public ReadOnlyMemory<byte> Keys { get; init; }

    /// <summary>
    /// What the columns are, by name and in any order, when the model prepares its rows; missing values are NaN then, and categories places in their lists.
    /// Empty: numbers, in the order of the model's columns.
    /// </summary>
    [Id(4)] public ImmutableArray<TypedColumn> Types { get; init; } = [];

    /// <summary>How many questions these are the rows of, where several were put together: each is counted. 0 or 1: of one.</summary>
    [Id(5)] public int Questions { get; init; }
}

/// <summary>A column of rows that a model prepares.</summary>
[GenerateSerializer, Immutable, Alias("oc.TypedColumn")]
public sealed record TypedColumn
{
    [Id(0)] public required string Name { get; init; }

    /// <summary><c>number</c>, <c>category</c>, <c>boolean</c> or <c>datetime</c> (seconds since 1970 UTC).</summary>
    [Id(1)] public required string Type { get; init; }

    /// <summary>Of a category: the texts, each at the place that stands for it.</summary>
    [Id(2)] public ImmutableArray<string> Categories { get; init; } = [];
}

/// <summary>Which cluster each row belongs to.</summary>
[GenerateSerializer, Immutable, Alias("oc.Assignments")]
public sealed record Assignments
{
    /// <summary>The version that answered; 0: several did, see <see cref="Versions"/>.</summary>
    [Id(0)] public required int Version { get; init; }

    /// <summary>One int32 a row, little-endian.</summary>
    [Id(1)] public required ReadOnlyMemory<byte> Labels { get; init; }
    /// <summary>
    /// One float64 a row, little-endian: the distance (not squared) to the centre of the row's cluster, or the mean of its most probable component.
    /// </summary>
    [Id(2)] public required ReadOnlyMemory<byte> Distances { get; init; }

    /// <summary>The version that answered each row, where a route had several answer: one int32 a row, little-endian; else empty.</summary>
    [Id(3)] public ReadOnlyMemory<byte> Versions { get; init; }

    /// <summary>Values that were missing and that the model's preparation filled in.</summary>
    [Id(4)] public long Missing { get; init; }

    /// <summary>Categories that the training rows had not, for which the preparation has a place or none.</summary>
    [Id(5)] public long Unknown { get; init; }

    /// <summary>The version that answered each row, whether one did or several.</summary>
    public int[] RowVersions()
    {
        if (!Versions.IsEmpty)
            return MemoryMarshal.Cast<byte, int>(Versions.Span).ToArray();
        var versions = new int[Labels.Length / sizeof(int)];
        Array.Fill(versions, Version);
        return versions;
    }
}

/// <summary>Rows to score under a model that has densities.</summary>
[GenerateSerializer, Immutable, Alias("oc.ScoreQuery")]
public sealed record ScoreQuery
{
    /// <summary>Version of the model; 0 is the newest.</summary>
    [Id(0)] public required int Version { get; init; }

    /// <summary>How many components are wanted for each row, at least 1; more than there are: all.</summary>
    [Id(1)] public required int Top { get; init; }

    [Id(2)] public required RowsPayload Rows { get; init; }
}

/// <summary>How probable rows are under a model.</summary>
[GenerateSerializer, Immutable, Alias("oc.Scores")]
public sealed record Scores
{
    /// <summary>The version that answered.</summary>
    [Id(0)] public required int Version { get; init; }

    /// <summary>Components told for each row.</summary>
    [Id(1)] public required int Top { get; init; }

    /// <summary>One float64 a row, little-endian: ln p(x).</summary>
    [Id(2)] public required ReadOnlyMemory<byte> LogDensities { get; init; }

    /// <summary>rows × top int32, row-major: components by descending responsibility, the row's label first; −1 where no further one has any.</summary>
    [Id(3)] public required ReadOnlyMemory<byte> Components { get; init; }

    /// <summary>rows × top float64, row-major: those components' responsibilities.</summary>
    [Id(4)] public required ReadOnlyMemory<byte> Responsibilities { get; init; }

    /// <summary>Rows of this log-density or a lower one are anomalies; −∞: none.</summary>
    [Id(5)] public required double Threshold { get; init; }

    /// <summary>Of a model that prepares its rows: values that were missing and that it filled in.</summary>
    [Id(6)] public long Missing { get; init; }

    /// <summary>Of a model that prepares its rows: values of categories that its training rows had not.</summary>
    [Id(7)] public long Unknown { get; init; }
}

/// <summary>Rows to draw from a model that has samples.</summary>
[GenerateSerializer, Immutable, Alias("oc.SampleQuery")]
public sealed record SampleQuery
{
    /// <summary>Version of the model; 0 is the newest.</summary>
    [Id(0)] public required int Version { get; init; }

    [Id(1)] public required ulong Seed { get; init; }

    /// <summary>The component that all rows come from; −1: each row from one drawn by weight.</summary>
    [Id(2)] public int Component { get; init; } = -1;

    /// <summary>Number of the first row. Row i is the same whoever draws it.</summary>
    [Id(3)] public required long FirstRow { get; init; }

    [Id(4)] public required int Rows { get; init; }
}

/// <summary>Rows drawn from a model.</summary>
[GenerateSerializer, Immutable, Alias("oc.Samples")]
public sealed record Samples
{
    /// <summary>The version that answered.</summary>
    [Id(0)] public required int Version { get; init; }

    /// <summary>rows × columns float64, little-endian, row-major.</summary>
    [Id(1)] public required ReadOnlyMemory<byte> Values { get; init; }

    /// <summary>One int32 a row: the component that it comes from.</summary>
    [Id(2)] public required ReadOnlyMemory<byte> Components { get; init; }

    /// <summary>Names of the columns, where the model prepares its rows and these are told in original units; empty: they are the model's.</summary>
    [Id(3)] public ImmutableArray<string> Columns { get; init; } = [];
}
