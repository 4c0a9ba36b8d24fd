using OrleansCluster.Numerics;

namespace OrleansCluster.Datasets;

/// <summary>How to read a table; whatever is null is detected.</summary>
public sealed record ReadOptions
{
    /// <summary>Text: what separates cells, any ASCII character; a blank means runs of blanks and tabs. Null: tab, semicolon, comma or white space, as the first lines show.</summary>
    public char? Delimiter { get; init; }

    /// <summary>Text: whether the first line holds names. Null: it does when it has text and no number.</summary>
    public bool? Header { get; init; }

    /// <summary>Text: a cell that begins with this character ends with it, and two of it within stand for one. Null: there are no quotes.</summary>
    public char? Quote { get; init; } = '"';

    /// <summary>
    /// The value columns, in this order: names, positions from 0, and ranges of either with both ends included, separated by commas:
    /// <c>age,income..rent</c>, <c>0..3,7</c>. A name goes before a position. Null: all but the id and weight columns.
    /// </summary>
    public string? Columns { get; init; }

    /// <summary>Name or position (from 0) of the column carried along as row id. Null: none, it is never guessed.</summary>
    public string? IdColumn { get; init; }

    /// <summary>Name or position (from 0) of the column of row weights (finite, at least 0). Null: every row weighs 1.</summary>
    public string? WeightColumn { get; init; }

    /// <summary>How values are stored. Null: text as float64; npy as it is there, integers as float32 when it holds their type exactly, else as float64.</summary>
    public Precision? Precision { get; init; }
}
