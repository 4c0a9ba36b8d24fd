using System.Collections.Immutable;
using System.Globalization;
using OrleansCluster.Numerics;

namespace OrleansCluster.Datasets;

/// <summary>Which columns of a table are read, and as what.</summary>
internal sealed class ColumnSelection
{
    private readonly string _path;
    private readonly ImmutableArray<string> _names;

    private ColumnSelection(string path, ImmutableArray<string> names) => (_path, _names) = (path, names);

    /// <summary>Positions of the value columns, in order.</summary>
    public int[] Values { get; private init; } = [];

    /// <summary>Position of the id column, or −1.</summary>
    public int Id { get; private init; } = -1;

    /// <summary>Position of the weight column, or −1.</summary>
    public int Weight { get; private init; } = -1;

    /// <summary>Whether the user chose the value columns.</summary>
    public bool Chosen { get; private init; }

    /// <param name="path">The table, for messages.</param>
    /// <param name="names">Its columns' names; empty where a header leaves one out.</param>
    /// <param name="options">What the user wants.</param>
    /// <exception cref="DataFormatException">A column is unknown, doubtful, or chosen twice.</exception>
    public static ColumnSelection Resolve(string path, ImmutableArray<string> names, ReadOptions options)
    {
        var lookup = new ColumnSelection(path, names);
        int id = options.IdColumn is null ? -1 : lookup.Find(options.IdColumn, "--id-column");
        int weight = options.WeightColumn is null ? -1 : lookup.Find(options.WeightColumn, "--weight-column");
        if (id >= 0 && id == weight)
            throw lookup.Error($"column '{lookup.Name(id)}' cannot be both the id and the weight of a row: choose two columns");
        int[] values = options.Columns is null
            ? [.. Enumerable.Range(0, names.Length).Where(column => column != id && column != weight)]
            : lookup.FindAll(options.Columns);
        foreach (int column in values)
        {
            if (column == id || column == weight)
                throw lookup.Error($"column '{lookup.Name(column)}' is the {(column == id ? "id" : "weight")} of the rows and among their values: leave it out of --columns");
            if (options.Columns is null && names[column].Length == 0)
                throw lookup.Error($"column {column} (from 0) has no name in the header, so it may be a row number: choose the value columns with --columns, or name it as --id-column {column}");
        }

        if (values.Length == 0)
            throw lookup.Error("no column is left for the values: leave one out of --id-column and --weight-column");
        if (values.Length > RowSchema.MaximumColumns)
            throw lookup.Error($"{values.Length} value columns are more than the {RowSchema.MaximumColumns} that a row can have: choose fewer with --columns");
        foreach (IGrouping<string, int> same in values.GroupBy(lookup.Name, StringComparer.Ordinal))
        {
            if (same.Count() > 1)
                throw lookup.Error($"two columns are named '{same.Key}' (positions {string.Join(" and ", same.Take(2))}, from 0): rename one in the header, or choose others with --columns");
        }

        return new ColumnSelection(path, names) { Values = values, Id = id, Weight = weight, Chosen = options.Columns is not null };
    }

    public RowSchema Schema(Precision precision) => new(
        Values.Select(Name), precision, Id < 0 ? null : Name(Id), Weight < 0 ? null : Name(Weight));

    /// <summary>The name of a column; its position stands in for a missing one.</summary>
    public string Name(int column) => _names[column].Length > 0 ? _names[column] : DefaultName(column);

    public static string DefaultName(int column) => "c" + column.ToString(CultureInfo.InvariantCulture);

    private int[] FindAll(string list)
    {
        var found = new List<int>();
        foreach (string item in Items(list))
        {
            int dots = item.IndexOf("..", StringComparison.Ordinal);
            if (dots < 0 || _names.Contains(item))
            {
                found.Add(Find(item, "--columns"));
                continue;
            }

            int first = Find(item[..dots].Trim(), "--columns"), last = Find(item[(dots + 2)..].Trim(), "--columns");
            if (last < first)
                throw Error($"the range '{item}' in --columns runs backwards: its first column comes after its last");
            found.AddRange(Enumerable.Range(first, last - first + 1));
        }

        foreach (IGrouping<int, int> column in found.GroupBy(column => column))
        {
            if (column.Count() > 1)
                throw Error($"column '{Name(column.Key)}' is chosen twice in --columns: name it once");
        }

        return [.. found];
    }

    /// <summary>The list's items: a whole name that holds commas counts before its parts.</summary>
    private string[] Items(string list) => _names.Contains(list)
        ? [list]
        : list.Split(',', StringSplitOptions.TrimEntries);

    private int Find(string name, string option)
    {
        int found = name.Length == 0 ? -1 : _names.IndexOf(name);
        if (found >= 0)
        {
            if (_names.LastIndexOf(name) is var second && second != found)
                throw Error($"two columns are named '{name}', which {option} cannot tell apart: use a position, {found} or {second}");
            return found;
        }

        if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int position) && position < _names.Length)
            return position;
        // Columns without a name of their own can be called what messages call them.
        for (int column = 0; column < _names.Length; column++)
        {
            if (_names[column].Length == 0 && DefaultName(column) == name)
                return column;
        }

        throw Error($"there is no column '{name}', which {option} asks for: the columns are {Listing()}");
    }

    private string Listing()
    {
        const int Most = 20;
        string listing = string.Join(", ", Enumerable.Range(0, Math.Min(_names.Length, Most)).Select(column => $"'{Name(column)}'"));
        return _names.Length > Most ? $"{listing}, … ({_names.Length} in all; positions 0..{_names.Length - 1} serve too)" : listing;
    }

    private DataFormatException Error(string message) => new($"{_path}: {message}.");
}
