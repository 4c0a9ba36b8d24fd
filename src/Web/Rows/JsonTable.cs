using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using OrleansCluster.Web.Problems;

namespace OrleansCluster.Web.Rows;

/// <summary>Rows in JSON. What cannot be a number is refused with its row and column.</summary>
internal sealed class JsonTable
{
    private readonly List<double> _values = [];
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
                    $"Row {Text(Rows)} (from 0) of {what} is neither a list of numbers nor an object: write rows as [[1, 2], [3, 4]], even where they have "
                        + "one column.",
                    Rows, null);
            Rows++;
        }
    }

    /// <summary>Reads <c>{"x": [1, 3], "y": [2, 4]}</c>: a list a column.</summary>
    /// <param name="json">At the object.</param>
    public void ReadColumns(ref Utf8JsonReader json, string what)
    {
        (List<string> names, List<List<double>> columns) = ([], []);
        while (json.Read() && json.TokenType != JsonTokenType.EndObject)
        {
            string name = json.GetString()!;
            if (names.Contains(name))
                throw ProblemException.Content($"{what} has two columns named '{name}': rename one.");
            names.Add(name);
            var column = new List<double>();
            json.Read();
            if (json.TokenType != JsonTokenType.StartArray)
                throw ProblemException.Content($"The column '{name}' of {what} must be a list of numbers.");
            while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            {
                // Some write a column as a list of lists of one number.
                bool nested = json.TokenType == JsonTokenType.StartArray;
                if (nested)
                    json.Read();
                column.Add(Number(ref json, column.Count, name));
                if (nested && !(json.Read() && json.TokenType == JsonTokenType.EndArray))
                    throw Wrong($"Row {Text(column.Count - 1)} (from 0), column '{name}': there must be one number.", column.Count - 1, name);
            }

            columns.Add(column);
        }

        if (columns.Count > 0 && columns.Find(column => column.Count != columns[0].Count) is { } other)
            throw ProblemException.Content(
                $"The columns of {what} are of different lengths: '{names[0]}' has {columns[0].Count} values, '{names[columns.IndexOf(other)]}' has "
                    + $"{other.Count}.");
        (_names, _width, Rows) = ([.. names], columns.Count, columns.Count == 0 ? 0 : columns[0].Count);
        for (int row = 0; row < Rows; row++)
        {
            foreach (List<double> column in columns)
                _values.Add(column[row]);
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
                JsonTokenType.String => json.GetString()!,
                JsonTokenType.Number when numbers => System.Text.Encoding.UTF8.GetString(json.ValueSpan),
                _ => throw ProblemException.Content($"Entry {texts.Count} (from 0) of {what} is no text{(numbers ? " and no number" : "")}."),
            });
        }

        return [.. texts];
    }

    /// <summary>A finite number.</summary>
    /// <param name="json">At the value.</param>
    public static double Number(ref Utf8JsonReader json, int row, string column)
    {
        string place = $"Row {Text(row)} (from 0), column '{column}'";
        switch (json.TokenType)
        {
            case JsonTokenType.Number:
                double value = json.GetDouble();
                return double.IsFinite(value)
                    ? value
                    : throw Wrong($"{place}: the number is beyond the range of float64. Correct it or leave the row out.", row, column);
            case JsonTokenType.Null:
                throw Wrong($"{place}: the value is missing. Fill it in or leave the row out.", row, column);
            case JsonTokenType.String:
                string text = json.GetString()!;
                string why = text is "NaN" or "Infinity" or "-Infinity"
                    ? "not a finite number. Fill it in or leave the row out."
                    : "text. Numbers are written without quotes.";
                throw Wrong($"{place}: '{(text.Length > 40 ? text[..40] + "…" : text)}' is {why}", row, column);
            case JsonTokenType.True or JsonTokenType.False:
                throw Wrong($"{place}: {(json.TokenType == JsonTokenType.True ? "true" : "false")} is no number. Write 1 or 0.", row, column);
            default:
                throw Wrong($"{place}: there must be a number.", row, column);
        }
    }

    /// <summary>A problem with a value.</summary>
    public static ProblemException Wrong(string detail, long row, string? column) =>
        new(400, ProblemKinds.UnusableContent, detail) { Row = row, Column = column };

    private void ReadRow(ref Utf8JsonReader json)
    {
        int column = 0;
        for (; json.Read() && json.TokenType != JsonTokenType.EndArray; column++)
            _values.Add(Number(ref json, Rows, NameOf(column)));
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
            string name = json.GetString()!;
            json.Read();
            double value = Number(ref json, Rows, name);
            if (!seen.Add(name))
                throw Wrong($"Row {Text(Rows)} (from 0) has the column '{name}' twice.", Rows, name);
            if (first)
            {
                names.Add(name);
                _values.Add(value);
                continue;
            }

            int column = Array.IndexOf(_names!, name);
            if (column < 0)
                throw Wrong($"Row {Text(Rows)} (from 0) has a column '{name}', which the first row has not.", Rows, name);
            _values[begin + column] = value;
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
