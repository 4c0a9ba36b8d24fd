using System.Globalization;
using OrleansCluster.Contracts;

namespace OrleansCluster.Datasets;

/// <summary>
/// Finds the columns of a model among those of a table: by name where all are there, in whatever order; by position where the table or the model has no names
/// of its own, or the user insists. Otherwise it is refused: other names are other columns, however many there are.
/// </summary>
/// <param name="table">What messages call the table.</param>
/// <param name="columns">The names of its columns.</param>
/// <param name="hasNames">Whether those are names of its own, and not of positions.</param>
/// <param name="wanted">The names of the model's columns.</param>
public sealed class ColumnMatch(string table, IReadOnlyList<string> columns, bool hasNames, IReadOnlyList<string> wanted)
{
    private const int MostListed = 12;

    private readonly IReadOnlyList<string> _columns = [.. columns.Select(ComposedText.Of)];
    private readonly IReadOnlyList<string> _wanted = [.. wanted.Select(ComposedText.Of)];

    /// <summary>Whether there is a <c>--by-position</c>, so that it may be advised.</summary>
    public bool OffersPositions { get; init; } = true;

    /// <summary>Whether there is a <c>--columns</c>, so that it may be advised. Who has neither sends other rows.</summary>
    public bool HasOptions { get; init; } = true;

    /// <summary>Whether the model's columns were found by position though the table has names, because the model has none.</summary>
    public bool PassedNamesOver { get; private set; }

    /// <summary>Positions of the model's columns, in its order.</summary>
    /// <param name="chosen">The columns that the user chose; null: none in particular.</param>
    /// <param name="rest">The columns that are read when none is chosen.</param>
    /// <param name="byPosition">Whether names do not matter.</param>
    /// <exception cref="DataFormatException">They cannot be found; the message says which.</exception>
    public int[] Find(IReadOnlyList<int>? chosen, Func<IReadOnlyList<int>> rest, bool byPosition)
    {
        // What has no names is known by positions, which a choice of columns sets anew.
        if (!byPosition && (hasNames || chosen is null) && ByName(chosen ?? [.. Enumerable.Range(0, _columns.Count)]) is { } named)
            return named;
        int[] found = [.. chosen ?? rest()];
        if (!byPosition && hasNames && HasOwnNames(_wanted))
            throw OtherNames(found);
        if (found.Length != _wanted.Count)
        {
            throw new DataFormatException(
                $"{table} has {Count(found.Select(column => _columns[column]))}, and the model was trained on {Count(_wanted)}. "
                    + $"{(HasOptions ? "Choose the columns that these are, in this order, with --columns." : "Give these, in this order.")}");
        }

        string[] names = [.. found.Select(column => _columns[column])];
        if (!byPosition && !names.SequenceEqual(_wanted) && names.Order(StringComparer.Ordinal).SequenceEqual(_wanted.Order(StringComparer.Ordinal)))
        {
            throw new DataFormatException(
                $"--columns chooses {List(names)} of {table}, and the model was trained on {List(_wanted)}: the same columns in another order. Leave "
                    + $"--columns out{(OffersPositions ? ", or insist on that order with --by-position" : "")}.");
        }

        PassedNamesOver = !byPosition && hasNames;
        return found;
    }

    /// <summary>Whether columns have names, and not those of their positions.</summary>
    public static bool HasOwnNames(IEnumerable<string> names) =>
        names.Any(name => name.Length < 2 || name[0] != 'c' || name.AsSpan(1).ContainsAnyExceptInRange('0', '9'));

    /// <summary>The columns with the model's names; null when one is not there.</summary>
    private int[]? ByName(IReadOnlyList<int> among)
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        var twice = new HashSet<string>(StringComparer.Ordinal);
        foreach (int column in among)
        {
            if (!places.TryAdd(_columns[column], column))
                twice.Add(_columns[column]);
        }

        if (!_wanted.All(places.ContainsKey))
            return null;
        if (_wanted.FirstOrDefault(twice.Contains) is { } doubtful)
            throw new DataFormatException($"{table} has two columns named '{doubtful}', and the model has one: rename one of "
                + $"them{(HasOptions ? " in the header, or choose the model's columns by their positions with --columns" : "")}.");
        return [.. _wanted.Select(column => places[column])];
    }

    private DataFormatException OtherNames(int[] found)
    {
        string[] names = [.. found.Select(column => _columns[column])];
        string[] missing = [.. _wanted.Except(names)], strange = [.. names.Except(_wanted)];
        string lacks = missing.Length == 1 ? $"the model's column '{missing[0]}'" : $"{missing.Length} of the model's {_wanted.Count} columns: {List(missing)}";
        string lists = _wanted.Count <= MostListed && names.Length <= MostListed
            ? $"The model has {List(_wanted)}, and here are {List(names)}."
            : $"Here are {Number(names.Length)}{(strange.Length == 0 ? "" : $", and not the model's are {List(strange)}")}.";
        string spelling = missing.FirstOrDefault(name => strange.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } other
            ? $" Capitals count: '{other}' is not '{strange.First(name => string.Equals(name, other, StringComparison.OrdinalIgnoreCase))}'."
            : "";
        string remedy = !HasOptions ? "Give the model's columns under their names; others may stand beside them."
            : !OffersPositions ? "Rename the columns: a model is trained again on its own columns."
            : names.Length == _wanted.Count ? "Rename the columns, or take them for the model's in their order with --by-position."
            : _columns.Count < _wanted.Count ? "The model needs them all: add what is missing."
            : "Rename the columns, or choose those that are the model's, in its order, with --columns and --by-position.";
        return new DataFormatException($"{table} lacks {lacks}. {lists}{spelling} {remedy}");
    }

    private static string Count(IEnumerable<string> names)
    {
        string[] all = [.. names];
        return $"{Number(all.Length)} ({List(all)})";
    }

    private static string Number(int columns) => $"{columns.ToString("N0", CultureInfo.InvariantCulture)} column{(columns == 1 ? "" : "s")}";

    private static string List(IReadOnlyCollection<string> names) =>
        string.Join(", ", names.Take(MostListed).Select(name => $"'{name}'")) + (names.Count > MostListed ? $", … ({names.Count - MostListed} more)" : "");
}
