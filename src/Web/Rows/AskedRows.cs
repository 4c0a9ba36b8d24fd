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

    /// <summary>One a row, by which a route chooses; null: their values are their keys.</summary>
    public IReadOnlyList<string>? Ids { get; init; }

    /// <summary>The rows in the order of a model's columns.</summary>
    /// <param name="wanted">The model's columns.</param>
    /// <exception cref="DataFormatException">They are not among those that were sent.</exception>
    /// <exception cref="ProblemException">There are no rows, or as many ids as are not rows.</exception>
    public RowsPayload For(IReadOnlyList<string> wanted)
    {
        if (Rows == 0)
            throw ProblemException.Content("There are no rows: send at least one.");
        if (Ids is { } ids && ids.Count != Rows)
            throw ProblemException.Content($"{ids.Count} ids came with {Rows} rows: send one for each, or none.");
        int[] positions = Positions(wanted);
        bool asIs = Width == wanted.Count && positions.AsSpan().SequenceEqual([.. Enumerable.Range(0, Width)]);
        return new RowsPayload
        {
            Precision = Precision == Precision.Float32 ? "f4" : "f8",
            Columns = wanted.Count,
            Values = asIs ? Values : RowBytes.OfColumns(RowBytes.AsBlock(Values, Precision, Width), positions),
            Keys = Ids is null ? default : RowKeys.Of([.. Ids]),
        };
    }

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
