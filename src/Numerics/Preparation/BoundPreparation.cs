using System.Buffers;
using System.Collections.Immutable;
using System.Numerics;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Numerics.Preparation;

/// <summary>A preparation over rows of certain columns: the same row gives the same bits, whichever rows it comes with. Safe for concurrent use.</summary>
public sealed class BoundPreparation
{
    private const int TileValues = 1 << 14;
    private const int SliceRows = 8192;

    private readonly FittedPreparation _fitted;
    private readonly ImmutableArray<RowColumn> _columns;
    private readonly ImmutableArray<int> _places;
    private readonly ImmutableArray<BoundStep> _steps;
    private readonly ImmutableArray<int> _kept;

    /// <summary>Of each input that is a category: whether the training rows had that of each place.</summary>
    private readonly bool[]?[] _known;

    internal BoundPreparation(
        FittedPreparation fitted, ImmutableArray<RowColumn> columns, ImmutableArray<int> places, ImmutableArray<BoundStep> steps,
            ImmutableArray<RowColumn> last)
    {
        (_fitted, _columns, _places, _steps, All) = (fitted, columns, places, steps, last);
        // Texts and times are nothing to measure distances by.
        _kept = [.. Enumerable.Range(0, last.Length).Where(place => last[place].Type is ColumnType.Number or ColumnType.Boolean)];
        Outputs = [.. _kept.Select(place => last[place].Name)];
        Widest = steps.Select(step => step.Outputs.Length).Append(fitted.Inputs.Length).Max();
        if (Outputs.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new TrainingException($"The preparation makes two columns named '{twice.Key}': rename a column of the rows.");
        _known = [.. fitted.Inputs.Select((input, index) => Known(input, columns[places[index]]))];
    }

    /// <summary>Names of the columns of prepared rows.</summary>
    public ImmutableArray<string> Outputs { get; }

    /// <summary>The columns of the steps' rows, of which only numbers are kept in the end.</summary>
    internal ImmutableArray<RowColumn> All { get; }

    private int Widest { get; }

    private int Columns => _columns.Length;

    /// <summary>The input that each prepared column comes of alone, by its place among the preparation's inputs; −1: it comes of several.</summary>
    public ImmutableArray<int> Origins()
    {
        ImmutableArray<int> origins = [.. Enumerable.Range(0, _places.Length)];
        foreach (BoundStep step in _steps)
            origins = [.. step.Origins.Select(place => place < 0 ? -1 : origins[place])];
        return [.. _kept.Select(place => origins[place])];
    }

    /// <summary>Prepared rows, with the weights and ids of the rows.</summary>
    /// <param name="rows">Rows of the columns that this was bound to.</param>
    /// <param name="parallel">Where slices run.</param>
    public RowBlock Prepare(RowBlock rows, IParallel parallel) => Prepare(rows, parallel, _kept);

    /// <summary>Rows after the steps, with the columns that are not kept in the end.</summary>
    internal RowBlock PrepareAll(RowBlock rows, IParallel parallel) => Prepare(rows, parallel, [.. Enumerable.Range(0, All.Length)]);

    /// <summary>Counts values of rows that are missing, and categories that the training rows had not.</summary>
    /// <param name="rows">Rows of the columns that this was bound to.</param>
    public (long Missing, long Unknown) Count(RowBlock rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return rows.Precision == Precision.Float64 ? Count(rows.Float64.Span, rows) : Count(rows.Float32.Span, rows);
    }

    private (long Missing, long Unknown) Count<T>(ReadOnlySpan<T> values, RowBlock rows)
        where T : struct, IFloatingPointIeee754<T>
    {
        long missing = 0, unknown = 0;
        for (int input = 0; input < _places.Length; input++)
        {
            bool[]? known = _known[input];
            for (int row = 0, at = _places[input]; row < rows.Rows; row++, at += rows.Columns)
            {
                T value = values[at];
                if (T.IsNaN(value))
                    missing++;
                else if (known is not null && !known[int.CreateTruncating(value)])
                    unknown++;
            }
        }

        return (missing, unknown);
    }

    /// <summary>The first input of a row that has no value; −1: all have one.</summary>
    /// <param name="rows">Rows of the columns that this was bound to.</param>
    /// <param name="row">From 0.</param>
    public int FirstMissing(RowBlock rows, int row)
    {
        ArgumentNullException.ThrowIfNull(rows);
        foreach (int place in _places)
        {
            if (double.IsNaN(Value(rows, row, place)))
                return place;
        }

        return -1;
    }

    private static bool[]? Known(RowColumn input, RowColumn given)
    {
        if (input.Type != ColumnType.Category)
            return null;
        var known = input.Categories.ToHashSet(StringComparer.Ordinal);
        return [.. given.Categories.Select(known.Contains)];
    }

    private static double Value(RowBlock rows, int row, int column) =>
        rows.Precision == Precision.Float64 ? rows.Float64.Span[(row * rows.Columns) + column] : rows.Float32.Span[(row * rows.Columns) + column];

    private RowBlock Prepare(RowBlock rows, IParallel parallel, ImmutableArray<int> kept)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(parallel);
        if (rows.Columns != Columns)
            throw new ArgumentException($"The rows have {rows.Columns} columns, and the preparation is for {Columns}.", nameof(rows));
        double[] values = GC.AllocateUninitializedArray<double>(checked(rows.Rows * kept.Length));
        parallel.For((rows.Rows + SliceRows - 1) / SliceRows, slice =>
        {
            int tile = Math.Max(1, TileValues / Widest);
            double[] one = ArrayPool<double>.Shared.Rent(tile * Widest), other = ArrayPool<double>.Shared.Rent(tile * Widest);
            int end = Math.Min(rows.Rows, (slice + 1) * SliceRows);
            for (int first = slice * SliceRows; first < end; first += tile)
            {
                int count = Math.Min(tile, end - first);
                Apply(rows, first, count, one, other, kept, values.AsSpan(first * kept.Length, count * kept.Length));
            }

            ArrayPool<double>.Shared.Return(one);
            ArrayPool<double>.Shared.Return(other);
        });
        return new RowBlock(values, kept.Length, rows.Weights, rows.FirstRow);
    }

    /// <summary>Prepares a tile of rows, back and forth between two buffers.</summary>
    private void Apply(RowBlock rows, int first, int count, Span<double> source, Span<double> target, ImmutableArray<int> kept, Span<double> result)
    {
        if (rows.Precision == Precision.Float64)
            Take(rows.Float64.Span[(first * rows.Columns)..], rows.Columns, count, source);
        else
            Take(rows.Float32.Span[(first * rows.Columns)..], rows.Columns, count, source);
        foreach (BoundStep step in _steps)
        {
            step.Apply(source, target, count);
            Span<double> made = target;
            target = source;
            source = made;
        }

        int width = All.Length;
        for (int row = 0, at = 0; row < count; row++)
        {
            foreach (int place in kept.AsSpan())
                result[at++] = source[(row * width) + place];
        }
    }

    /// <summary>Takes the inputs out of rows.</summary>
    private void Take<T>(ReadOnlySpan<T> rows, int columns, int count, Span<double> inputs)
        where T : struct, IFloatingPointIeee754<T>
    {
        ReadOnlySpan<int> places = _places.AsSpan();
        for (int row = 0, at = 0; row < count; row++)
        {
            ReadOnlySpan<T> values = rows.Slice(row * columns, columns);
            foreach (int place in places)
                inputs[at++] = double.CreateTruncating(values[place]);
        }
    }
}
