using System.Collections.Immutable;
using System.Globalization;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Datasets;

/// <summary>Some rows of a table, never changed after they were read.</summary>
public sealed record RowBatch
{
    /// <summary>Position in the table of the first row, from 0.</summary>
    public required long FirstRow { get; init; }

    /// <summary>At least 1.</summary>
    public required int Rows { get; init; }

    public required int Columns { get; init; }

    public required Precision Precision { get; init; }

    /// <summary>rows × columns values, row-major, little-endian.</summary>
    public required ReadOnlyMemory<byte> Values { get; init; }

    /// <summary>One weight a row; empty when there is no weight column.</summary>
    public required ReadOnlyMemory<double> Weights { get; init; }

    /// <summary>One id a row; empty when there is no id column.</summary>
    public required ImmutableArray<string> Ids { get; init; }

    /// <summary>One known label a row, as it is written; empty when there is no label column.</summary>
    public ImmutableArray<string> Labels { get; init; } = [];

    /// <summary>The line, from 1, on which each row of a text begins; empty when there are no lines.</summary>
    public ReadOnlyMemory<long> Lines { get; init; }

    /// <summary>Where each row stands in its table, from 0, where rows before it were left out; else empty.</summary>
    public ImmutableArray<long> Places { get; init; } = [];

    /// <summary>The file that the rows stand in, where a table is made of several; else empty.</summary>
    public string Source { get; init; } = "";

    /// <summary>The rows as a block over the same memory.</summary>
    public RowBlock ToBlock() => RowBytes.AsBlock(Values, Precision, Columns, Weights, FirstRow);

    /// <summary>Where a row of the batch is in its table, as messages say it: <c>line 5</c>, or <c>row 3 (from 0)</c> of what has no lines.</summary>
    public string Place(int row) => Source.Length > 0 ? $"{Source}, {PlaceIn(row)}" : PlaceIn(row);

    private string PlaceIn(int row) => Lines.IsEmpty
        ? $"row {(Places.IsEmpty ? FirstRow + row : Places[row]).ToString(CultureInfo.InvariantCulture)} (from 0)"
        : $"line {Lines.Span[row].ToString(CultureInfo.InvariantCulture)}";
}
