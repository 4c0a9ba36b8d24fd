using OrleansCluster.Cli.Input;
using OrleansCluster.Datasets;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Cli.Export;

/// <summary>
/// Columns of rows as they are written again: numbers as they are stored, texts as texts, true and false, times as times, and missing as missing.
/// </summary>
/// <param name="names">Names of the rows' columns.</param>
/// <param name="types">What they are; empty: all are numbers.</param>
/// <param name="precision">How their values are stored.</param>
/// <param name="categories">The texts of a column of categories, as far as they are known when rows come.</param>
/// <param name="places">Which of them are written, in this order.</param>
internal sealed class TableColumns(
    IReadOnlyList<string> names, IReadOnlyList<ColumnType> types, Precision precision, Func<int, IReadOnlyList<string>> categories, int[] places)
{
    /// <summary>The columns.</summary>
    public OutputColumn[] Columns { get; } = [.. places.Select(place => new OutputColumn(names[place], TypeOf(types, place, precision)))];

    /// <summary>Columns of a dataset.</summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="read">Positions of its columns that rows have.</param>
    /// <param name="places">Which of those are written, in this order.</param>
    public static TableColumns Of(DatasetVersion dataset, int[] read, int[] places) => new(
        [.. read.Select(column => dataset.Columns[column].Name)],
        [.. read.Select(column => RowColumn.TypeOf(dataset.Columns[column].Type) ?? ColumnType.Number)],
        dataset.Precision == "f4" ? Precision.Float32 : Precision.Float64,
        column => dataset.Columns[read[column]].Categories,
        places);

    /// <summary>What is written of rows and of answers to them.</summary>
    /// <param name="kept">What is kept of the rows; null: nothing.</param>
    /// <param name="key">Their ids or numbers.</param>
    /// <param name="answers">The answers.</param>
    /// <exception cref="CommandException">Two columns would be called the same.</exception>
    public static OutputColumn[] Beside(TableColumns? kept, OutputColumn key, OutputColumn[] answers)
    {
        OutputColumn[] all = [key, .. kept?.Columns ?? [], .. answers];
        string? twice = all.GroupBy(column => column.Name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1)?.Key;
        return twice is null ? all : throw CommandException.Usage($"The rows have a column '{twice}', and so have the answers: list the columns to keep "
            + "without it, --keep-columns LIST, or rename it.");
    }

    /// <summary>Refuses columns where there is no place for them.</summary>
    /// <exception cref="CommandException">There is none.</exception>
    public static void Check(RowQuery query, string? output)
    {
        if (query.Keep is null)
            return;
        if (output is null)
            throw CommandException.Usage("--keep-columns says what is written beside the answers: name a file with --out.");
        if (output.EndsWith(".npy", StringComparison.OrdinalIgnoreCase))
            throw CommandException.Usage($"--out {output} is an array of the answers alone: --keep-columns needs a table, as .csv, .parquet, "
                + ".arrow and .jsonl are.");
    }

    /// <summary>What is written of some rows.</summary>
    public Array[] Of(RowBlock rows) => [.. places.Select((place, i) => Of(rows, place, Columns[i].Type))];

    private static Type TypeOf(IReadOnlyList<ColumnType> types, int place, Precision precision) => (types.Count == 0 ? ColumnType.Number : types[place]) switch
    {
        ColumnType.Category => typeof(string),
        ColumnType.Boolean => typeof(bool),
        ColumnType.Time => typeof(DateTime),
        _ => precision == Precision.Float32 ? typeof(float) : typeof(double),
    };

    private Array Of(RowBlock rows, int place, Type type)
    {
        if (type == typeof(float))
            return Values<float>(rows.Float32.Span, rows, place);
        double[] values = rows.Precision == Precision.Float64 ? Values<double>(rows.Float64.Span, rows, place)
            : Array.ConvertAll(Values<float>(rows.Float32.Span, rows, place), value => (double)value);
        if (type != typeof(string))
            return values;
        IReadOnlyList<string> texts = categories(place);
        return Array.ConvertAll(values, value => double.IsNaN(value) ? "" : texts[(int)value]);
    }

    private static T[] Values<T>(ReadOnlySpan<T> all, RowBlock rows, int place)
    {
        var values = new T[rows.Rows];
        for (int row = 0; row < values.Length; row++)
            values[row] = all[(row * rows.Columns) + place];
        return values;
    }
}
