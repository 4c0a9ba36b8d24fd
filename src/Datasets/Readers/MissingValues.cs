using System.Globalization;

namespace OrleansCluster.Datasets;

/// <summary>Counts values that are missing, so that one message says all about them.</summary>
/// <param name="table">What messages call the table.</param>
/// <param name="names">Its columns.</param>
/// <param name="selection">Which of them are read.</param>
/// <param name="options">What was asked for.</param>
internal sealed class MissingValues(string table, ColumnNames names, ColumnSelection selection, ReadOptions options)
{
    private const int MostListed = 10;

    private readonly SortedDictionary<int, (long Times, string First)> _columns = [];
    private long _rows;

    public bool Any => _rows > 0;

    /// <summary>Notes that a row lacks a value.</summary>
    /// <param name="column">Position of the column.</param>
    /// <param name="first">Whether it is the first that the row lacks.</param>
    /// <param name="place">Where the value should be and what is there instead, for the first of each column.</param>
    public void Add(int column, bool first, Func<string> place)
    {
        _rows += first ? 1 : 0;
        _columns[column] = _columns.TryGetValue(column, out (long Times, string First) known) ? (known.Times + 1, known.First) : (1, place());
    }

    /// <param name="rows">Rows of the table.</param>
    public DataFormatException Refusal(long rows)
    {
        IEnumerable<string> listed = _columns.Take(MostListed)
            .Select(column => $"column '{names[column.Key]}' {Times(column.Value.Times)} ({column.Value.First})");
        string more = _columns.Count > MostListed ? $", and {Count(_columns.Count - MostListed)} more columns" : "";
        string who = rows == 1 ? "the row lacks" : $"{Count(_rows)} of {Count(rows)} rows {(_rows == 1 ? "lacks" : "lack")}";
        return new DataFormatException($"{table}: {who} values: {string.Join(", ", listed)}{more}. {Remedy()}");
    }

    private string Remedy()
    {
        string basic = options is { Typed: true, HasOptions: true } ? "Fill them in, as with --prepare impute=median, or remove those rows"
            : "Fill them in, or remove those rows";
        if (!options.HasOptions || selection.AreNeeded || !_columns.Keys.Any(column => selection.Values.Contains(column)))
            return basic + ".";
        int[] whole = [.. selection.Values.Where(column => !_columns.ContainsKey(column))];
        return whole.Length == 0 ? basic + "."
            : names.Selection(whole) is { } list ? $"{basic}, or leave the columns out: --columns {list}."
            : $"{basic}, or leave the columns out with --columns.";
    }

    private static string Times(long times) => times switch { 1 => "once", 2 => "twice", _ => Count(times) + " times" };

    private static string Count(long count) => count.ToString("#,0", CultureInfo.InvariantCulture);
}
