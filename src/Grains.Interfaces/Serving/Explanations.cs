using System.Collections.Immutable;

namespace OrleansCluster.Serving;

/// <summary>Rows whose clusters are to be explained.</summary>
[GenerateSerializer, Immutable, Alias("oc.ExplainQuery")]
public sealed record ExplainQuery
{
    /// <summary>Most values that one call explains: rows times columns.</summary>
    public const int MostValues = 100_000;

    /// <summary>Version of the model; 0: the champion, else the newest.</summary>
    [Id(0)] public required int Version { get; init; }

    [Id(1)] public required RowsPayload Rows { get; init; }
}

/// <summary>Why rows belong to their clusters.</summary>
[GenerateSerializer, Immutable, Alias("oc.Explanations")]
public sealed record Explanations
{
    /// <summary>The version that answered.</summary>
    [Id(0)] public required int Version { get; init; }

    /// <summary>
    /// What clusters are compared by: <c>squared_distance</c> or <c>cosine_distance</c>, whose signs are turned so that more is better, or
    /// <c>log_density</c>, weighted, in nats.
    /// </summary>
    [Id(1)] public required string Measure { get; init; }

    /// <summary>Names of the columns that are told; empty: they are the model's, in its order.</summary>
    [Id(2)] public ImmutableArray<string> Columns { get; init; } = [];

    /// <summary>Whether these are prepared columns, because some of them come of several columns of the rows.</summary>
    [Id(3)] public bool ArePrepared { get; init; }

    /// <summary>What the columns hold, see <see cref="TypedColumn.Type"/>; empty: numbers.</summary>
    [Id(4)] public ImmutableArray<string> Types { get; init; } = [];

    [Id(5)] public required ImmutableArray<ExplainedRow> Rows { get; init; }
}

/// <summary>Why a row belongs to its cluster and not to the one that fits it next best.</summary>
[GenerateSerializer, Immutable, Alias("oc.ExplainedRow")]
public sealed record ExplainedRow
{
    /// <summary>Stable id of its cluster.</summary>
    [Id(0)] public required int Cluster { get; init; }

    /// <summary>Stable id of the next best; −1: there is no other.</summary>
    [Id(1)] public required int RunnerUp { get; init; }

    /// <summary>How well its cluster fits; what <see cref="Explanations.Measure"/> says.</summary>
    [Id(2)] public required double Fit { get; init; }

    /// <summary>How much better that is than the next best: <see cref="Constant"/> and what all columns have against it. NaN: there is no other.</summary>
    [Id(3)] public required double Lead { get; init; }

    /// <summary>What of the lead does not depend on the row: weights and volumes of the clusters.</summary>
    [Id(4)] public required double Constant { get; init; }

    [Id(5)] public required ImmutableArray<ExplainedColumn> Columns { get; init; }
}

/// <summary>What a column of a row has to do with it.</summary>
[GenerateSerializer, Immutable, Alias("oc.ExplainedColumn")]
public sealed record ExplainedColumn
{
    /// <summary>The row's value; NaN: missing, or a text.</summary>
    [Id(0)] public required double Value { get; init; }

    /// <summary>The row's value, of a category.</summary>
    [Id(1)] public string Text { get; init; } = "";

    /// <summary>What it takes from the fit of the row's own cluster.</summary>
    [Id(2)] public required double Own { get; init; }

    /// <summary>What it adds to the lead; below 0: it speaks for the next best cluster.</summary>
    [Id(3)] public required double Against { get; init; }

    /// <summary>The value that would bring the row to the next best cluster, all else being as it is; NaN: none, or a text.</summary>
    [Id(4)] public required double Boundary { get; init; }

    /// <summary>The same, of a category; empty: none.</summary>
    [Id(5)] public string BoundaryText { get; init; } = "";
}
