namespace OrleansCluster.Datasets;

/// <summary>How a text writes a table, as far as its first lines show.</summary>
internal static class TextDialect
{
    private const int SampleLines = 20, SampleBytes = 1 << 20;

    /// <summary>
    /// The delimiter that is in the most of the first lines, outside quotes; tab goes before semicolon before comma, which may be decimal.
    /// White space when none is there, or when tabs leave cells that are no numbers and that blanks part into numbers.
    /// </summary>
    public static byte FindDelimiter(LineReader lines, byte quote)
    {
        ReadOnlySpan<byte> candidates = "\t;,"u8;
        Span<int> found = stackalloc int[candidates.Length];
        found.Clear();
        var tabs = new Cells((byte)'\t', quote);
        var blanks = new Cells((byte)' ', quote);
        bool blanksToo = false;
        int bytes = 0;
        for (int line = 0; line < SampleLines && bytes < SampleBytes && lines.NextFilled(); line++)
        {
            for (int i = 0; i < candidates.Length; i++)
                found[i] += HasOutsideQuotes(lines.Record, candidates[i], quote) ? 1 : 0;
            blanksToo |= HasText(lines.Record, tabs) && !HasText(lines.Record, blanks);
            bytes += lines.Record.Length;
        }

        lines.Rewind();
        int best = 0;
        for (int i = 1; i < candidates.Length; i++)
            best = found[i] > found[best] ? i : best;
        if (found[best] == 0)
            return (byte)' ';
        return candidates[best] == '\t' && blanksToo ? (byte)' ' : candidates[best];
    }

    /// <summary>
    /// Whether <paramref name="first"/> is a header: it has no number, or has text where the row below has a number. An empty cell is neither.
    /// </summary>
    public static bool HasHeader(byte[] first, byte[]? second, Cells cells)
    {
        bool[] numbers = Kinds(first, cells, out bool[] texts);
        if (!texts.Contains(true))
            return false;
        if (!numbers.Contains(true))
            return true;
        if (second is null)
            return false;
        bool[] below = Kinds(second, cells, out _);
        return texts.Zip(below).Any(pair => pair.First && pair.Second);
    }

    private static bool[] Kinds(ReadOnlySpan<byte> record, Cells cells, out bool[] texts)
    {
        cells.Cut(record);
        var numbers = new bool[cells.Count];
        texts = new bool[cells.Count];
        for (int i = 0; i < cells.Count; i++)
        {
            ReadOnlySpan<byte> cell = cells[record, i];
            numbers[i] = NumberText.IsNumeric(cell);
            texts[i] = !numbers[i] && !cell.IsEmpty;
        }

        return numbers;
    }

    private static bool HasText(ReadOnlySpan<byte> record, Cells cells)
    {
        Kinds(record, cells, out bool[] texts);
        return texts.Contains(true);
    }

    private static bool HasOutsideQuotes(ReadOnlySpan<byte> line, byte delimiter, byte quote)
    {
        bool quoted = false;
        foreach (byte character in line)
        {
            if (character == quote && quote != 0)
                quoted = !quoted;
            else if (character == delimiter && !quoted)
                return true;
        }

        return false;
    }
}
