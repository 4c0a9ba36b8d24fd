using OrleansCluster.Datasets;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Cli.Input;

/// <summary>Rows to start from, given as a file: centres or means.</summary>
internal sealed class StartRows
{
    private readonly string _name;
    private readonly string _option;
    private readonly string[]? _names;
    private readonly int _width;

    private StartRows(string name, string option, string[]? names, byte[] values, int width) =>
        (_name, _option, _names, Values, _width) = (name, option, names, values, width);

    /// <summary>The rows as k × d float64, little-endian, row-major, with the file's columns in their order.</summary>
    public ReadOnlyMemory<byte> Values { get; }

    /// <summary>Reads the file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="k">Rows that it must have.</param>
    /// <param name="option">The option that names it, for messages.</param>
    /// <exception cref="DataFormatException">The file is no table of numbers.</exception>
    /// <exception cref="CommandException">It has other than <paramref name="k"/> rows.</exception>
    public static StartRows Read(string path, int k, string option)
    {
        using ITable table = TableFile.Open(path, new ReadOptions { HasOptions = false });
        using IRowReader reader = table.Read(new ReadOptions { Precision = Precision.Float64, HasOptions = false, IsWide = true });
        using var values = new MemoryStream();
        long rows = 0;
        while (reader.ReadBatch(out RowBatch? batch))
        {
            rows += batch.Rows;
            if (rows > k)
                throw CommandException.Usage($"{table.Name} has more than {Output.Numbers.Of(k, "row")}: {option} needs one row for each of the --k "
                    + $"{k} centres.");
            values.Write(batch.Values.Span);
        }

        return rows == k
            ? new StartRows(table.Name, option, table.HasNames ? [.. reader.Columns] : null, values.ToArray(), reader.Columns.Count)
            : throw CommandException.Usage($"{table.Name} has {Output.Numbers.Of(rows, "row")}: {option} needs one row for each of the --k {k} centres.");
    }

    /// <summary>The rows as k × d float64, little-endian, row-major, with the columns of the rows to train on in their order.</summary>
    /// <param name="columns">The columns of those rows.</param>
    /// <exception cref="CommandException">The file has other columns.</exception>
    public ReadOnlyMemory<byte> For(IReadOnlyList<string> columns)
    {
        string[] missing = [.. columns.Except(_names ?? [])];
        if (_names is null || (missing.Length > 0 && !ColumnMatch.HasOwnNames(columns)))
        {
            return _width == columns.Count
                ? Values
                : throw CommandException.Usage($"{_name} has {Output.Numbers.Of(_width, "column")}, and the rows to train on have {columns.Count}: {_option} "
                    + "needs a value in each of these.");
        }

        if (missing.Length > 0)
        {
            throw CommandException.Usage(
                $"{_name} lacks {Output.Numbers.Of(missing.Length, "column")} of the rows to train on: "
                    + $"{string.Join(", ", missing.Take(12).Select(name => $"'{name}'"))}{(missing.Length > 12 ? ", …" : "")}. "
                + "Rename its columns; without a header they are taken in their order.");
        }

        return RowBytes.OfColumns(RowBytes.AsBlock(Values, Precision.Float64, _width), [.. columns.Select(column => Array.IndexOf(_names, column))]);
    }
}
