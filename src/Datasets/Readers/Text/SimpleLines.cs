using System.Buffers;
using System.Runtime.Intrinsics;

namespace OrleansCluster.Datasets;

/// <summary>
/// What a line's cells are for, and which characters end them, where lines can be read from left to right without looking for their ends first.
/// </summary>
internal sealed class SimpleLines
{
    /// <summary>What a character is.</summary>
    public const byte Other = 0, EndsCell = 1, EndsLine = 2, Quotes = 3;

    private SimpleLines(Cells cells, int columns)
    {
        Blank = cells.AreBlankSeparated;
        Kinds = new byte[256];
        Kinds[cells.Delimiter] = EndsCell;
        Kinds['\n'] = Kinds['\r'] = EndsLine;
        if (Blank)
            Kinds['\t'] = EndsCell;
        if (cells.Quote != 0)
            Kinds[cells.Quote] = Quotes;
        Ends = SearchValues.Create([.. Enumerable.Range(0, 256).Where(character => Kinds[character] != Other).Select(character => (byte)character)]);
        (Uses, Places, Numbers) = (new CellUse[columns], new int[columns], new int[columns]);
    }

    /// <summary>What each character is.</summary>
    public byte[] Kinds { get; }

    /// <summary>Characters that end a cell, and quotes.</summary>
    public SearchValues<byte> Ends { get; }

    /// <summary>Whether runs of blanks separate cells.</summary>
    public bool Blank { get; }

    /// <summary>What the cell of each column is for.</summary>
    public CellUse[] Uses { get; }

    /// <summary>Which of the value columns each column is.</summary>
    public int[] Places { get; }

    /// <summary>How many columns from each on are numbers, and value columns in the same order.</summary>
    public int[] Numbers { get; }

    /// <summary>The plan of lines; null: they cannot be read so, because a column is two things or a number's characters are something else.</summary>
    public static SimpleLines? Of(Cells cells, ColumnNames names, ColumnSelection selection, Func<int, bool> isNumber)
    {
        if (!Vector128.IsHardwareAccelerated || MayBeOfNumbers(cells.Delimiter) || (cells.Quote != 0 && MayBeOfNumbers(cells.Quote)))
            return null;
        var lines = new SimpleLines(cells, names.Count);
        bool once = true;
        for (int j = 0; j < selection.Values.Length; j++)
        {
            Use(selection.Values[j], isNumber(j) ? CellUse.Number : CellUse.Typed);
            lines.Places[selection.Values[j]] = j;
        }

        Use(selection.Weight, CellUse.Weight);
        Use(selection.Id, CellUse.Id);
        Use(selection.Label, CellUse.Label);
        for (int column = names.Count - 1; column >= 0; column--)
        {
            bool goesOn = column + 1 < names.Count && lines.Numbers[column + 1] > 0 && lines.Places[column + 1] == lines.Places[column] + 1;
            lines.Numbers[column] = lines.Uses[column] != CellUse.Number ? 0 : goesOn ? lines.Numbers[column + 1] + 1 : 1;
        }

        return once ? lines : null;

        void Use(int column, CellUse use)
        {
            if (column < 0)
                return;
            once &= lines.Uses[column] == CellUse.None;
            lines.Uses[column] = use;
        }
    }

    private static bool MayBeOfNumbers(byte character) => char.IsAsciiLetterOrDigit((char)character) || character is (byte)'.' or (byte)'+' or (byte)'-';
}

/// <summary>What a cell is for.</summary>
internal enum CellUse : byte
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A value that is a number.</summary>
    Number,

    /// <summary>The row's weight.</summary>
    Weight,

    /// <summary>A value that is a category, yes or no, or a time.</summary>
    Typed,

    /// <summary>The row's id.</summary>
    Id,

    /// <summary>The row's known label.</summary>
    Label,
}
