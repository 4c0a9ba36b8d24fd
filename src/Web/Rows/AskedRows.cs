using System.Collections.Immutable;
using OrleansCluster.Datasets;
using OrleansCluster.Models.Routing;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Serving;
using OrleansCluster.Web.Problems;

namespace OrleansCluster.Web.Rows;

/// <summary>Rows that a model is asked about, as they were sent.</summary>
internal sealed record AskedRows
{
    private const string Name = "The request";

    /// <summary>Names of the columns; null: they were sent without.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>How many columns there are.</summary>
    public required int Width { get; init; }

    public required int Rows { get; init; }

    public Precision Precision { get; init; } = Precision.Float64;

    /// <summary>rows × width values, row-major, little-endian.</summary>
    public required ReadOnlyMemory<byte> Values { get; init; }

    /// <summary>
    /// What was sent in the place of numbers, by row · width + column: a text, true or false (whose value is 1 or 0), or null, where the value is missing (and
    /// NaN). Null: all are numbers.
    /// </summary>
    public IReadOnlyDictionary<int, object?>? Others { get; init; }

    /// <summary>Whether rows were sent as texts, so that those of numbers are meant as such.</summary>
    public bool AreTexts { get; init; }

    /// <summary>What the columns are, where the rows were read as a model's, in its order; else empty.</summary>
    public ImmutableArray<TypedColumn> Types { get; init; } = [];

    /// <summary>One a row, by which a route chooses; null: their values are their keys.</summary>
    public IReadOnlyList<string>? Ids { get; init; }

    /// <summary>The rows in the order of a model's columns.</summary>
    /// <exception cref="DataFormatException">The columns are not among those that were sent.</exception>
    /// <exception cref="ProblemException">There are no rows, or as many ids as are not rows, or a value is not what its column has.</exception>
    public RowsPayload For(AskedColumns inputs)
    {
        if (Rows == 0)
            throw ProblemException.Content("There are no rows: send at least one.");
        if (Ids is { } ids && ids.Count != Rows)
            throw ProblemException.Content($"{ids.Count} ids came with {Rows} rows: send one for each, or none.");
        RowsPayload rows = !Types.IsEmpty ? Numbers(Values) with { Types = Types }
            : inputs.AreTyped ? TypedRows.Of(this, Positions(inputs.Names), inputs)
            : Columns is null && Width == inputs.Names.Length && Others is null && inputs.AreInOrder ? Numbers(Values)
            : Plain(Positions(inputs.Names), inputs.Names);
        return Ids is null ? rows : rows with { Keys = RowKeys.Of([.. Ids]) };
    }

    /// <summary>Some of the rows, without ids.</summary>
    /// <param name="places">Which, from 0.</param>
    public AskedRows Some(int[] places)
    {
        int rowBytes = Width * (int)Precision;
        var values = new byte[places.Length * rowBytes];
        Dictionary<int, object?>? others = Others is null ? null : [];
        for (int i = 0; i < places.Length; i++)
        {
            Values.Span.Slice(places[i] * rowBytes, rowBytes).CopyTo(values.AsSpan(i * rowBytes));
            for (int j = 0; others is not null && j < Width; j++)
            {
                if (Others!.TryGetValue((places[i] * Width) + j, out object? other))
                    others.Add((i * Width) + j, other);
            }
        }

        return this with { Rows = places.Length, Values = values, Others = others, Ids = null };
    }

    private RowsPayload Plain(int[] positions, IReadOnlyList<string> names)
    {
        if (Others is not null)
            CheckNumbers(positions, names);
        bool asIs = Width == positions.Length && positions.AsSpan().SequenceEqual([.. Enumerable.Range(0, Width)]);
        return Numbers(asIs ? Values : RowBytes.OfColumns(RowBytes.AsBlock(Values, Precision, Width), positions)) with { Columns = positions.Length };
    }

    private void CheckNumbers(int[] positions, IReadOnlyList<string> names)
    {
        for (int row = 0; row < Rows; row++)
        {
            for (int j = 0; j < positions.Length; j++)
            {
                if (Others!.TryGetValue((row * Width) + positions[j], out object? other))
                    throw TypedRows.Wrong(row, names[j], TypedRows.NoNumber(other));
            }
        }
    }

    private RowsPayload Numbers(ReadOnlyMemory<byte> values) =>
        new() { Precision = Precision == Precision.Float32 ? "f4" : "f8", Columns = Width, Values = values };

    private int[] Positions(IReadOnlyList<string> wanted)
    {
        int[] all = [.. Enumerable.Range(0, Width)];
        string[] names = [.. Columns ?? all.Select(column => $"c{column}")];
        return new ColumnMatch(
            Name, names, Columns is not null && ColumnMatch.HasOwnNames(names), wanted)
        { HasOptions = false, OffersPositions = false }.Find(null, () => all,
            byPosition: false);
    }
}
