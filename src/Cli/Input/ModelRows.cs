using OrleansCluster.Datasets;

namespace OrleansCluster.Cli.Input;

/// <summary>Opens a file for a model: its columns, in the model's order.</summary>
internal static class ModelRows
{
    /// <summary>
    /// Columns are found by name where the file has all the names of the model, else taken by position where their number agrees.
    /// Columns that the user chose are taken as they are.
    /// </summary>
    /// <exception cref="DataFormatException">The file cannot be used.</exception>
    /// <exception cref="CommandException">It lacks columns of the model.</exception>
    public static IRowReader Open(string path, ReadOptions options, IReadOnlyList<string> columns)
    {
        IRowReader reader = TableFile.Read(path, options);
        try
        {
            if (options.Columns is null && Selection(path, options, columns) is { } selection)
            {
                reader.Dispose();
                reader = TableFile.Read(path, options with { Columns = selection });
            }

            if (reader.Columns.Count != columns.Count)
                throw CommandException.Usage($"{path} has {Count(reader.Columns)}, and the model was trained on {Count(columns)}. Name the columns to use with --columns.");
            return reader;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <summary>The model's columns as a selection from the file; null when the file does not have their names.</summary>
    private static string? Selection(string path, ReadOptions options, IReadOnlyList<string> columns)
    {
        using IRowReader whole = TableFile.Read(path, options with { IdColumn = null, WeightColumn = null });
        string[] names = [.. whole.Columns];
        var items = new List<string>();
        foreach (string column in columns)
        {
            int position = Array.IndexOf(names, column);
            if (position < 0 || Array.IndexOf(names, column, position + 1) >= 0)
                return null;
            // A name that reads as something else is given by its position.
            bool plain = !column.Contains(',', StringComparison.Ordinal) && !column.Contains("..", StringComparison.Ordinal) && column.Trim() == column;
            items.Add(plain ? column : position.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        return string.Join(',', items);
    }

    private static string Count(IReadOnlyList<string> columns)
    {
        const int most = 8;
        string names = string.Join(", ", columns.Take(most)) + (columns.Count > most ? ", …" : "");
        return $"{Output.Numbers.Of(columns.Count, "column")} ({names})";
    }
}
