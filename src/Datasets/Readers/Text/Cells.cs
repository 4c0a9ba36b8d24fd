namespace OrleansCluster.Datasets;

/// <summary>What a cell is taken for.</summary>
internal enum CellKind
{
    /// <summary>Empty, or a sign for a missing value.</summary>
    Missing,

    /// <summary>A number, whether it can be used or not.</summary>
    Number,

    /// <summary>Anything else.</summary>
    Text,
}

/// <summary>Cuts records into cells. A cell is seen without the blanks around it and without its quotes.</summary>
/// <param name="delimiter">An ASCII character; a blank means runs of blanks and tabs.</param>
/// <param name="quote">An ASCII character, or 0: no quotes.</param>
/// <param name="forms">How numbers and dates are written.</param>
internal sealed class Cells(byte delimiter, byte quote, WrittenForms forms)
{
    private (int Start, int Length)[] _cells = new (int, int)[64];
    private byte[] _text = [];
    private bool _unquoted;

    /// <summary>Cells of the current record.</summary>
    public int Count { get; private set; }

    public byte Delimiter => delimiter;

    /// <summary>The quote, or 0.</summary>
    public byte Quote => quote;

    /// <summary>Cuts other records in the same way.</summary>
    public Cells Another() => new(delimiter, quote, forms);

    /// <summary>How numbers and dates are written.</summary>
    public WrittenForms Forms => forms;

    public bool AreBlankSeparated => delimiter == ' ';

    /// <summary>A cell of <paramref name="record"/>, which was cut last.</summary>
    public ReadOnlySpan<byte> this[ReadOnlySpan<byte> record, int cell] =>
        (_unquoted ? _text : record).Slice(_cells[cell].Start, _cells[cell].Length);

    /// <summary>What each cell of <paramref name="record"/>, which was cut last, is taken for.</summary>
    public CellKind[] Kinds(ReadOnlySpan<byte> record)
    {
        var kinds = new CellKind[Count];
        for (int i = 0; i < kinds.Length; i++)
        {
            ReadOnlySpan<byte> cell = this[record, i];
            kinds[i] = NumberText.IsMissing(cell) ? CellKind.Missing : forms.IsNumeric(cell) ? CellKind.Number : CellKind.Text;
        }

        return kinds;
    }

    /// <summary>The cells of <paramref name="record"/>, which was cut last, to keep.</summary>
    public SampleRecord Keep(ReadOnlySpan<byte> record)
    {
        ReadOnlySpan<byte> text = _unquoted ? _text.AsSpan(0, record.Length) : record;
        return new SampleRecord(text.ToArray(), _cells[..Count], Kinds(record));
    }

    /// <returns>False when the last cell's quote is not closed.</returns>
    public bool Cut(ReadOnlySpan<byte> record)
    {
        Count = 0;
        _unquoted = quote != 0 && record.Contains(quote);
        if (_unquoted)
            return CutQuoted(record);
        if (AreBlankSeparated)
            CutAtBlanks(record);
        else
            CutAtDelimiter(record);
        return true;
    }

    private void CutAtDelimiter(ReadOnlySpan<byte> record)
    {
        for (int start = 0; ;)
        {
            int length = record[start..].IndexOf(delimiter);
            int end = length < 0 ? record.Length : start + length;
            AddTrimmed(record, start, end);
            if (length < 0)
                return;
            start = end + 1;
        }
    }

    private void CutAtBlanks(ReadOnlySpan<byte> record)
    {
        for (int at = 0; ;)
        {
            while (at < record.Length && IsBlank(record[at]))
                at++;
            if (at == record.Length)
                return;
            int start = at;
            while (at < record.Length && !IsBlank(record[at]))
                at++;
            Add(start, at - start);
        }
    }

    private bool CutQuoted(ReadOnlySpan<byte> record)
    {
        if (_text.Length < record.Length)
            _text = new byte[record.Length * 2];
        int written = 0;
        for (int at = 0; ;)
        {
            while (at < record.Length && IsBlank(record[at]) && record[at] != delimiter)
                at++;
            if (AreBlankSeparated)
            {
                while (at < record.Length && IsBlank(record[at]))
                    at++;
                if (at == record.Length)
                    return true;
            }

            int start = written;
            if (at < record.Length && record[at] == quote)
            {
                at = Unquote(record, at + 1, ref written);
                if (at < 0)
                    return false;
            }

            // What follows a closing quote belongs to the cell: it shows in the message when the cell is refused.
            int rest = at;
            while (at < record.Length && record[at] != delimiter && !(AreBlankSeparated && IsBlank(record[at])))
                at++;
            ReadOnlySpan<byte> tail = record[rest..at];
            while (tail.Length > 0 && IsBlank(tail[^1]))
                tail = tail[..^1];
            tail.CopyTo(_text.AsSpan(written));
            written += tail.Length;
            Add(start, written - start);
            if (at == record.Length)
                return true;
            at++;
        }
    }

    /// <summary>Copies a quoted text, which begins at <paramref name="at"/>.</summary>
    /// <returns>Where it ends, after the quote; −1 when it does not.</returns>
    private int Unquote(ReadOnlySpan<byte> record, int at, ref int written)
    {
        while (at < record.Length)
        {
            if (record[at] == quote)
            {
                if (at + 1 == record.Length || record[at + 1] != quote)
                    return at + 1;
                at++;
            }

            _text[written++] = record[at++];
        }

        return -1;
    }

    private void AddTrimmed(ReadOnlySpan<byte> record, int start, int end)
    {
        while (start < end && IsBlank(record[start]))
            start++;
        while (start < end && IsBlank(record[end - 1]))
            end--;
        Add(start, end - start);
    }

    private void Add(int start, int length)
    {
        if (Count == _cells.Length)
            Array.Resize(ref _cells, Count * 2);
        _cells[Count++] = (start, length);
    }

    private static bool IsBlank(byte character) => character is (byte)' ' or (byte)'\t';
}
