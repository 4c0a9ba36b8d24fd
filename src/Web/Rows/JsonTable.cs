using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using OrleansCluster.Web.Exchange;
using OrleansCluster.Web.Problems;

namespace OrleansCluster.Web.Rows;

/// <summary>Rows in JSON: numbers, texts, true and false, and null where a value is missing. All else is refused with its row and column.</summary>
internal sealed class JsonTable
{
    /// <summary>Values that there is room for at first: most questions are about one row.</summary>
    private const int UsualValues = 32;

    private readonly List<double> _values = new(UsualValues);

    /// <summary>What there is in the place of numbers, by its place in the values.</summary>
    private Dictionary<int, object?>? _others;
    private string[]? _names;
    private int _width = -1;

    /// <summary>How deep what describes rows may be nested.</summary>
    public static JsonReaderOptions Options { get; } = new() { MaxDepth = 16 };

    public int Rows { get; private set; }

    /// <summary>Names the columns, which may come before the rows or after them.</summary>
    public void Name(string[] names) => _names = names;

    /// <summary>Reads <c>[[1, 2], [3, 4]]</c>, or <c>[{"x": 1, "y": 2}]</c>.</summary>
    /// <param name="json">At the array.</param>
    /// <param name="what">What messages call it.</param>
    public void ReadRows(ref Utf8JsonReader json, string what)
    {
        if (json.TokenType != JsonTokenType.StartArray)
            throw ProblemException.Content($"{what} must be a list of rows.");
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType == JsonTokenType.StartArray)
                ReadRow(ref json);
            else if (json.TokenType == JsonTokenType.StartObject)
                ReadRecord(ref json);
            else
                throw Wrong(
                    $"Row {Text(Rows)} (from 0) of {what} is neither a list of values nor an object: write rows as [[1, 2], [3, 4]], even where they have "
                        + "one column.",
                    Rows, null);
            Rows++;
        }
    }

    /// <summary>Reads <c>{"x": [1, 3], "y": [2, 4]}</c>: a list a column.</summary>
    /// <param name="json">At the object.</param>
    public void ReadColumns(ref Utf8JsonReader json, string what)
    {
        (List<string> names, List<List<double>> columns, List<Dictionary<int, object?>> others) = ([], [], []);
        while (json.Read() && json.TokenType != JsonTokenType.EndObject)
        {
            string name = Bodies.Text(ref json);
            if (names.Contains(name))
                throw ProblemException.Content($"{what} has two columns named '{name}': rename one.");
            names.Add(name);
            (List<double> column, Dictionary<int, object?> kept) = ([], []);
            json.Read();
            if (json.TokenType != JsonTokenType.StartArray)
                throw ProblemException.Content($"The column '{name}' of {what} must be a list of values.");
            while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            {
                // Some write a column as a list of lists of one value.
                bool nested = json.TokenType == JsonTokenType.StartArray;
                if (nested)
                    json.Read();
                column.Add(Value(ref json, column.Count, name, column.Count, kept));
                if (nested && !(json.Read() && json.TokenType == JsonTokenType.EndArray))
                    throw Wrong($"Row {Text(column.Count - 1)} (from 0), column '{name}': there must be one value.", column.Count - 1, name);
            }

            columns.Add(column);
            others.Add(kept);
        }

        if (columns.Count > 0 && columns.Find(column => column.Count != columns[0].Count) is { } other)
            throw ProblemException.Content(
                $"The columns of {what} are of different lengths: '{names[0]}' has {columns[0].Count} values, '{names[columns.IndexOf(other)]}' has "
                    + $"{other.Count}.");
        (_names, _width, Rows) = ([.. names], columns.Count, columns.Count == 0 ? 0 : columns[0].Count);
        for (int row = 0; row < Rows; row++)
        {
            for (int column = 0; column < columns.Count; column++)
            {
                if (others[column].TryGetValue(row, out object? instead))
                    (_others ??= []).Add(_values.Count, instead);
                _values.Add(columns[column][row]);
            }
        }
    }

    /// <summary>All of it.</summary>
    /// <param name="ids">One a row, or null.</param>
    public AskedRows ToRows(IReadOnlyList<string>? ids = null)
    {
        if (_names is not null && Rows > 0 && _names.Length != _width)
            throw ProblemException.Content($"There are {_names.Length} names of columns, and rows have {_width} values: name each column once.");
        return new AskedRows
        {
            Columns = _names,
            Width = Math.Max(_width, 0),
            Rows = Rows,
            Values = MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_values)).ToArray(),
            Others = _others is { Count: > 0 } ? _others : null,
            Ids = ids,
        };
    }

    /// <summary>A list of texts.</summary>
    /// <param name="json">At the list.</param>
    public static string[] Texts(ref Utf8JsonReader json, string what, bool numbers = false)
    {
        var texts = new List<string>();
        if (json.TokenType != JsonTokenType.StartArray)
            throw ProblemException.Content($"{what} must be a list of texts.");
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            texts.Add(json.TokenType switch
            {
                JsonTokenType.String => Bodies.Text(ref json),
                JsonTokenType.Number when numbers => System.Text.Encoding.UTF8.GetString(json.ValueSpan),
                _ => throw ProblemException.Content($"Entry {texts.Count} (from 0) of {what} is no text{(numbers ? " and no number" : "")}."),
            });
        }

        return [.. texts];
    }

    /// <summary>A problem with a value.</summary>
    public static ProblemException Wrong(string detail, long row, string? column) =>
        new(400, ProblemKinds.UnusableContent, detail) { Row = row, Column = column };

    /// <summary>A value: a number, or what stands for what there is in its place.</summary>
    /// <param name="json">At the value.</param>
    /// <param name="place">Its place among the values.</param>
    /// <param name="others">What there is in the place of numbers.</param>
    private static double Value(ref Utf8JsonReader json, int row, string column, int place, Dictionary<int, object?> others)
    {
        switch (json.TokenType)
        {
            case JsonTokenType.Number:
                double value = json.GetDouble();
                return double.IsFinite(value) ? value : throw Refuse("the number is beyond the range of float64. Correct it or leave the row out.");
            case JsonTokenType.Null:
                others[place] = null;
                return double.NaN;
            case JsonTokenType.String:
                others[place] = Bodies.Text(ref json);
                return double.NaN;
            case JsonTokenType.True or JsonTokenType.False:
                others[place] = json.TokenType == JsonTokenType.True;
                return json.TokenType == JsonTokenType.True ? 1 : 0;
            default:
                throw Refuse("there must be a number, a text, true, false, or null where it is missing.");
        }

        ProblemException Refuse(string problem) => Wrong($"Row {Text(row)} (from 0), column '{column}': {problem}", row, column);
    }

    private void ReadRow(ref Utf8JsonReader json)
    {
        int column = 0;
        for (; json.Read() && json.TokenType != JsonTokenType.EndArray; column++)
        {
            // Nearly all are numbers, of which nothing has to be told.
            _values.Add(
                json.TokenType == JsonTokenType.Number && JsonNumbers.TryRead(ref json, out double value) && double.IsFinite(value) ? value
                    : Value(ref json, Rows, NameOf(column), _values.Count, _others ??= []));
        }

        SetWidth(column);
    }

    private void ReadRecord(ref Utf8JsonReader json)
    {
        // The first record says which columns there are, and in which order.
        bool first = Rows == 0;
        if (!first && _names is null)
            throw Wrong($"Row {Text(Rows)} (from 0) is an object, and those before it are lists: write all rows in one way.", Rows, null);
        (int begin, int found) = (_values.Count, 0);
        var names = new List<string>();
        if (!first)
            CollectionsMarshal.SetCount(_values, begin + _width);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (json.Read() && json.TokenType != JsonTokenType.EndObject)
        {
            string name = Bodies.Text(ref json);
            json.Read();
            if (!seen.Add(name))
                throw Wrong($"Row {Text(Rows)} (from 0) has the column '{name}' twice.", Rows, name);
            if (first)
            {
                names.Add(name);
                _values.Add(Value(ref json, Rows, name, _values.Count, _others ??= []));
                continue;
            }

            // As a rule in the order of the first.
            int column = found < _width && _names![found] == name ? found : Array.IndexOf(_names!, name);
            if (column < 0)
                throw Wrong($"Row {Text(Rows)} (from 0) has a column '{name}', which the first row has not.", Rows, name);
            _values[begin + column] = Value(ref json, Rows, name, begin + column, _others ??= []);
            found++;
        }

        if (first)
            (_names, _width) = ([.. names], names.Count);
        else if (found < _width)
            throw Wrong(
                $"Row {Text(Rows)} (from 0) lacks the column '{_names!.First(name => !seen.Contains(name))}', which the first row has.", Rows,
                _names!.First(name => !seen.Contains(name)));
    }

    private void SetWidth(int width)
    {
        if (_width >= 0 && width != _width)
            throw Wrong($"Row {Text(Rows)} (from 0) has {width} values, and those before it have {_width}: rows must be of one length.", Rows, null);
        if (width == 0)
            throw Wrong($"Row {Text(Rows)} (from 0) has no values.", Rows, null);
        _width = width;
    }

    private string NameOf(int column) => _names is { } names && column < names.Length ? names[column] : $"c{Text(column)}";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
