using System.Globalization;
using System.Text;
using Spectre.Console.Rendering;

namespace OrleansCluster.Cli.Output;

/// <summary>Text in cells of a terminal, in which some characters are two cells wide and others none.</summary>
internal static class CellText
{
    private const string Ellipsis = "…";

    /// <summary>How many cells a text takes.</summary>
    public static int Width(string text)
    {
        foreach (char character in text)
        {
            if (character is < ' ' or > '~')
                return new Segment(text).CellCount();
        }

        return text.Length;
    }

    /// <summary>The text on one line, with signs for what would move the cursor, colour the rest or turn the direction around.</summary>
    public static string Visible(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~') || !text.Any(IsUnseen))
            return text;
        var shown = new StringBuilder(text.Length);
        foreach (char character in text)
        {
            // U+2400 … are pictures of the control characters in their order, and U+2421 is that of the last one of ASCII.
            shown.Append(
                character switch { < ' ' => (char)('\u2400' + character), '\u007f' => '\u2421', _ when IsUnseen(character) => '\ufffd', _ => character });
        }

        return shown.ToString();
    }

    /// <summary>The text, or its beginning and an ellipsis where it is wider than <paramref name="width"/>.</summary>
    public static string CutEnd(string text, int width) => Width(text) <= width ? text : Taken(Elements(text), width - 1) + Ellipsis;

    /// <summary>The text, or an ellipsis and its end, where a path says most.</summary>
    public static string CutStart(string text, int width)
    {
        if (Width(text) <= width)
            return text;
        string[] backwards = [.. Elements(text).Reverse()];
        int count = Fitting(backwards, width - 1);
        return Ellipsis + string.Concat(backwards.Take(count).Reverse());
    }

    /// <summary>The text on lines of at most <paramref name="width"/>, broken between words; a word is broken only where it is wider than a line.</summary>
    public static List<string> Wrap(string text, int width)
    {
        var lines = new List<string>();
        string line = "";
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            string rest = word;
            if (line.Length > 0 && Width(line) + 1 + Width(word) <= width)
            {
                line += " " + word;
                continue;
            }

            if (line.Length > 0)
                lines.Add(line);
            while (Width(rest) > width)
            {
                string[] elements = [.. Elements(rest)];
                // At least one, or a line too narrow for it would never end.
                int count = Math.Max(1, Fitting(elements, width));
                if (count == elements.Length)
                    break;
                lines.Add(string.Concat(elements.Take(count)));
                rest = string.Concat(elements.Skip(count));
            }

            line = rest;
        }

        lines.Add(line);
        return lines;
    }

    private static string Taken(IEnumerable<string> elements, int width)
    {
        string[] all = [.. elements];
        return string.Concat(all.Take(Fitting(all, width)));
    }

    /// <summary>How many of the elements fit, from the first.</summary>
    private static int Fitting(string[] elements, int width)
    {
        int count = 0, taken = 0;
        while (count < elements.Length && taken + Width(elements[count]) <= width)
            taken += Width(elements[count++]);
        return count;
    }

    /// <summary>What is seen as one character, whatever it is made of.</summary>
    private static IEnumerable<string> Elements(string text)
    {
        TextElementEnumerator elements = StringInfo.GetTextElementEnumerator(text);
        while (elements.MoveNext())
            yield return elements.GetTextElement();
    }

    private static bool IsUnseen(char character) =>
        char.IsControl(character) || character is '\u2028' or '\u2029' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');
}
