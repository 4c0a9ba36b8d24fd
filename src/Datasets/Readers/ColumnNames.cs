using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using OrleansCluster.Contracts;

namespace OrleansCluster.Datasets;

/// <summary>
/// The columns of a table as people and options name them. Everywhere a column is called by its name, and one without a name <c>c</c> and its position;
/// positions count from 0. Names that look the same are the same: they are composed (<see cref="ComposedText"/>), here and where they are asked for.
/// </summary>
/// <param name="table">What messages call the table.</param>
/// <param name="names">A name for each column; empty where it has none.</param>
internal sealed class ColumnNames(string table, ImmutableArray<string> names)
{
    private const int MostListed = 20;

    private readonly ImmutableArray<string> _names = [.. names.Select(ComposedText.Of)];

    /// <summary>Own names by text, with the first and the last column that has each.</summary>
    private Dictionary<string, (int First, int Last)>? _owned;

    /// <summary>First columns by what they are called.</summary>
    private Dictionary<string, int>? _called;

    private ImmutableArray<string> _shown;

    public int Count => _names.Length;

    /// <summary>Whether any column has a name of its own.</summary>
    public bool HasNames { get; } = names.Any(name => name.Length > 0);

    /// <summary>The name of a column, or what stands in for it.</summary>
    public string this[int column] => _names[column].Length > 0 ? _names[column] : DefaultName(column);

    public static string DefaultName(int column) => "c" + column.ToString(CultureInfo.InvariantCulture);

    public bool HasName(int column) => _names[column].Length > 0;

    public ImmutableArray<string> ToArray() => _shown.IsDefault ? _shown = [.. Enumerable.Range(0, Count).Select(column => this[column])] : _shown;

    /// <summary>The column that an option asks for.</summary>
    /// <exception cref="DataFormatException">There is none, or there are two.</exception>
    public int Find(string name, string option)
    {
        name = ComposedText.Of(name);
        if (name.Length > 0 && Owned.TryGetValue(name, out (int First, int Last) own))
        {
            (int found, int second) = own;
            if (second != found)
                throw Error($"two columns are named '{name}', which {option} cannot tell apart: use a position, {found} or {second}");
            return found;
        }

        if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int position) && position < Count)
            return position;
        // Columns without a name of their own can be called what messages call them.
        if (name is ['c', .. var digits] && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int column) && column < Count
            && !HasName(column) && DefaultName(column) == name)
            return column;

        string like = Enumerable.Range(0, Count).Select(column => this[column])
            .FirstOrDefault(known => string.Equals(known, name, StringComparison.OrdinalIgnoreCase)) is { } other
            ? $" (is '{other}' meant?)"
            : "";
        string quoting = option == "--columns" && _names.Any(name => name.Contains(',', StringComparison.Ordinal))
            ? "; put names with commas in quotes within the list, or use positions" : "";
        throw Error($"there is no column '{name}', which {option} asks for{like}: the columns are {List(Enumerable.Range(0, Count))}{quoting}");
    }

    /// <summary>The first column that is called so; −1: none is.</summary>
    public int Place(string name)
    {
        if (_called is null)
        {
            _called = new Dictionary<string, int>(Count, StringComparer.Ordinal);
            for (int column = 0; column < Count; column++)
                _called.TryAdd(this[column], column);
        }

        return _called.GetValueOrDefault(ComposedText.Of(name), -1);
    }

    /// <summary>Whether no other column has the name of a column's own.</summary>
    public bool IsOnly(int column) => HasName(column) && Owned[_names[column]] == (column, column);

    /// <summary>The columns that a list of names, positions and ranges asks for, in its order.</summary>
    /// <exception cref="DataFormatException">There is no such column, a name is doubtful, or a column is chosen twice.</exception>
    public int[] FindAll(string list, string option)
    {
        list = ComposedText.Of(list);
        var found = new List<int>();
        foreach (string item in Items(list))
        {
            int dots = item.IndexOf("..", StringComparison.Ordinal);
            if (dots < 0 || Owned.ContainsKey(item))
            {
                found.Add(Find(item, option));
                continue;
            }

            int first = Find(item[..dots].Trim(), option), last = Find(item[(dots + 2)..].Trim(), option);
            if (last < first)
                throw Error($"the range '{item}' in {option} runs backwards: its first column comes after its last");
            found.AddRange(Enumerable.Range(first, last - first + 1));
        }

        foreach (IGrouping<int, int> column in found.GroupBy(column => column))
        {
            if (column.Count() > 1)
                throw Error($"column '{this[column.Key]}' is chosen twice in {option}: name it once");
        }

        return [.. found];
    }

    /// <summary>What an option takes for the column, so that a shell leaves it alone too; null when nothing means it alone.</summary>
    public string? Token(int column)
    {
        string[] candidates = [_names[column], column.ToString(CultureInfo.InvariantCulture), DefaultName(column)];
        return candidates.FirstOrDefault(text => IsPlain(text) && Means(() => Find(text, "") == column));
    }

    /// <summary>What <c>--columns</c> takes for the columns; null when nothing means them alone.</summary>
    public string? Selection(IReadOnlyList<int> columns)
    {
        const int mostNames = 12;
        var items = new List<string>();
        for (int first = 0; first < columns.Count;)
        {
            int last = first;
            while (columns.Count > mostNames && last + 1 < columns.Count && columns[last + 1] == columns[last] + 1)
                last++;
            if (Token(columns[first]) is not { } begin || Token(columns[last]) is not { } end)
                return null;
            items.Add(last == first ? begin : $"{begin}..{end}");
            first = last + 1;
        }

        string list = string.Join(',', items);
        return Means(() => FindAll(list, "").AsSpan().SequenceEqual([.. columns])) ? list : null;
    }

    /// <summary>Columns in a message, the first of many.</summary>
    public string List(IEnumerable<int> columns)
    {
        int[] all = [.. columns];
        string listing = string.Join(", ", all.Take(MostListed).Select(column => $"'{this[column]}'"));
        return all.Length > MostListed ? $"{listing}, … ({all.Length} in all; positions 0..{Count - 1} serve too)" : listing;
    }

    public DataFormatException Error(string message) => new($"{table}: {message}.");

    private Dictionary<string, (int First, int Last)> Owned
    {
        get
        {
            if (_owned is null)
            {
                _owned = new Dictionary<string, (int First, int Last)>(Count, StringComparer.Ordinal);
                for (int column = 0; column < Count; column++)
                    _owned[_names[column]] = (_owned.TryGetValue(_names[column], out (int First, int) known) ? known.First : column, column);
            }

            return _owned;
        }
    }

    private static bool IsPlain(string text) => text.Length > 0 && text.All(character => char.IsLetterOrDigit(character) || character is '_' or '-' or '.')
        && text[0] != '-' && !text.Contains("..", StringComparison.Ordinal);

    private static bool Means(Func<bool> check)
    {
        try
        {
            return check();
        }
        catch (DataFormatException)
        {
            return false;
        }
    }

    /// <summary>The list's items: a whole name that holds commas counts before its parts.</summary>
    private string[] Items(string list) => Owned.ContainsKey(list)
        ? [list]
        : list.Contains('"', StringComparison.Ordinal) ? Quoted(list) : list.Split(',', StringSplitOptions.TrimEntries);

    /// <summary>The items of a list in which names with commas stand in quotes, as in a csv line.</summary>
    private string[] Quoted(string list)
    {
        var items = new List<string>();
        for (int at = 0; at <= list.Length;)
        {
            while (at < list.Length && list[at] == ' ')
                at++;
            bool quoted = at < list.Length && list[at] == '"';
            var item = new StringBuilder();
            if (quoted)
            {
                for (at++; at < list.Length && (list[at] != '"' || (at + 1 < list.Length && list[at + 1] == '"')); at++)
                    item.Append(list[list[at] == '"' ? at++ : at]);
                if (at == list.Length)
                    throw Error($"a quote is opened and not closed in the list of columns {list}");
                at++;
            }

            int comma = list.IndexOf(',', at) is var next and >= 0 ? next : list.Length;
            item.Append(list.AsSpan(at, comma - at).TrimEnd());
            items.Add(item.ToString());
            at = comma + 1;
        }

        return [.. items];
    }
}
