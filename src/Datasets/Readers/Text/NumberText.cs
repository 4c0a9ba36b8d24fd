using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace OrleansCluster.Datasets;

/// <summary>Numbers written in text: decimal point, optional exponent, the same in every locale.</summary>
public static class NumberText
{
    private const ulong ExactIntegers = 1UL << 53;
    private const int ExactPowers = 22;

    private static readonly double[] PowersOfTen =
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];

    /// <summary>
    /// The float64 nearest to the number; blanks around it, as quotes keep them, do not count. False for what is no number, not finite, or an integer beyond
    /// 2^53, which float64 would change.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> cell, out double value)
    {
        if (TryParseBare(cell, out value))
            return true;
        ReadOnlySpan<byte> bare = Trim(cell);
        return bare.Length < cell.Length && TryParseBare(bare, out value);
    }

    /// <summary>A cell without the blanks around it.</summary>
    internal static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> cell) => cell.Trim(" \t"u8);

    private static bool TryParseBare(ReadOnlySpan<byte> cell, out double value)
    {
        int at = 0;
        bool negative = false;
        if (cell.Length > 0 && cell[0] is (byte)'-' or (byte)'+')
        {
            negative = cell[0] == '-';
            at = 1;
        }

        // Up to 19 digits fit 64 bits.
        ulong digits = 0;
        int start = at;
        TakeDigits(cell, ref at, ref digits);
        int count = at - start, exponent = 0;
        bool integer = at == cell.Length;
        if (!integer && cell[at] == '.')
        {
            int point = ++at;
            TakeDigits(cell, ref at, ref digits);
            exponent = point - at;
            count -= exponent;
        }

        if (count == 0)
        {
            value = 0;
            return false;
        }

        if (at < cell.Length && (cell[at] | 0x20) == 'e')
        {
            if (!TryParseExponent(cell[(at + 1)..], out int written))
                return TryParseFinite(cell, out value);
            exponent += written;
            at = cell.Length;
        }

        // One rounding of two exact numbers is right.
        if (at < cell.Length || count > 19 || digits > ExactIntegers || exponent is < -ExactPowers or > ExactPowers)
        {
            if (at == cell.Length && count <= 19 && RoundedDecimal.TryRound(digits, exponent, out value))
                value = negative ? -value : value;
            else if (!TryParseFinite(cell, out value))
                return false;
            return !(integer && (count <= 19 || Math.Abs(value) >= ExactIntegers));
        }

        value = exponent < 0 ? digits / PowersOfTen[-exponent] : digits * PowersOfTen[exponent];
        if (negative)
            value = -value;
        return true;
    }

    private static void TakeDigits(ReadOnlySpan<byte> cell, ref int at, ref ulong digits)
    {
        while (cell.Length - at >= sizeof(ulong) && EightDigits.Are(BinaryPrimitives.ReadUInt64LittleEndian(cell[at..])))
        {
            digits = (digits * 100_000_000) + EightDigits.Value(BinaryPrimitives.ReadUInt64LittleEndian(cell[at..]));
            at += sizeof(ulong);
        }

        while (at < cell.Length && (uint)(cell[at] - '0') <= 9)
            digits = (digits * 10) + (uint)(cell[at++] - '0');
    }

    /// <summary>Whether the cell is meant as a number: one that can be used or not.</summary>
    internal static bool IsNumeric(ReadOnlySpan<byte> cell) => TryParse(cell, out _) || TryParseAny(Trim(cell), out _);

    /// <summary>Why <see cref="TryParse"/> refused a cell that is not missing.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="delimiter">What separates cells.</param>
    /// <returns>The end of a sentence, and what to do; null: leave the column out or correct the cell.</returns>
    internal static (string What, string? Remedy) Refusal(ReadOnlySpan<byte> cell, byte delimiter)
    {
        cell = Trim(cell);
        string text = Show(cell);
        if (TryParseAny(cell, out double value))
        {
            if (double.IsFinite(value))
                return ($"{text} is an integer beyond 2^53, which float64 would change.",
                    "Leave the column out, or have it rounded: write it with a decimal point.");
            return cell.ContainsAnyInRange((byte)'0', (byte)'9')
                ? ($"{text} is beyond what float64 can hold.", "Scale the column.")
                : ($"{text} is not finite.", "Remove the row or fill the value in.");
        }

        return ($"{text} is not a number.", GroupedNumber.Explain(cell, delimiter) ?? Exponent(cell));
    }

    /// <summary>What to do about an exponent as Fortran writes it, <c>1.5D+03</c>; null: there is none.</summary>
    private static string? Exponent(ReadOnlySpan<byte> cell)
    {
        byte[] written = cell.ToArray();
        if (written.AsSpan().IndexOfAny((byte)'d', (byte)'D') is var at and > 0)
            written[at] = (byte)'e';
        return written.Length <= 40 && !cell.SequenceEqual(written) && TryParse(written, out _)
            ? $"Exponents are written with an e: {Encoding.UTF8.GetString(written)}." : null;
    }

    /// <summary>A cell as it can be shown in a message.</summary>
    internal static string Show(ReadOnlySpan<byte> cell)
    {
        const int Longest = 40;
        string text = Encoding.UTF8.GetString(cell.Length > Longest ? cell[..Longest] : cell);
        var shown = new StringBuilder("'");
        foreach (char character in text)
            shown.Append(char.IsControl(character) ? '\uFFFD' : character);
        return shown.Append(cell.Length > Longest ? "…'" : "'").ToString();
    }

    /// <summary>Whether the cell is empty, or a usual sign for a value that is not known.</summary>
    internal static bool IsMissing(ReadOnlySpan<byte> cell)
    {
        cell = Trim(cell);
        return cell.Length switch
        {
            0 => true,
            1 => cell[0] is (byte)'-' or (byte)'?' or (byte)'.' or (byte)'*',
            2 => Ascii.EqualsIgnoreCase(cell, "na"u8) || cell.SequenceEqual("--"u8),
            3 => Ascii.EqualsIgnoreCase(cell, "nan"u8) || Ascii.EqualsIgnoreCase(cell, "n/a"u8) || cell.SequenceEqual("\u2013"u8)
                || cell.SequenceEqual("\u2014"u8) || cell.SequenceEqual("#NA"u8),
            4 => Ascii.EqualsIgnoreCase(cell, "null"u8) || Ascii.EqualsIgnoreCase(cell, "none"u8) || Ascii.EqualsIgnoreCase(cell, "<na>"u8)
                || Ascii.EqualsIgnoreCase(cell, "#n/a"u8)
                || Ascii.EqualsIgnoreCase(cell, "-nan"u8) || Ascii.EqualsIgnoreCase(cell, "+nan"u8),
            _ => cell.SequenceEqual("#N/A N/A"u8) || cell.SequenceEqual("1.#QNAN"u8) || cell.SequenceEqual("-1.#IND"u8) || cell.SequenceEqual("#DIV/0!"u8)
                || cell.SequenceEqual("#VALUE!"u8) || cell.SequenceEqual("#NUM!"u8) || Ascii.EqualsIgnoreCase(cell, "missing"u8)
                    || Ascii.EqualsIgnoreCase(cell, "(null)"u8),
        };
    }

    private static bool TryParseFinite(ReadOnlySpan<byte> cell, out double value) => TryParseAny(cell, out value) && double.IsFinite(value);

    private static bool TryParseAny(ReadOnlySpan<byte> cell, out double value)
    {
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (double.TryParse(cell, Style, CultureInfo.InvariantCulture, out value))
            return true;
        ReadOnlySpan<byte> word = cell.Length > 0 && cell[0] is (byte)'-' or (byte)'+' ? cell[1..] : cell;
        if (!Ascii.EqualsIgnoreCase(word, "inf"u8))
            return false;
        value = double.PositiveInfinity;
        return true;
    }

    private static bool TryParseExponent(ReadOnlySpan<byte> text, out int exponent)
    {
        exponent = 0;
        bool negative = text.Length > 0 && text[0] == '-';
        if (text.Length > 0 && text[0] is (byte)'-' or (byte)'+')
            text = text[1..];
        if (text.Length is 0 or > 4)
            return false;
        foreach (byte digit in text)
        {
            if ((uint)(digit - '0') > 9)
                return false;
            exponent = (exponent * 10) + (digit - '0');
        }

        exponent = negative ? -exponent : exponent;
        return true;
    }
}
