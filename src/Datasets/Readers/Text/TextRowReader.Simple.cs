using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;
using OrleansCluster.Numerics.Preparation;

namespace OrleansCluster.Datasets;

/// <summary>
/// Lines as most are: no quotes, all cells there, numbers where numbers are meant. They are read from left to right in one go; the first line that is
/// otherwise is left to those who read any line, and say what is wrong with it.
/// </summary>
internal sealed partial class TextRowReader
{
    private SimpleLines? _simple;

    /// <summary>Has simple lines read quickly, of lines that are in memory as a piece.</summary>
    public void ReadQuickly() => _simple = _cells.Forms.HasPlainNumbers ? SimpleLines.Of(_cells, _names, _selection, IsNumber) : null;

    private bool IsNumber(int index) => Types.Length == 0 || Types[index] == ColumnType.Number;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void ReadSimpleLines(SimpleLines plan, BatchBuilder builder, int most)
    {
        ReadOnlySpan<byte> ahead = _lines.Ahead;
        CellUse[] uses = plan.Uses;
        int[] places = plan.Places, numbers = plan.Numbers;
        bool isBlank = plan.Blank, hasTrailing = _layout.HasTrailing;
        byte comment = _lines.Comment, delimiter = _cells.Delimiter;
        int size = (int)Precision;
        long line = _lines.NextLine;
        int passed = 0, read = 0;
        fixed (byte* text = ahead, kinds = plan.Kinds, values = builder.Values)
        {
            while (passed < ahead.Length && builder.Rows < most)
            {
                int at = passed;
                byte* row = values + ((long)builder.Rows * builder.RowBytes);
                for (int column = 0; column < uses.Length; column++)
                {
                    while (text[at] == ' ' || (isBlank && text[at] == '\t'))
                        at++;
                    if (column == 0 && (text[at] == comment || text[at] is (byte)'\n' or (byte)'\r' or (byte)'\t'))
                        goto Otherwise;
                    CellUse use = uses[column];
                    if (use == CellUse.Number && numbers[column] is var several && several > 1
                        && QuickNumber.ReadSeveral(
                            text + at, delimiter, row + (places[column] * size), several, size == sizeof(double)) is var bytes && bytes > 0
                        && (kinds[text[at + bytes]] & (SimpleLines.EndsCell | SimpleLines.EndsLine)) != 0)
                    {
                        at += bytes;
                        column += several - 1;
                    }
                    else if (use is CellUse.Number or CellUse.Weight)
                    {
                        int length = QuickNumber.Read(ref text[at], out double value);
                        if (length == 0 || (kinds[text[at + length]] & (SimpleLines.EndsCell | SimpleLines.EndsLine)) == 0)
                        {
                            length = new ReadOnlySpan<byte>(text + at, ahead.Length + 1 - at).IndexOfAny(plan.Ends);
                            if (!TryReadNumber(new ReadOnlySpan<byte>(text + at, length), use, places[column], isBlank, out value))
                                goto Otherwise;
                        }

                        at += length;
                        if (use == CellUse.Weight)
                        {
                            if (RowWeights.Fault(value) is not null)
                                goto Otherwise;
                            builder.SetWeight(value);
                        }
                        else if (size == sizeof(double))
                        {
                            ((double*)row)[places[column]] = value;
                        }
                        else
                        {
                            float narrow = (float)value;
                            if (float.IsInfinity(narrow))
                                goto Otherwise;
                            ((float*)row)[places[column]] = narrow;
                        }
                    }
                    else
                    {
                        int length = new ReadOnlySpan<byte>(text + at, ahead.Length + 1 - at).IndexOfAny(plan.Ends);
                        if (use != CellUse.None && !TryTake(builder, use, places[column], new ReadOnlySpan<byte>(text + at, length)))
                            goto Otherwise;
                        if (isBlank && length == 0)
                            goto Otherwise;
                        at += length;
                    }

                    if (column + 1 < uses.Length && kinds[text[at++]] != SimpleLines.EndsCell)
                        goto Otherwise;
                }

                if (hasTrailing && kinds[text[at]] == SimpleLines.EndsCell)
                    at++;
                if (kinds[text[at]] != SimpleLines.EndsLine)
                    goto Otherwise;
                at += text[at] == '\r' && text[at + 1] == '\n' ? 2 : 1;
                builder.SetLine(line + read++);
                builder.Rows++;
                passed = Math.Min(at, ahead.Length);
            }

        Otherwise:
            _lines.Pass(passed, read);
        }
    }

    /// <summary>A number that is written at length, or a missing one that may be missing.</summary>
    private bool TryReadNumber(ReadOnlySpan<byte> cell, CellUse use, int place, bool isBlank, out double value)
    {
        if (NumberText.TryParse(cell, out value))
            return true;
        value = double.NaN;
        return use == CellUse.Number && !(isBlank && cell.IsEmpty) && MayMiss(place) && NumberText.IsMissing(cell);
    }

    /// <summary>Takes a cell that is no number.</summary>
    /// <returns>False when it has to be looked at closely.</returns>
    private bool TryTake(BatchBuilder builder, CellUse use, int place, ReadOnlySpan<byte> cell)
    {
        if (cell.Length > 0 && cell[^1] is (byte)' ' or (byte)'\t')
            return false;
        if (use == CellUse.Id)
        {
            if (cell.Length is 0 or > ShardFormat.MaximumIdBytes || !Utf8.IsValid(cell))
                return false;
            builder.SetId(Encoding.UTF8.GetString(cell));
            return true;
        }

        if (NumberText.IsMissing(cell))
        {
            if (use == CellUse.Label || !MayMiss(place))
                return false;
            builder.SetMissing(place);
            return true;
        }

        if (use == CellUse.Label)
        {
            if (!Utf8.IsValid(cell))
                return false;
            builder.SetLabel(Encoding.UTF8.GetString(cell));
            return true;
        }

        if (Types[place] == ColumnType.Category)
        {
            int known = _texts[place].Find(cell);
            return known >= 0 && builder.TrySetValue(place, known);
        }

        return TryRead(place, cell, out double value) && builder.TrySetValue(place, value);
    }
}
