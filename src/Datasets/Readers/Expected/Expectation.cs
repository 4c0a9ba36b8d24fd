using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using OrleansCluster.Numerics.Preparation;

namespace OrleansCluster.Datasets;

/// <summary>
/// What is expected of the rows of a dataset: of each (<c>age in 0..120</c>, <c>country in {DE, AT}</c>, <c>weight &gt; 0</c>, <c>id is not missing</c>; a
/// value that is missing breaks the last alone), or of a column as a whole (<c>missing(income) &lt; 5%</c>).
/// </summary>
public sealed partial class Expectation
{
    private const string Option = "--expect";

    private readonly RowCondition[] _conditions;
    private readonly bool _any;
    private readonly string _sign;
    private readonly double _limit;
    private readonly bool _isShare;

    private Expectation(string text, string column, RowCondition[] conditions, bool any)
        : this(text, column, "", 0, false) => (_conditions, _any) = (conditions, any);

    private Expectation(string text, string column, string sign, double limit, bool isShare) =>
        (Text, Column, _sign, _limit, _isShare, _conditions) = (text, column, sign, limit, isShare, []);

    /// <summary>As it is written.</summary>
    public string Text { get; }

    /// <summary>The column that it is about, by name or position.</summary>
    public string Column { get; }

    /// <summary>Whether every row is to meet it; else it is about how many values are missing.</summary>
    public bool IsOfRows => _sign.Length == 0;

    /// <summary>Reads expectations that are separated by semicolons; none twice.</summary>
    /// <exception cref="DataFormatException">One is none; the message says how they are written.</exception>
    public static ImmutableArray<Expectation> ParseAll(string text) =>
        [.. Separated(text).Select(one => one.Trim()).Where(one => one.Length > 0).Distinct(StringComparer.Ordinal).Select(Parse)];

    /// <summary>Whether a value of the column is as expected.</summary>
    /// <param name="type">What the column holds.</param>
    /// <param name="table">What messages call the table.</param>
    /// <param name="text">Tells the text that a value stands for.</param>
    /// <exception cref="DataFormatException">The column cannot be compared so.</exception>
    internal Func<double, bool> Test(ColumnType type, string table, Func<int, string> text)
    {
        Func<double, bool>[] tests = [.. _conditions.Select(condition => condition.Test(type, table, text))];
        if (_conditions[0].IsAboutMissing)
            return tests[0];
        return _any ? value => double.IsNaN(value) || Array.Exists(tests, test => test(value))
            : value => double.IsNaN(value) || Array.TrueForAll(tests, test => test(value));
    }

    /// <summary>Whether a column with so many missing values is as expected.</summary>
    internal bool Holds(long missing, long rows)
    {
        double found = _isShare ? 100.0 * missing / Math.Max(1, rows) : missing;
        return _sign switch
        {
            "<" => found < _limit,
            "<=" => found <= _limit,
            ">" => found > _limit,
            ">=" => found >= _limit,
            _ => found == _limit,
        };
    }

    private static Expectation Parse(string text)
    {
        if (Missing().Match(text) is { Success: true } missing)
        {
            return double.TryParse(missing.Groups["limit"].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double limit)
                ? new Expectation(text, missing.Groups["column"].Value.Trim(), missing.Groups["sign"].Value, limit, missing.Groups["share"].Length > 0)
                : throw Wrong(text);
        }

        if (Set().Match(text) is { Success: true } set)
        {
            string column = set.Groups["column"].Value.Trim();
            return new Expectation(text, column, [.. set.Groups["values"].Value.Split(',').Select(value => RowCondition.Of(text, column, "=", value, Option))],
                any: true);
        }

        if (Range().Match(text) is { Success: true } range)
        {
            string column = range.Groups["column"].Value.Trim();
            return new Expectation(
                text, column,
                [
                    RowCondition.Of(text, column, ">=", range.Groups["from"].Value, Option),
                    RowCondition.Of(text, column, "<=", range.Groups["to"].Value, Option),
                ],
                any: false);
        }

        if (InWhat().IsMatch(text) || text.StartsWith("missing(", StringComparison.Ordinal))
            throw Wrong(text);
        var condition = RowCondition.Parse(text, Option);
        return new Expectation(text, condition.Column, [condition], any: false);
    }

    private static IEnumerable<string> Separated(string text)
    {
        int begin = 0;
        char quote = '\0';
        for (int at = 0; at < text.Length; at++)
        {
            if (quote != '\0')
                quote = text[at] == quote ? '\0' : quote;
            else if (text[at] is '\'' or '"')
                quote = text[at];
            else if (text[at] == ';')
            {
                yield return text[begin..at];
                begin = at + 1;
            }
        }

        yield return text[begin..];
    }

    private static DataFormatException Wrong(string text) => new(
        $"{Option} '{text}' is no expectation: write 'age in 0..120', 'country in {{DE, AT}}', a condition such as 'weight > 0' or 'id is not missing', or "
            + "'missing(income) < 5%'; several with semicolons between them.");

    [GeneratedRegex(@"^missing\((?<column>.+)\)\s*(?<sign><=|>=|<|>|=)\s*(?<limit>[0-9.]+)\s*(?<share>%?)$", RegexOptions.CultureInvariant)]
    private static partial Regex Missing();

    [GeneratedRegex(@"^(?<column>.+?)\s+in\s+\{(?<values>.+)\}$", RegexOptions.CultureInvariant)]
    private static partial Regex Set();

    [GeneratedRegex(@"^(?<column>.+?)\s+in\s+(?<from>[^.].*?)\s*\.\.\s*(?<to>.+)$", RegexOptions.CultureInvariant)]
    private static partial Regex Range();

    [GeneratedRegex(@"\sin\s+[^=<>]*$", RegexOptions.CultureInvariant)]
    private static partial Regex InWhat();
}
