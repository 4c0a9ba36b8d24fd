namespace OrleansCluster.Datasets;

/// <summary>Finds what separates the cells of a text.</summary>
public static class TextDelimiter
{
    private const int SampleLines = 20, SampleBytes = 1 << 20;

    /// <summary>
    /// The delimiter that is in the most of the next lines, outside quotes; tab goes before semicolon before comma, which may be decimal, before a bar.
    /// White space when none is there, or when tabs leave cells that are no numbers and that blanks part into numbers.
    /// </summary>
    /// <param name="lines">The text, at its first row.</param>
    /// <param name="quote">Begins and ends cells, or 0.</param>
    /// <param name="forms">How numbers are written: a comma of theirs separates nothing, unless it is beside a quote.</param>
    internal static byte Find(LineReader lines, byte quote, WrittenForms forms)
    {
        ReadOnlySpan<byte> candidates = "\t;,|"u8;
        Span<int> found = stackalloc int[candidates.Length];
        found.Clear();
        var tabs = new Cells((byte)'\t', quote, forms);
        var blanks = new Cells((byte)' ', quote, forms);
        bool blanksToo = false;
        int bytes = 0;
        for (int line = 0; line < SampleLines && bytes < SampleBytes && lines.NextFilled(); line++)
        {
            for (int i = 0; i < candidates.Length; i++)
                found[i] += HasOutsideQuotes(lines.Record, candidates[i], quote, candidates[i] == ',' && forms.HasComma) ? 1 : 0;
            blanksToo |= HasText(lines.Record, tabs) && !HasText(lines.Record, blanks);
            bytes += lines.Record.Length;
        }

        int best = 0;
        for (int i = 1; i < candidates.Length; i++)
            best = found[i] > found[best] ? i : best;
        if (found[best] == 0)
            return (byte)' ';
        return candidates[best] == '\t' && blanksToo ? (byte)' ' : candidates[best];
    }

    /// <summary>Reads a separator as people name it: comma, tab, semicolon, space, or any other single ASCII character.</summary>
    /// <returns>Null: it is none.</returns>
    public static char? Parse(string text) => text switch
    {
        "comma" => ',',
        "tab" => '\t',
        "semicolon" => ';',
        "space" => ' ',
        [var character] when character is > '\0' and < '\x80' and not ('\n' or '\r' or '"') => character,
        _ => null,
    };

    private static bool HasText(ReadOnlySpan<byte> record, Cells cells)
    {
        cells.Cut(record);
        return cells.Kinds(record).Contains(CellKind.Text);
    }

    private static bool HasOutsideQuotes(ReadOnlySpan<byte> line, byte delimiter, byte quote, bool isBesideQuotes)
    {
        bool quoted = false;
        for (int i = 0; i < line.Length; i++)
        {
            if (line[i] == quote && quote != 0)
                quoted = !quoted;
            else if (line[i] == delimiter && !quoted
                && (!isBesideQuotes || (i > 0 && line[i - 1] == quote) || (i + 1 < line.Length && line[i + 1] == quote)))
                return true;
        }

        return false;
    }
}
