using System.Buffers;
using System.Globalization;
using System.Text;

namespace OrleansCluster.Datasets;

/// <summary>Numbers that other programs write for people: with separators of thousands, or with a decimal comma.</summary>
internal static class GroupedNumber
{
    private static readonly SearchValues<char> Separators = SearchValues.Create(",.'\u2019_ \u00A0\u202F\u2009");

    /// <summary>What to write instead; null when the cell is no such number.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="delimiter">What separates cells: beside commas a comma within quotes separates thousands.</param>
    public static string? Explain(ReadOnlySpan<byte> cell, byte delimiter)
    {
        string text = Encoding.UTF8.GetString(cell);
        if (text.StartsWith('\u2212') && double.TryParse(text.AsSpan(1), NumberStyles.Float, CultureInfo.InvariantCulture, out _))
            return $"Its minus is a typographic one: write -{text[1..]}.";
        string sign = text.Length > 0 && text[0] is '-' or '+' ? text[..1] : "";
        string rest = text[sign.Length..];
        char[] separators = [.. rest.Where(character => Separators.Contains(character)).Distinct()];
        if (rest.Any(character => !char.IsAsciiDigit(character) && !Separators.Contains(character)))
        {
            string pointed = text.Replace(',', '.');
            return separators is [','] && double.TryParse(pointed, NumberStyles.Float, CultureInfo.InvariantCulture, out _)
                ? $"Decimals are written with a point: {pointed}." : null;
        }

        if (separators.Length is 0 or > 2 || !char.IsAsciiDigit(rest[0]))
            return null;
        // The last of two kinds of separators, or a lone comma, may be the decimal one.
        char last = rest.Last(character => Separators.Contains(character));
        if (separators.Length == 2)
        {
            char thousands = separators.Single(separator => separator != last);
            string[] parts = rest.Split(last);
            return parts.Length == 2 && last is ',' or '.' && IsGrouped(parts[0].Split(thousands))
                ? Remove(sign + parts[0].Replace(thousands.ToString(), "", StringComparison.Ordinal) + "." + parts[1]) : null;
        }

        string[] groups = rest.Split(last);
        string joined = sign + string.Concat(groups);
        if (last == ',' && groups.Length == 2)
        {
            string point = $"{sign}{groups[0]}.{groups[1]}";
            if (!IsGrouped(groups))
                return $"Decimals are written with a point: {point}.";
            if (delimiter != ',')
                return $"Is the comma a decimal one, write {point}; does it separate thousands, write {joined}.";
        }

        return IsGrouped(groups) ? Remove(joined) : null;

        static string Remove(string number) => $"It has a thousands separator: remove it, as in {number}.";
    }

    /// <summary>One to three digits, groups of two or three, and one of three.</summary>
    private static bool IsGrouped(string[] groups) =>
        groups.Length > 1 && groups[0].Length is >= 1 and <= 3 && groups[1..^1].All(group => group.Length is 2 or 3) && groups[^1].Length == 3;
}
