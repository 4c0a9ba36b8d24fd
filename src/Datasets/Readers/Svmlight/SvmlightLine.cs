using System.Globalization;
using System.Text;

namespace OrleansCluster.Datasets;

/// <summary>
/// One row of an svmlight (libsvm) text, <c>label index:value index:value … # remark</c>, taken apart from its front to its end. Indices rise strictly; what is
/// not written is 0. A <c>qid:</c> behind the label is passed over.
/// </summary>
internal ref struct SvmlightLine
{
    private readonly string _name;
    private readonly long _line;
    private ReadOnlySpan<byte> _rest;
    private long _last = -1;

    /// <param name="name">What messages call the table.</param>
    /// <param name="line">Number of the line, from 1.</param>
    /// <param name="text">The line; what comes behind a <c>#</c> is a remark.</param>
    /// <exception cref="DataFormatException">It does not begin with a label.</exception>
    public SvmlightLine(string name, long line, ReadOnlySpan<byte> text)
    {
        (_name, _line) = (name, line);
        int remark = text.IndexOf((byte)'#');
        _rest = (remark < 0 ? text : text[..remark]).Trim(" \t"u8);
        IsEmpty = _rest.IsEmpty;
        if (IsEmpty)
            return;
        Label = Token();
        if (Label.Contains((byte)':'))
            throw Error($"it begins with '{Text(Label)}' where the label belongs: a row is label index:value …, with 0 for a label that is not known");
        if (_rest.StartsWith("qid:"u8))
            Token();
    }

    /// <summary>Whether there is no row on the line.</summary>
    public bool IsEmpty { get; }

    /// <summary>The label as it is written.</summary>
    public ReadOnlySpan<byte> Label { get; }

    /// <summary>Goes to the next pair.</summary>
    /// <param name="index">As it is written: whether it counts from 0 or from 1 is open.</param>
    /// <param name="value">Its value as it is written.</param>
    /// <returns>False at the end of the row.</returns>
    /// <exception cref="DataFormatException">What stands there is no pair, or its index is not greater than the one before.</exception>
    public bool Next(out int index, out ReadOnlySpan<byte> value)
    {
        index = 0;
        value = default;
        if (_rest.IsEmpty)
            return false;
        ReadOnlySpan<byte> pair = Token();
        int colon = pair.IndexOf((byte)':');
        if (colon < 0)
            throw Error($"'{Text(pair)}' is no pair of index:value");
        long found = Index(pair[..colon]);
        if (found <= _last)
            throw Error(found == _last ? $"index {found} is there twice: add the values up, or leave one out"
                : $"index {found} comes behind index {_last}: sort the pairs of each row by their index");
        _last = found;
        index = (int)found;
        value = pair[(colon + 1)..];
        return true;
    }

    /// <summary>A value as a number.</summary>
    /// <exception cref="DataFormatException">It is none, or not finite.</exception>
    public readonly double Value(int index, ReadOnlySpan<byte> value) => NumberText.TryParse(value, out double number) ? number
        : throw Error($"the value '{Text(value)}' of index {index} is no finite number: remove the row, or leave the pair out where 0 is meant");

    public readonly DataFormatException Error(string what) => new($"{_name}, line {_line.ToString(CultureInfo.InvariantCulture)}: {what}.");

    public static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, 60)]);

    private readonly long Index(ReadOnlySpan<byte> digits)
    {
        long index = 0;
        foreach (byte digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'9')
                throw Error(digits[0] == '-' ? $"the index {Text(digits)} is negative: indices count from 0 or from 1"
                    : $"'{Text(digits)}' is no index: indices are whole numbers from 0 or 1 on");
            index = (index * 10) + (digit - '0');
            // One more than columns, as indices may count from 1.
            if (index > SvmlightTable.MostColumns)
                throw Error($"index {Text(digits)} is too large: at most {SvmlightTable.MostColumns} columns can be read. Number the columns that occur anew, "
                    + "or hash them into fewer");
        }

        return digits.IsEmpty ? throw Error("a value has no index before its colon") : index;
    }

    private ReadOnlySpan<byte> Token()
    {
        int end = _rest.IndexOfAny((byte)' ', (byte)'\t');
        ReadOnlySpan<byte> token = end < 0 ? _rest : _rest[..end];
        _rest = end < 0 ? default : _rest[end..].TrimStart(" \t"u8);
        return token;
    }
}
