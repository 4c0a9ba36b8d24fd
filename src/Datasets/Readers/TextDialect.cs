namespace OrleansCluster.Datasets;

/// <summary>How a text writes a table, as far as its first lines show.</summary>
internal static class TextDialect
{
    private const int SampleLines = 20, SampleBytes = 1 << 20;

    private enum Kind
    {
        Missing,
        Number,
        Text,
    }

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
    /// Whether <paramref name="first"/> is a header: it has text and no number. An empty cell or a sign for a missing value is neither.
    /// </summary>
    /// <exception cref="DataFormatException">It has numbers, and text where the next row has a number: a damaged row must not pass for a header.</exception>
    public static bool HasHeader(byte[] first, byte[]? second, Cells cells, string path)
    {
        Kind[] kinds = Kinds(first, cells);
        if (!kinds.Contains(Kind.Text))
            return false;
        int number = Array.IndexOf(kinds, Kind.Number);
        if (number < 0)
            return true;
        if (second is null)
            return false;
        int text = Array.FindIndex(kinds.Zip(Kinds(second, cells)).ToArray(), pair => pair is (Kind.Text, Kind.Number));
        if (text < 0)
            return false;
        cells.Cut(first);
        throw new DataFormatException(
            $"{path}: the first line may be a header or a row: it has the number {NumberText.Show(cells[first, number])}, and {NumberText.Show(cells[first, text])} where the next line has a number. Say which with --header yes or --header no.");
    }

    private static bool HasText(ReadOnlySpan<byte> record, Cells cells) => Kinds(record, cells).Contains(Kind.Text);

    private static Kind[] Kinds(ReadOnlySpan<byte> record, Cells cells)
    {
        cells.Cut(record);
        var kinds = new Kind[cells.Count];
        for (int i = 0; i < kinds.Length; i++)
        {
            ReadOnlySpan<byte> cell = cells[record, i];
            kinds[i] = cell.IsEmpty || NumberText.IsMissing(cell) ? Kind.Missing
                : NumberText.IsNumeric(cell) ? Kind.Number
                : Kind.Text;
        }

        return kinds;
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
