using System.Globalization;

namespace OrleansCluster.Datasets;

/// <summary>Text that holds a table in a way that is not read, and that might pass for another: tables drawn for people. And whether rows are sparse.</summary>
internal static class OtherTexts
{
    private const int MostLines = 20;

    /// <summary>What the text is and what to do; null: none of these.</summary>
    /// <param name="source">The text, of which the beginning is looked at.</param>
    /// <param name="options">Which lines are passed over.</param>
    public static (string What, string Remedy)? Find(InputSource source, ReadOptions options) => Drawn(Lines(source, options));

    /// <summary>Whether the rows are sparse ones as svmlight and libsvm write them.</summary>
    /// <inheritdoc cref="Find"/>
    public static bool IsSparse(InputSource source, ReadOptions options)
    {
        string[] lines = Lines(source, options);
        return Drawn(lines) is null && IsSparse(lines);
    }

    private static string[] Lines(InputSource source, ReadOptions options)
    {
        string text = TextEncodings.Start(source);
        // What is cut off somewhere is only looked at as far as it is whole.
        if (!source.IsWhole)
            text = text[..Math.Max(text.AsSpan().LastIndexOfAny(" \t\r\n"), 0)];
        return
        [
            .. text.ReplaceLineEndings("\n").Split('\n').Skip(options.Skip).Select(line => line.Trim('\uFEFF', ' ', '\t'))
                .Where(line => line.Length > 0 && line[0] != options.Comment).Take(MostLines),
        ];
    }

    /// <summary>A table with lines of dashes, one of which comes before the first row: above the names, or below them or a title.</summary>
    private static (string What, string Remedy)? Drawn(string[] lines)
    {
        int rule = Array.FindIndex(lines, 0, Math.Min(lines.Length, 3), IsRule);
        // In the third line it has a title and names before it.
        if (rule < 0 || (rule == 2 && !Array.TrueForAll(lines[..rule], line => line.Any(char.IsLetter))))
            return null;
        const string without = "or remove the lines of dashes and the last one, which counts the rows";
        return lines[rule] switch
        {
            ['|', ..] when !lines[rule].Contains('+', StringComparison.Ordinal) =>
                ("a Markdown table", "Save the table as CSV, or remove the line of dashes and the | at both ends of every line."),
            ['+', ..] or ['|', ..] =>
                ("a table in a frame, as databases print it", "Have it written as CSV: psql --csv, mysql --batch (with tabs), sqlite3 -csv."),
            var line when line.Any(IsBox) => ("a table in a frame of lines", "Have it written as CSV: psql --csv, duckdb -csv, sqlite3 -csv."),
            var line when line.Contains('+', StringComparison.Ordinal) => ("a table as psql prints it", $"Have it written as CSV: psql --csv, {without}."),
            var line when line.Contains('|', StringComparison.Ordinal) => ("a Markdown table", "Save the table as CSV, or remove the line of dashes."),
            _ => ("a table drawn with lines of dashes, as databases print it", $"Have it written as CSV: psql --csv, sqlite3 -csv, {without}."),
        };
    }

    /// <summary>Dashes and what joins them, and nothing else. A dash alone may be a missing value.</summary>
    private static bool IsRule(string line) => line.All(one => one is '-' or '+' or '|' or ':' or '=' or ' ' or '\t' || IsBox(one))
        && (line.Any(IsBox) || line.Contains("---", StringComparison.Ordinal) || line.Contains("===", StringComparison.Ordinal)
            || (line[0] is '|' or '+' && line.Contains('-', StringComparison.Ordinal))
            || (line.Contains("--", StringComparison.Ordinal) && line.AsSpan().ContainsAny('|', '+')));

    private static bool IsBox(char one) => one is >= '\u2500' and <= '\u257F';

    /// <summary>Rows of a label and pairs whose positions rise: <c>1 3:0.5 7:1</c>. Where no row has two, times of day may be meant.</summary>
    private static bool IsSparse(string[] lines)
    {
        int most = 0;
        bool times = true;
        foreach (string line in lines.Where(line => line[0] != '#'))
        {
            string[] cells = line.Split('#')[0].Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (!cells[0].Split(',').All(IsNumber))
                return false;
            long last = -1;
            foreach (string cell in cells.Skip(1).Where(cell => !cell.StartsWith("qid:", StringComparison.Ordinal)))
            {
                if (cell.Split(':') is not [var place, var value] || !long.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out long position)
                    || position <= last || !IsNumber(value))
                    return false;
                last = position;
                times &= place.Length <= 2 && value.Length == 2;
            }

            most = Math.Max(most, cells.Length - 1);
        }

        return most > 1 || (most == 1 && !times);
    }

    private static bool IsNumber(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
}
