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
                    seen[j].Add(layout.Cells[lines.Record, columns[j]], layout.Cells, lines.Line);
            }
        }
        catch (DataFormatException)
        {
            // Whoever reads the rows will find it, and say where.
        }

        lines.GoBack(begin);
        for (int j = 0; j < columns.Length && options.HasOptions; j++)
        {
            string column = layout.Names[columns[j]];
            if (!said.ContainsKey(columns[j]) && seen[j].Doubt is { } doubt)
                throw new DataFormatException($"{name}, line {doubt.Line}, column '{column}': '{doubt.Cell}' may be {doubt.What}. Say how it is "
                    + $"written: {doubt.Options}; or have the column read as texts: --types \"{column}=category\".");
        }

        return [.. columns.Select((column, j) => said.TryGetValue(column, out ColumnType type) ? type : seen[j].Type)];
    }

    /// <summary>Cells of a column, by what they could be.</summary>
    private struct Tally
    {
        private int _present, _numbers, _booleans, _times, _otherDates, _otherNumbers;
        private Doubtful? _date, _number;

        public void Add(ReadOnlySpan<byte> cell, Cells cells, long line)
        {
            WrittenForms forms = cells.Forms;
            if (NumberText.IsMissing(cell))
                return;
            _present++;
            if (forms.IsNumeric(cell))
                _numbers++;
            else if (TryParseBoolean(cell, out _))
                _booleans++;
            else if (TimeText.TryParse(cell, forms.Dates, out _))
                _times++;
            else if (char.IsAsciiDigit((char)cell[^1]) || cell[^1] is (byte)'M' or (byte)'m')
                AddOther(cell, cells, line);
        }

        /// <summary>
        /// A cell of a column in which all are times and dates, or all are numbers, but not as they are said to be written; null: there is none.
        /// </summary>
        public readonly Doubtful? Doubt =>
            _otherDates > 0 && _otherDates + _times == _present ? _date : _otherNumbers > 0 && _otherNumbers == _present ? _number : null;

        /// <summary>A column with numbers and other things is one of numbers: the others are mistakes, or somebody says that it is a category.</summary>
        public readonly ColumnType Type => _numbers > 0 || _present == 0 ? ColumnType.Number
            : _booleans == _present ? ColumnType.Boolean
            : _times == _present ? ColumnType.Time
            : ColumnType.Category;

        private void AddOther(ReadOnlySpan<byte> cell, Cells cells, long line)
        {
            if (WrittenForms.DateOptions(cell) is { Length: > 0 } dates)
            {
                _otherDates++;
                // One that has only one meaning says more than one that has two.
                if (_date is null || dates.Length < _date.Options.Length)
                    _date = new Doubtful(line, Encoding.UTF8.GetString(cell), "a date, whose parts have no order that is known", dates);
            }
            else if (cells.Forms.HasPlainNumbers && WrittenForms.NumberOptionsFor(cell, cells.Delimiter) is { Length: > 0 } numbers)
            {
                _otherNumbers++;
                if (_number is null || numbers.Length < _number.Options.Length)
                    _number = new Doubtful(line, Encoding.UTF8.GetString(cell), "a number", numbers);
            }
        }
    }

    /// <summary>A cell that may be another thing than a text.</summary>
    private sealed record Doubtful(long Line, string Cell, string What, string Options);
}
