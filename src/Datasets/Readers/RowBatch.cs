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

    /// <summary>Whether the rows come without their zeros.</summary>
    public bool IsSparse { get; init; }

    /// <summary>rows × columns values, row-major, little-endian; or sparse rows as <see cref="SparseRowBytes"/> has them.</summary>
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

    /// <summary>Where the memory of the values was borrowed; null: it was not.</summary>
    internal BorrowedBytes? Borrowed { get; init; }

    /// <summary>
    /// Says that nobody looks at the values any more: their memory serves for other rows. For those who read many rows and keep none; without it the memory is
    /// left to be collected.
    /// </summary>
    public void Return() => Borrowed?.Return();

    /// <summary>The rows as a block over the same memory.</summary>
    public RowBlock ToBlock() => RowBytes.AsBlock(Values, Precision, Columns, Weights, FirstRow);

    /// <summary>Where a row of the batch is in its table, as messages say it: <c>line 5</c>, or <c>row 3 (from 0)</c> of what has no lines.</summary>
    public string Place(int row) => Source.Length > 0 ? $"{Source}, {PlaceIn(row)}" : PlaceIn(row);

    /// <summary>Some of the rows, and the first of their columns.</summary>
    /// <param name="kept">Which rows, ascending.</param>
    /// <param name="columns">How many columns.</param>
    /// <param name="firstRow">Position of the first of them among all that are kept.</param>
    internal RowBatch Select(int[] kept, int columns, long firstRow)
    {
        if (kept.Length == Rows && columns == Columns)
            return this with { FirstRow = firstRow };
        byte[] values = IsSparse ? SelectSparse(kept) : SelectDense(kept, columns);
        return this with
        {
            FirstRow = firstRow,
            Rows = kept.Length,
            Columns = columns,
            Values = values,
            Weights = Of(Weights, kept),
            Ids = Ids.IsDefaultOrEmpty ? [] : [.. kept.Select(i => Ids[i])],
            Labels = Labels.IsDefaultOrEmpty ? [] : [.. kept.Select(i => Labels[i])],
            Lines = Of(Lines, kept),
            // Messages say where rows stand in the table, not among those that were kept.
            Places = [.. kept.Select(i => Places.IsEmpty ? FirstRow + i : Places[i])],
        };
    }

    private byte[] SelectDense(int[] kept, int columns)
    {
        int size = (int)Precision, from = Columns * size, to = columns * size;
        var values = new byte[kept.Length * to];
        for (int i = 0; i < kept.Length; i++)
            Values.Span.Slice(kept[i] * from, to).CopyTo(values.AsSpan(i * to));
        return values;
    }

    private byte[] SelectSparse(int[] kept)
    {
        using var values = new MemoryStream();
        ReadOnlySpan<byte> left = Values.Span;
        for (int row = 0, i = 0; i < kept.Length; row++)
        {
            int length = SparseRowBytes.Length(left, Precision, 1);
            if (kept[i] == row)
            {
                values.Write(left[..length]);
                i++;
            }

            left = left[length..];
        }

        return values.ToArray();
    }

    private static ReadOnlyMemory<T> Of<T>(ReadOnlyMemory<T> all, int[] kept) => all.IsEmpty ? all : kept.Select(i => all.Span[i]).ToArray();

    private string PlaceIn(int row) => Lines.IsEmpty
        ? $"row {(Places.IsEmpty ? FirstRow + row : Places[row]).ToString(CultureInfo.InvariantCulture)} (from 0)"
        : $"line {Lines.Span[row].ToString(CultureInfo.InvariantCulture)}";
}
