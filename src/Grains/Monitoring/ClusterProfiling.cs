using System.Collections.Immutable;
using System.Text.Json.Nodes;
using OrleansCluster.Contracts.Api;
using OrleansCluster.Families;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Numerics.Profiles;

namespace OrleansCluster.Monitoring;

/// <summary>What clusters are like, by rows and the clusters that they belong to. Safe for concurrent use.</summary>
/// <param name="columns">The columns that are told.</param>
/// <param name="values">The rows' values, column by column; NaN: missing.</param>
/// <param name="labels">Places of the rows' clusters.</param>
/// <param name="distances">The rows' distances to their centres.</param>
/// <param name="labelling">Whose distances they are.</param>
/// <param name="fits">How well clusters fit; null: that has no measure, and rows are ranked by distance.</param>
/// <param name="rows">Numbers and ids of the rows.</param>
/// <param name="parallel">What sorts.</param>
internal sealed class ClusterProfiling(
    ImmutableArray<RowColumn> columns, double[][] values, int[] labels, double[] distances, ILabels labelling, ClusterFits? fits, LookedRows rows,
        IParallel parallel)
{
    private const int MostCategories = 5;

    private static readonly int[] Percents = [5, 25, 50, 75, 95];

    /// <summary>Of each column the rows that have a value, by it.</summary>
    private readonly int[][] _byValue = ByValue(values, parallel);

    /// <summary>Tells of a cluster.</summary>
    /// <param name="place">Its place in the parameters.</param>
    /// <param name="shown">How many rows of each kind are told.</param>
    /// <param name="mostColumns">How many columns are told at most, those first that set it apart; 0: all.</param>
    /// <param name="idOf">The stable id of a place.</param>
    public ClusterProfileDocument Of(int place, int shown, int mostColumns, Func<int, int> idOf)
    {
        int[] its = [.. Enumerable.Range(0, labels.Length).Where(row => labels[row] == place)];
        // Of equals the first in the dataset comes first: sorting is stable.
        int[] best = [.. fits is null ? its.OrderBy(row => distances[row]) : its.OrderByDescending(row => fits.Fits[row])];
        double squares = 0;
        foreach (int row in its)
            squares += labelling.Square(distances[row]);
        int told = Math.Min(shown, best.Length);
        return new ClusterProfileDocument
        {
            Cluster = idOf(place),
            Size = its.Length,
            Share = labels.Length == 0 ? 0 : (double)its.Length / labels.Length,
            Spread = its.Length == 0 ? null : Math.Sqrt(squares / its.Length),
            Columns = [.. Enumerable.Range(0, columns.Length).Select(column => Column(column, place, its.Length)).OrderByDescending(column => column.Apart)
                .Take(mostColumns > 0 ? mostColumns : columns.Length)],
            Typical = [.. best.Take(told).Select(row => Row(row, idOf))],
            // From the middle of each of so many equal parts.
            Representative = [.. Enumerable.Range(0, told).Select(i => Row(best[(int)(((2L * i) + 1) * best.Length / (2L * told))], idOf))],
            Doubtful = fits is null ? [] : [.. its.Where(row => !double.IsNaN(fits.Leads[row])).OrderBy(row => fits.Leads[row]).Take(shown)
                .Select(row => Row(row, idOf))],
        };
    }

    private static int[][] ByValue(double[][] values, IParallel parallel)
    {
        var sorted = new int[values.Length][];
        parallel.For(values.Length, column => sorted[column] = ByValue(values[column]));
        return sorted;
    }

    /// <summary>Rows by their values; of equals the first in the dataset comes first.</summary>
    private static int[] ByValue(double[] values)
    {
        (double[] keys, int[] rows) = (new double[values.Length], new int[values.Length]);
        int count = 0;
        for (int row = 0; row < values.Length; row++)
        {
            if (!double.IsNaN(values[row]))
                (keys[count], rows[count++]) = (values[row], row);
        }

        Array.Sort(keys, rows, 0, count);
        for (int first = 0, end; first < count; first = end)
        {
            for (end = first + 1; end < count && keys[end] == keys[first];)
                end++;
            if (end - first > 1)
                Array.Sort(rows, first, end - first);
        }

        return rows[..count];
    }

    private ClusterColumnDocument Column(int column, int place, int size)
    {
        (int[] inside, int[] outside) = Divide(_byValue[column], place);
        var told = new ClusterColumnDocument
        {
            Column = columns[column].Name,
            Type = RowColumn.NameOf(columns[column].Type),
            Missing = size - inside.Length,
        };
        if (columns[column].Type == ColumnType.Category)
        {
            Count(told, column, place);
            return told;
        }

        told.Apart = Contrasts.OfValues(values[column], _byValue[column], labels, place);
        if (inside.Length == 0)
            return told;
        (double mean, double deviation) = Contrasts.Moments(inside, values[column]);
        (told.Mean, told.Deviation) = (mean, deviation);
        told.MeanElsewhere = outside.Length == 0 ? null : Contrasts.Moments(outside, values[column]).Mean;
        told.Quantiles = [.. Percents.Select(percent => Contrasts.Quantile(inside, values[column], percent))];
        return told;
    }

    /// <summary>Rows of a cluster and all others, each in the order given.</summary>
    private (int[] Inside, int[] Outside) Divide(int[] order, int place)
    {
        int count = 0;
        foreach (int row in order)
            count += labels[row] == place ? 1 : 0;
        (int[] inside, int[] outside) = (new int[count], new int[order.Length - count]);
        (int i, int j) = (0, 0);
        foreach (int row in order)
        {
            if (labels[row] == place)
                inside[i++] = row;
            else
                outside[j++] = row;
        }

        return (inside, outside);
    }

    private void Count(ClusterColumnDocument told, int column, int place)
    {
        ImmutableArray<string> texts = columns[column].Categories;
        (long[] here, long[] there) = (new long[texts.Length], new long[texts.Length]);
        foreach (int row in _byValue[column])
            (labels[row] == place ? here : there)[(int)values[column][row]]++;
        double inside = Math.Max(1, here.Sum()), outside = Math.Max(1, there.Sum());
        told.Apart = Contrasts.OfCategories(here, there);
        told.Categories = [.. Enumerable.Range(0, texts.Length).Where(i => here[i] > 0).OrderByDescending(i => here[i]).Take(MostCategories)
            .Select(i => new ClusterCategoryDocument { Category = texts[i], Share = here[i] / inside, ShareElsewhere = there[i] / outside })];
    }

    private ClusterRowDocument Row(int row, Func<int, int> idOf) => new()
    {
        Row = rows.Number(row),
        Id = rows.Id(row),
        Fit = fits?.Fits[row],
        Lead = fits is null || double.IsNaN(fits.Leads[row]) ? null : fits.Leads[row],
        RunnerUp = fits is null || fits.RunnersUp[row] < 0 ? null : idOf(fits.RunnersUp[row]),
        Values = [.. columns.Select((column, j) => new RowValueDocument { Column = column.Name, Value = Value(column, values[j][row]) })],
    };

    private static JsonValue? Value(RowColumn column, double value) => double.IsNaN(value) ? null : column.Type switch
    {
        ColumnType.Category => JsonValue.Create(column.Categories[(int)value]),
        ColumnType.Boolean => JsonValue.Create(value > 0),
        ColumnType.Time => JsonValue.Create(ShownTime.Of(value)),
        _ => JsonValue.Create(value),
    };
}
