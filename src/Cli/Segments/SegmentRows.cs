using System.Globalization;
using System.Runtime.InteropServices;
using OrleansCluster.Datasets;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Cli.Segments;

/// <summary>Rows with what was said of them and what was true, and the columns that they are cut into segments by.</summary>
internal sealed class SegmentRows
{
    private const int MostValues = 100;

    private SegmentRows(string[] by) => (ByNames, By) = (by, [.. by.Select(_ => new List<string>())]);

    public List<string> Truths { get; } = [];

    public List<string> Said { get; } = [];

    public List<double> TrueNumbers { get; } = [];

    public List<double> SaidNumbers { get; } = [];

    /// <summary>Empty: there are none.</summary>
    public List<double> Scores { get; } = [];

    public string[] ByNames { get; }

    /// <summary>Values of each column that segments are cut by.</summary>
    public List<string>[] By { get; }

    /// <summary>Whether truth and prediction are both numbers.</summary>
    public bool AreNumbers { get; private set; }

    public int Count => Truths.Count;

    /// <exception cref="CommandException">A column is not there, or a value that is needed is missing.</exception>
    /// <exception cref="DataFormatException">The file cannot be used.</exception>
    public static SegmentRows Read(
        string file, ReadOptions options, string truth, string prediction, string? score, string[] by, CancellationToken cancellation)
    {
        options = options with { Typed = true, AllowsMissing = true, Precision = Precision.Float64 };
        ITable table = TableFile.Open(file, options);
        string[] names = [truth, prediction, .. score is null ? Array.Empty<string>() : [score], .. by];
        int[] places;
        try
        {
            places = [.. names.Select(name => Find(table, name))];
        }
        catch
        {
            table.Dispose();
            throw;
        }

        // A column that is asked for twice is read once.
        int[] read = [.. places.Distinct()];
        using IRowReader reader = table.Read(options, read);
        int[] at = [.. places.Select(place => Array.IndexOf(read, place))];
        var rows = new SegmentRows(by) { AreNumbers = at.Take(2).All(column => reader.Types[column] == ColumnType.Number) };
        bool mixed = at.Take(2).Any(column => reader.Types[column] == ColumnType.Boolean);
        int first = score is null ? 2 : 3;
        while (reader.ReadBatch(out RowBatch? batch))
        {
            cancellation.ThrowIfCancellationRequested();
            ReadOnlySpan<double> values = MemoryMarshal.Cast<byte, double>(batch.Values.Span);
            for (int i = 0; i < batch.Rows; i++)
            {
                ReadOnlySpan<double> row = values.Slice(i * read.Length, read.Length);
                for (int column = 0; column < first; column++)
                {
                    if (double.IsNaN(row[at[column]]))
                        throw CommandException.Usage(
                            $"{table.Name}, {batch.Place(i)}, column '{names[column]}': there is no value. Leave such rows out with --where "
                                + $"'{names[column]} is not missing'.");
                }

                rows.Truths.Add(Text(reader, at[0], row[at[0]], mixed));
                rows.Said.Add(Text(reader, at[1], row[at[1]], mixed));
                rows.TrueNumbers.Add(row[at[0]]);
                rows.SaidNumbers.Add(row[at[1]]);
                if (score is not null)
                    rows.Scores.Add(row[at[2]]);
                for (int column = first; column < names.Length; column++)
                    rows.By[column - first].Add(Text(reader, at[column], row[at[column]], false));
            }
        }

        if (score is not null && reader.Types[at[2]] != ColumnType.Number)
            throw CommandException.Usage($"{table.Name}: the scores in column '{score}' are no numbers.");
        for (int column = 0; column < by.Length; column++)
        {
            if (rows.By[column].Distinct().Take(MostValues + 1).Count() > MostValues)
                throw CommandException.Usage(
                    $"{table.Name}: column '{by[column]}' has more than {MostValues} values, too many for segments: cut it into a few first.");
        }

        return rows.Count > 0 ? rows : throw CommandException.Usage($"{table.Name} has no rows.");
    }

    private static int Find(ITable table, string name)
    {
        int place = table.Columns.IndexOf(name);
        return place >= 0
            ? place
            : throw CommandException.Usage(
                $"{table.Name} has no column '{name}': it has {string.Join(", ", table.Columns.Take(20).Select(one => $"'{one}'"))}.");
    }

    private static string Text(IRowReader reader, int column, double value, bool mixed) => double.IsNaN(value) ? "missing" : reader.Types[column] switch
    {
        ColumnType.Category => reader.Categories(column)[(int)value],
        ColumnType.Boolean => value == 1 ? "yes" : "no",
        // 1 and 0 beside yes and no mean the same.
        ColumnType.Number when mixed && value is 0 or 1 => value == 1 ? "yes" : "no",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };
}
