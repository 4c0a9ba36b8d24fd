using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Datasets;

/// <summary>Reads rows of a text.</summary>
internal sealed partial class TextRowReader : IRowReader
{
    private readonly string _name;
    private readonly LineReader _lines;
    private readonly TextLayout _layout;
    private readonly Cells _cells;
    private readonly ColumnNames _names;
    private readonly ReadOptions _options;
    private readonly ColumnSelection _selection;
    private readonly int _batchRows;
    private readonly MissingValues _missing;
    private long _rows;
    private long _rowsLeft;

    private readonly CategoryTexts[] _texts;

    /// <param name="text">What is known of the rows.</param>
    /// <param name="lines">At the first of them.</param>
    /// <param name="firstRow">Its position.</param>
    /// <param name="texts">The texts of each value column before it; null: there were none.</param>
    /// <param name="mostRows">How many there are at most.</param>
    public TextRowReader(TextRows text, LineReader lines, long firstRow = 0, CategoryTexts[]? texts = null, long mostRows = long.MaxValue)
    {
        (string name, TextLayout layout, ColumnSelection selection, ImmutableArray<ColumnType> types, ReadOptions options) = text;
        (_name, _lines, _layout, _cells, _names, _selection, _options) = (name, lines, layout, layout.Cells.Another(), layout.Names, selection, options);
        (Columns, Types, _rows, _rowsLeft) = (_selection.Names(_names), types, firstRow, mostRows);
        _texts = texts ?? [.. types.Select(_ => new CategoryTexts())];
        Precision = options.Precision ?? Precision.Float64;
        _batchRows = BatchBuilder.RowsFor(_selection, Precision);
        _missing = new MissingValues(name, _names, _selection, options);
    }

    public IReadOnlyList<string> Columns { get; }

    public Precision Precision { get; }

    public ImmutableArray<ColumnType> Types { get; }

    public IReadOnlyList<string> Categories(int column) => _texts.Length == 0 ? [] : _texts[column].Texts;

    public string? IdColumn => NameOf(_selection.Id);

    public string? WeightColumn => NameOf(_selection.Weight);

    public string? LabelColumn => NameOf(_selection.Label);

    public bool ReadBatch([NotNullWhen(true)] out RowBatch? batch)
    {
        int most = (int)Math.Min(_batchRows, _rowsLeft);
        var builder = new BatchBuilder(_selection, Precision, _rows, most, hasLines: true);
        while (true)
        {
            if (_simple is not null)
                ReadSimpleLines(_simple, builder, most);
            if (builder.Rows == most || !TextSample.Next(_lines, _cells, _name))
                break;
            ReadRow(builder);
            if (_missing.Any)
                throw CountMissing(builder);
            builder.Rows++;
        }

        (_rows, _rowsLeft) = (_rows + builder.Rows, _rowsLeft - builder.Rows);
        batch = builder.Rows == 0 ? null : builder.ToBatch();
        return batch is not null;
    }

    public void Dispose() => _lines.Dispose();

    private string? NameOf(int column) => column < 0 ? null : _names[column];

    /// <summary>Once a value is missing, the rest is only looked at for more of them, so that one message says it all.</summary>
    private DataFormatException CountMissing(BatchBuilder builder)
    {
        long rows = builder.Position + 1;
        try
        {
            for (; TextSample.Next(_lines, _cells, _name); rows++)
            {
                if (_cells.Count >= _names.Count)
                    FindMissing();
            }
        }
        catch (DataFormatException)
        {
            // One message is enough.
        }

        return _missing.Refusal(rows);
    }

    private bool FindMissing()
    {
        bool first = true;
        for (int j = 0; j < _selection.Values.Length; j++)
        {
            if (!MayMiss(j))
                Look(_selection.Values[j]);
        }

        if (_selection.Weight >= 0)
            Look(_selection.Weight);
        if (_selection.Label >= 0)
            Look(_selection.Label);
        return !first;

        void Look(int column)
        {
            if (!NumberText.IsMissing(_cells[_lines.Record, column]))
                return;
            _missing.Add(column, first, () =>
                $"first {(_cells[_lines.Record, column].IsEmpty ? "an empty cell" : NumberText.Show(_cells[_lines.Record, column]))} in line {_lines.Line}");
            first = false;
        }
    }

    private void ReadRow(BatchBuilder builder)
    {
        ReadOnlySpan<byte> record = _lines.Record;
        if (_cells.Count != _names.Count && !(_layout.HasTrailing && _cells.Count == _names.Count + 1 && _cells[record, _names.Count].IsEmpty))
            throw Ragged();
        builder.SetLine(_lines.Line);
        int[] columns = _selection.Values;
        for (int j = 0; j < columns.Length; j++)
        {
            ReadOnlySpan<byte> cell = _cells[record, columns[j]];
            if (Types.Length > 0 && NumberText.IsMissing(cell) && MayMiss(j))
            {
                builder.SetMissing(j);
                continue;
            }

            if (!TryRead(j, cell, out double value))
            {
                if (FindMissing())
                    return;
                throw Types.Length > 0 && Types[j] != ColumnType.Number ? Refusal(j, columns[j], cell) : Refusal(columns[j], cell);
            }

            if (!builder.TrySetValue(j, value))
                throw Error(columns[j],
                    $"{NumberText.Show(cell)} is beyond what float32 can hold. {(_options.HasOptions ? "Use --dtype f8, or scale" : "Scale")} the column.");
        }

        if (_selection.Weight >= 0 && !TryReadWeight(builder, _cells[record, _selection.Weight]))
            return;
        if (_selection.Id >= 0)
            builder.SetId(ReadId(_cells[record, _selection.Id]));
        if (_selection.Label >= 0 && !(NumberText.IsMissing(_cells[record, _selection.Label]) && FindMissing()))
            builder.SetLabel(Text(_selection.Label, _cells[record, _selection.Label]));
    }

    private bool MayMiss(int index) => Types.Length > 0 && (_options.AllowsMissing || Types[index] == ColumnType.Category);

    private bool TryRead(int index, ReadOnlySpan<byte> cell, out double value) => (Types.Length == 0 ? ColumnType.Number : Types[index]) switch
    {
        ColumnType.Category => TryReadCategory(index, cell, out value),
        ColumnType.Boolean => CellTypes.TryParseBoolean(cell, out value),
        ColumnType.Time => TimeText.TryParse(cell, _cells.Forms.Dates, out value),
        _ => _cells.Forms.TryNumber(cell, out value),
    };

    private bool TryReadCategory(int index, ReadOnlySpan<byte> cell, out double value)
    {
        int place = _texts[index].Find(NumberText.Trim(cell));
        if (place < 0 && cell.Length <= CategoryTexts.Longest)
            place = _texts[index].Add(Text(_selection.Values[index], NumberText.Trim(cell)));
        value = place;
        return place >= 0;
    }

    /// <summary>Why a cell is not of its column's type.</summary>
    private DataFormatException Refusal(int index, int column, ReadOnlySpan<byte> cell)
    {
        string leave = "or leave the column out with --columns";
        return Types[index] switch
        {
            ColumnType.Category => Error(column, cell.Length > CategoryTexts.Longest
                ? $"the text has {cell.Length} bytes; a category has at most {CategoryTexts.Longest}. Leave the column out with --columns."
                : $"there are more than {CategoryTexts.Most} different texts, so that these are hardly categories. Carry the column as the rows' id with "
                    + $"--id-column, {leave}."),
            ColumnType.Boolean =>
                Error(column, $"{NumberText.Show(cell)} is none of true, false, yes, no, t, f, y, n, 1 and 0. Correct it, {As(column, ColumnType.Category)}."),
            _ => Error(column, $"{NumberText.Show(cell)} is no time as {_cells.Forms.TimeExamples}. Correct it, "
                + $"{As(column, ColumnType.Category)}.{DatesHint(cell)}"),
        };
    }

    private string DatesHint(ReadOnlySpan<byte> cell) =>
        _options.HasOptions && WrittenForms.DateOptions(cell) is { Length: > 0 } dates ? $" Or say how dates are written: {dates}." : "";

    private string As(int column, ColumnType type) =>
        MayBeOther(column) ? $"or have the column read as texts: --types \"{_names[column]}={RowColumn.NameOf(type)}\""
            : "or make all cells of the column alike";

    /// <summary>Whether a column can be read as something else: not one whose type a model knows.</summary>
    private bool MayBeOther(int column) => _options.HasOptions && _options.KnownTypes?.ContainsKey(_names[column]) != true;

    private bool TryReadWeight(BatchBuilder builder, ReadOnlySpan<byte> cell)
    {
        if (!_cells.Forms.TryNumber(cell, out double weight))
            return FindMissing() ? false : throw Refusal(_selection.Weight, cell);
        if (RowWeights.Fault(weight) is { } fault)
            throw Error(_selection.Weight, $"the weight {NumberText.Show(cell)} {fault}");
        builder.SetWeight(weight);
        return true;
    }

    private string ReadId(ReadOnlySpan<byte> cell)
    {
        if (cell.Length is 0 or > ShardFormat.MaximumIdBytes)
            throw Error(_selection.Id, $"the id has {cell.Length} bytes. An id has 1 to {ShardFormat.MaximumIdBytes}.");
        return Text(_selection.Id, cell);
    }

    private string Text(int column, ReadOnlySpan<byte> cell) => TextLayout.Text(cell, $"{_name}, line {_lines.Line}, column '{_names[column]}'");

    private DataFormatException Ragged()
    {
        string hint = Comment() ?? (_options.HasOptions && (_cells.Count == 1 || _names.Count == 1) ? " Is the delimiter right? Say it with --delimiter." : "");
        string columns = $"{_cells.Count} column{(_cells.Count == 1 ? "" : "s")}";
        return new($"{_name}, line {_lines.Line}: the row has {columns}, the first line has {_names.Count}. Make every row as long as the first.{hint}");
    }

    private DataFormatException Refusal(int column, ReadOnlySpan<byte> cell)
    {
        string otherwise = _options.HasOptions && WrittenForms.NumberOptionsFor(cell, _cells.Delimiter) is { Length: > 0 } forms
            ? $" Or say how all numbers are written: {forms}." : "";
        if (!_cells.Forms.HasPlainNumbers)
            return Error(column,
                $"{NumberText.Show(cell)} is no number as {_cells.Forms.NumberExample} ({_cells.Forms.NumberOptions}). Correct it.{otherwise}");
        (string what, string? remedy) = NumberText.Refusal(cell, _cells.Delimiter);
        if (remedy is not null)
            remedy += otherwise;
        if (what.Contains("2^53", StringComparison.Ordinal) && MayBeId(column) is { } id)
            remedy = $"Carry it as --id-column {id}, or have it rounded: write it with a decimal point.";
        string texts = _options.Typed && MayBeOther(column) && remedy is null && column != _selection.Weight
            ? $" A column of texts is read as such with --types \"{_names[column]}=category\"." : "";
        return Error(column, $"{what} {remedy ?? LeaveOut(column)}{texts}{Comment()}");
    }

    /// <summary>What to do about a column that holds other than numbers.</summary>
    private string LeaveOut(int column)
    {
        if (!_options.HasOptions || _selection.AreNeeded || column == _selection.Weight)
            return "Correct it.";
        int[] numbers = [.. _selection.Values.Where(other => other != column && !_layout.HasText[other])];
        string? list = _names.Selection(numbers);
        string? id = _selection.Values.Length - numbers.Length == 1 ? MayBeId(column) : null;
        return (list, id) switch
        {
            (null, _) => "Correct it.",
            (_, null) => $"Correct it, or choose the columns of numbers with --columns {list}.",
            _ => $"Correct it, or choose the columns of numbers with --columns {list}, or carry this one along with --id-column {id}.",
        };
    }
    /// <summary>
    /// What <c>--id-column</c> takes for a value column that can become the rows' id; null: it cannot. Ids and columns that somebody asked for stay.
    /// </summary>
    private string? MayBeId(int column) =>
        _options is { HasOptions: true, IdColumn: null, Columns: null } && !_selection.AreNeeded && column != _selection.Weight && _selection.Values.Length > 1
            ? _names.Token(column) : null;

    /// <summary>Advice where a line looks like a comment that nobody announced, or like psql's count of the rows.</summary>
    private string? Comment() => _lines.Record.Trim(" \t"u8) is var text && text.StartsWith("("u8) && (text.EndsWith(" rows)"u8) || text.EndsWith(" row)"u8))
        ? " The line counts the rows, as psql does at the end: remove it."
        : _options.HasOptions && _options.Comment is null && _lines.Record.TrimStart(" \t"u8) is [(byte)'#' or (byte)'%', ..] line
        ? $" Lines that begin with {(char)line[0]} are passed over with --comment '{(char)line[0]}'."
        : null;

    private DataFormatException Error(int column, string message) =>
        new($"{_name}, line {_lines.Line}, column '{_names[column]}': {message}");
}
