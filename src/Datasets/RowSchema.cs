using System.Collections.Immutable;
using OrleansCluster.Contracts;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Datasets;

/// <summary>
/// What a row holds: its value columns in order, how they are stored, and whether an id and a weight come with them. Names are kept composed
/// (<see cref="ComposedText"/>).
/// </summary>
public sealed record RowSchema
{
    /// <summary>Most value columns a row may have: a whole shard must be addressable as one span.</summary>
    public const int MaximumColumns = int.MaxValue / ShardFormat.RowsPerShard;

    /// <param name="columns">Names of the value columns, distinct, 1 to <see cref="MaximumColumns"/>.</param>
    /// <param name="precision">How every value is stored.</param>
    /// <param name="idColumn">Name of the column carried as row id; null when rows are only numbered.</param>
    /// <param name="weightColumn">Name of the column used as row weight; null when every row weighs 1.</param>
    /// <param name="types">What the values of each column are, any of which may be missing (NaN); null or none: numbers, of which none is missing.</param>
    /// <param name="isSparse">Whether only values other than 0 are stored.</param>
    /// <exception cref="DataFormatException">No columns, too many, two of one name, or times or categories that are not to be stored as float64.</exception>
    public RowSchema(IEnumerable<string> columns, Precision precision, string? idColumn = null, string? weightColumn = null,
        IEnumerable<ColumnType>? types = null, bool isSparse = false)
    {
        Columns = [.. columns.Select(ComposedText.Of)];
        if (Columns.Length == 0)
            throw new DataFormatException("There are no value columns: at least one is needed.");
        int most = isSparse ? SparseBlock.MostColumns : MaximumColumns;
        if (Columns.Length > most)
            throw new DataFormatException($"{Columns.Length} value columns are more than the {most} that a {(isSparse ? "sparse " : "")}row can have: choose "
                + "fewer with --columns.");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string column in Columns)
        {
            if (!seen.Add(column))
                throw new DataFormatException($"Two value columns are named '{column}': names must differ.");
        }

        if (!Enum.IsDefined(precision))
            throw new ArgumentOutOfRangeException(nameof(precision), precision, "Neither Float32 nor Float64.");
        (Precision, IdColumn, WeightColumn, Types, IsSparse) = (precision, Compose(idColumn), Compose(weightColumn), [.. types ?? []], isSparse);
        if (isSparse && Types.Any(type => type != ColumnType.Number))
            throw new DataFormatException("Sparse rows hold numbers alone: times, categories, yes and no need dense ones.");
        // None is ever missing.
        if (isSparse)
            Types = [];
        if (Types.Length > 0 && Types.Length != Columns.Length)
            throw new ArgumentException($"{Types.Length} types for {Columns.Length} columns.", nameof(types));
        if (precision == Precision.Float32 && Types.IndexOf(ColumnType.Time) is >= 0 and var time)
            throw new DataFormatException(
                $"Column '{Columns[time]}' holds times, which float32 is too coarse for: store the rows with --dtype f8, or leave the column out.");
    }

    public ImmutableArray<string> Columns { get; }

    /// <summary>What the values of each column are, where they may be other than numbers, and missing; else empty.</summary>
    public ImmutableArray<ColumnType> Types { get; }

    public Precision Precision { get; }

    public string? IdColumn { get; }

    public string? WeightColumn { get; }

    /// <summary>Whether only values other than 0 are stored; none is missing then.</summary>
    public bool IsSparse { get; }

    /// <summary>What the values of a column are.</summary>
    /// <param name="column">From 0.</param>
    public ColumnType TypeOf(int column) => Types.IsEmpty ? ColumnType.Number : Types[column];

    /// <summary>Bytes of one row's values, zeros among them.</summary>
    public int RowBytes => Columns.Length * (int)Precision;

    private static string? Compose(string? name) => name is null ? null : ComposedText.Of(name);
}
