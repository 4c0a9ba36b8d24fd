using System.Collections.Immutable;
using System.Text;
using OrleansCluster.Numerics.Preparation;

namespace OrleansCluster.Datasets;

/// <summary>What the cells of a column are taken for: as somebody says, or as the first rows show.</summary>
internal static class CellTypes
{
    private const int MostRecords = 1000, MostBytes = 1 << 20;

    /// <summary>The value of a word for yes or no, which have two of one kind.</summary>
    public static bool TryParseBoolean(ReadOnlySpan<byte> cell, out double value)
    {
        cell = NumberText.Trim(cell);
        bool yes = Is(cell, "true") || Is(cell, "yes") || Is(cell, "t") || Is(cell, "y") || cell.SequenceEqual("1"u8);
        value = yes ? 1 : 0;
        return yes || Is(cell, "false") || Is(cell, "no") || Is(cell, "f") || Is(cell, "n") || cell.SequenceEqual("0"u8);

        static bool Is(ReadOnlySpan<byte> cell, string word) => cell.Length == word.Length && Ascii.EqualsIgnoreCase(cell, word);
    }

    /// <summary>Types of columns. The lines are left where they are.</summary>
    /// <param name="lines">At the first row.</param>
    /// <param name="layout">What the rows are like.</param>
    /// <param name="columns">Positions of the columns.</param>
    /// <param name="options">What somebody says.</param>
    /// <param name="name">What messages call the table.</param>
    public static ImmutableArray<ColumnType> Find(LineReader lines, TextLayout layout, int[] columns, ReadOptions options, string name)
    {
        Dictionary<int, ColumnType> said = TypeChoice.Of(options, layout.Names);
        var seen = new Tally[columns.Length];
        (int Next, long Line) begin = lines.Here;
        try
        {
            long bytes = 0;
            for (int record = 0; record < MostRecords && bytes < MostBytes && TextSample.Next(lines, layout.Cells, name); record++)
            {
                bytes += lines.Record.Length;
                for (int j = 0; j < columns.Length && layout.Cells.Count >= layout.Names.Count; j++)
                    seen[j].Add(layout.Cells[lines.Record, columns[j]]);
            }
        }
        catch (DataFormatException)
        {
            // Whoever reads the rows will find it, and say where.
        }

        lines.GoBack(begin);
        return [.. columns.Select((column, j) => said.TryGetValue(column, out ColumnType type) ? type : seen[j].Type)];
    }

    /// <summary>Cells of a column, by what they could be.</summary>
    private struct Tally
    {
        private int _present, _numbers, _booleans, _times;

        public void Add(ReadOnlySpan<byte> cell)
        {
            if (NumberText.IsMissing(cell))
                return;
            _present++;
            if (NumberText.IsNumeric(cell))
                _numbers++;
            else if (TryParseBoolean(cell, out _))
                _booleans++;
            else if (TimeText.TryParse(cell, out _))
                _times++;
        }

        /// <summary>A column with numbers and other things is one of numbers: the others are mistakes, or somebody says that it is a category.</summary>
        public readonly ColumnType Type => _numbers > 0 || _present == 0 ? ColumnType.Number
            : _booleans == _present ? ColumnType.Boolean
            : _times == _present ? ColumnType.Time
            : ColumnType.Category;
    }
}
