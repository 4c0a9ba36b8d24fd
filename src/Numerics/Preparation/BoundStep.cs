using System.Collections.Immutable;

namespace OrleansCluster.Numerics.Preparation;

/// <summary>A fitted step over rows of certain columns: what turns rows into rows. Row by row, so that it does not matter which are done together.</summary>
/// <param name="outputs">The columns of what comes of it.</param>
internal abstract class BoundStep(ImmutableArray<RowColumn> outputs)
{
    public ImmutableArray<RowColumn> Outputs => outputs;

    /// <summary>The place of the one column that each output comes of; −1: it comes of several.</summary>
    public abstract ImmutableArray<int> Origins { get; }

    /// <param name="rows">count × its columns values.</param>
    /// <param name="target">Out: count × <see cref="Outputs"/> values.</param>
    /// <param name="count">Rows.</param>
    public abstract void Apply(ReadOnlySpan<double> rows, Span<double> target, int count);
}

/// <summary>Changes values of some columns, each by itself.</summary>
/// <param name="outputs">The columns, of which there are as many as before.</param>
/// <param name="places">Which of them it changes.</param>
/// <param name="change">
/// The new value for one of <paramref name="places"/>, by its index there. To be compiled well at once: a fit is over before the runtime sees that it is hot.
/// </param>
internal sealed class ColumnwiseStep(ImmutableArray<RowColumn> outputs, ImmutableArray<int> places, Func<int, double, double> change) : BoundStep(outputs)
{
    public override ImmutableArray<int> Origins => [.. Enumerable.Range(0, Outputs.Length)];

    public override void Apply(ReadOnlySpan<double> rows, Span<double> target, int count)
    {
        int width = Outputs.Length;
        rows[..(count * width)].CopyTo(target);
        Func<int, double, double> changed = change;
        for (int index = 0; index < places.Length; index++)
        {
            for (int at = places[index]; at < count * width; at += width)
                target[at] = changed(index, target[at]);
        }
    }
}

/// <summary>The values that one value becomes.</summary>
/// <param name="index">Which of the columns that are expanded.</param>
/// <param name="value">Its value.</param>
/// <param name="target">Out: filled with zeros.</param>
internal delegate void Expansion(int index, double value, Span<double> target);

/// <summary>Puts several columns in the place of one. The others stay, in their order.</summary>
/// <param name="outputs">The columns that come of it.</param>
/// <param name="width">Columns before.</param>
/// <param name="places">Those that are expanded, ascending.</param>
/// <param name="widths">How many columns come of each.</param>
/// <param name="expand">What becomes of a value.</param>
internal sealed class ExpandingStep(ImmutableArray<RowColumn> outputs, int width, ImmutableArray<int> places, ImmutableArray<int> widths, Expansion expand)
    : BoundStep(outputs)
{
    public override ImmutableArray<int> Origins =>
        [.. Indices(width, places).SelectMany((index, place) => Enumerable.Repeat(place, index >= 0 ? widths[index] : 1))];

    /// <summary>The columns that come of columns when some are expanded.</summary>
    public static ImmutableArray<RowColumn> Columns(ImmutableArray<RowColumn> columns, ImmutableArray<int> places, Func<int, IEnumerable<string>> names) =>
        [.. Indices(columns.Length, places).SelectMany((index, place) => index >= 0 ? names(index).Select(name => new RowColumn(name)) : [columns[place]])];

    /// <summary>Of each column its index among those that are expanded; −1: it stays.</summary>
    private static int[] Indices(int width, ImmutableArray<int> places)
    {
        var indices = new int[width];
        Array.Fill(indices, -1);
        for (int index = 0; index < places.Length; index++)
            indices[places[index]] = index;
        return indices;
    }

    public override void Apply(ReadOnlySpan<double> rows, Span<double> target, int count)
    {
        int outputs = Outputs.Length;
        ReadOnlySpan<int> expanded = places.AsSpan(), lengths = widths.AsSpan();
        Expansion expansion = expand;
        target[..(count * outputs)].Clear();
        for (int row = 0; row < count; row++)
        {
            ReadOnlySpan<double> source = rows.Slice(row * width, width);
            Span<double> made = target.Slice(row * outputs, outputs);
            for (int place = 0, at = 0, index = 0; place < width; place++)
            {
                if (index < expanded.Length && expanded[index] == place)
                {
                    expansion(index, source[place], made.Slice(at, lengths[index]));
                    at += lengths[index++];
                }
                else
                {
                    made[at++] = source[place];
                }
            }
        }
    }
}
