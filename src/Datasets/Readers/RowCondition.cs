using System.Globalization;
using System.Text;
using OrleansCluster.Contracts;
using OrleansCluster.Numerics.Preparation;

namespace OrleansCluster.Datasets;

/// <summary>
/// What a row must be like to be read: <c>age &gt;= 18</c>, <c>city = Lagos</c>, <c>income is missing</c>. Numbers and times compare by value; of texts, true
/// and false there is only equal and not equal. A missing value meets <c>is missing</c> alone.
/// </summary>
public sealed class RowCondition
{
    private static readonly string[] Operators = ["!=", "<=", ">=", "=", "<", ">"];

    private readonly string _text;
    private readonly string _option;
    private readonly string _operator;
    private readonly string _value;

    private RowCondition(string text, string column, string sign, string value, string option) =>
        (_text, Column, _operator, _value, _option) = (text, column, sign, value, option);

    /// <summary>The column, by name or position.</summary>
    public string Column { get; }

    /// <summary>Whether it is about a value's being there, and not about the value.</summary>
    internal bool IsAboutMissing => _operator is "is missing" or "is not missing";

    /// <summary>Reads a condition.</summary>
    /// <param name="text">The condition.</param>
    /// <param name="option">What messages say it was given with.</param>
    /// <exception cref="DataFormatException">It is none.</exception>
    public static RowCondition Parse(string text, string option = "--where")
    {
        ArgumentNullException.ThrowIfNull(text);
        foreach ((string words, string sign) in new[] { (" is not missing", "is not missing"), (" is missing", "is missing") })
        {
            if (text.TrimEnd().EndsWith(words, StringComparison.Ordinal))
                return Of(text, text.TrimEnd()[..^words.Length], sign, "", option);
        }

        // Blanks around an operator say that it is none of the column's own.
        foreach (string form in new[] { " {0} ", "{0}" })
        {
            (int At, string Sign)[] found = [.. Operators.Select(sign => (text.IndexOf(string.Format(CultureInfo.InvariantCulture, form, sign),
                StringComparison.Ordinal), sign)).Where(place => place.Item1 > 0)];
            if (found.Length == 0)
                continue;
            (int at, string best) = found.OrderBy(place => place.At).ThenByDescending(place => place.Sign.Length).First();
            int end = at + string.Format(CultureInfo.InvariantCulture, form, best).Length;
            return Of(text, text[..at], best, text[end..], option);
        }

        throw Wrong(text, "has no operator", option);
    }

    /// <summary>Whether a value of the column meets it.</summary>
    /// <param name="type">What the column holds.</param>
    /// <param name="table">What messages call the table.</param>
    /// <param name="text">Tells the text that a value stands for.</param>
    /// <exception cref="DataFormatException">The column cannot be compared so.</exception>
    internal Func<double, bool> Test(ColumnType type, string table, Func<int, string> text)
    {
        if (IsAboutMissing)
            return value => double.IsNaN(value) == (_operator == "is missing");
        if (type == ColumnType.Category)
            return TestText(table, text);
        double wanted = 0;
        byte[] written = Encoding.UTF8.GetBytes(_value);
        (bool parsed, string kind, string example) = type switch
        {
            ColumnType.Boolean => (CellTypes.TryParseBoolean(written, out wanted), "true and false", "true"),
            ColumnType.Time => (TimeText.TryParse(written, out wanted), "times", "2024-01-31"),
            _ => (NumberText.TryParse(written, out wanted), "numbers", "1.5"),
        };
        if (!parsed)
            throw new DataFormatException($"{table}: {_option} '{_text}' compares column '{Column}', which holds {kind}, with '{_value}'. Write a value such "
                + $"as {example}.");
        return _operator switch
        {
            "=" => value => value == wanted,
            "!=" => value => value != wanted && !double.IsNaN(value),
            "<" => value => value < wanted,
            "<=" => value => value <= wanted,
            ">" => value => value > wanted,
            _ => value => value >= wanted,
        };
    }

    /// <summary>As <see cref="Test"/>, of a column that is carried as text: an id.</summary>
    internal Func<string, bool> TestId(string table)
    {
        bool equal = _operator == "=";
        return equal || _operator == "!=" ? id => (id == _value) == equal : throw OnlyEqual(table);
    }

    private Func<double, bool> TestText(string table, Func<int, string> text)
    {
        bool equal = _operator == "=";
        string wanted = ComposedText.Of(_value);
        return equal || _operator == "!=" ? value => !double.IsNaN(value) && (text((int)value) == wanted) == equal : throw OnlyEqual(table);
    }

    private DataFormatException OnlyEqual(string table) =>
        new($"{table}: {_option} '{_text}' compares texts by '{_operator}': column '{Column}' holds texts, which are only equal (=) or not (!=).");

    internal static RowCondition Of(string text, string column, string sign, string value, string option)
    {
        value = value.Trim();
        if (value is ['\'' or '"', .., var last] && value.Length > 1 && last == value[0])
            value = value[1..^1];
        return column.Trim().Length > 0 ? new RowCondition(text, column.Trim(), sign, value, option)
            : throw Wrong(text, "names no column", option);
    }

    private static DataFormatException Wrong(string text, string what, string option) => new(
        $"{option} '{text}' {what}: a condition is COLUMN OP VALUE with =, !=, <, <=, > or >=, as 'age >= 18', or 'COLUMN is missing', or "
            + $"'COLUMN is not missing'.");
}
