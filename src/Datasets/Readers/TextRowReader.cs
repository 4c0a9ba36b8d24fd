using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using OrleansCluster.Numerics;

namespace OrleansCluster.Datasets;

/// <summary>Reads a table from text.</summary>
internal sealed class TextRowReader : IRowReader
{
    private const int MaximumCells = 1 << 20;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly string _path;
    private readonly LineReader _lines;
    private readonly Cells _cells;
    private readonly int _width;
    private readonly ColumnSelection _selection;
    private readonly RowSchema _schema;
    private readonly int _batchRows;
    private long _rows;

    private TextRowReader(string path, LineReader lines, Cells cells, ImmutableArray<string> names, ReadOptions options)
    {
        (_path, _lines, _cells, _width) = (path, lines, cells, names.Length);
        _selection = ColumnSelection.Resolve(path, names, options);
        _schema = _selection.Schema(options.Precision ?? Precision.Float64);
        _batchRows = BatchBuilder.RowsFor(_schema);
    }

    public IReadOnlyList<string> Columns => _schema.Columns;

    public Precision Precision => _schema.Precision;

    public string? IdColumn => _schema.IdColumn;

    public string? WeightColumn => _schema.WeightColumn;

    /// <summary>Finds out how <paramref name="text"/> is written and what its columns are.</summary>
    public static TextRowReader Open(Stream text, string path, ReadOptions options)
    {
        byte quote = AsciiOf(options.Quote, nameof(options.Quote)) ?? 0;
        byte? delimiter = AsciiOf(options.Delimiter, nameof(options.Delimiter));
        if (delimiter == quote)
            throw new ArgumentException("The delimiter and the quote are the same character.", nameof(options));
        var lines = new LineReader(text, path);
        var cells = new Cells(delimiter ?? TextDialect.FindDelimiter(lines, quote), quote);
        byte[] first = ReadRecord(lines, cells, path) ?? throw new DataFormatException($"{path} is empty. Give a file with rows.");
        byte[]? second = ReadRecord(lines, cells, path);
        lines.Rewind();
        bool header = options.Header ?? TextDialect.HasHeader(first, second, cells, path);
        if (header && second is null)
            throw new DataFormatException($"{path} holds a header and no rows. Give a file with rows, or say that its first line is one with --header no.");
        cells.Cut(first);
        ImmutableArray<string> names = [.. Enumerable.Range(0, cells.Count).Select(i => header ? Text(cells[first, i], $"{path}, header") : ColumnSelection.DefaultName(i))];
        var reader = new TextRowReader(path, lines, cells, names, options);
        lines.StartReading();
        if (header)
            reader.NextRecord();
        return reader;
    }

    public bool ReadBatch([NotNullWhen(true)] out RowBatch? batch)
    {
        var builder = new BatchBuilder(_schema, _rows, _batchRows);
        while (builder.Rows < _batchRows && NextRecord())
        {
            ReadRow(builder);
            builder.Rows++;
        }

        _rows += builder.Rows;
        batch = builder.Rows == 0 ? null : builder.ToBatch();
        return batch is not null;
    }

    public void Dispose() => _lines.Dispose();

    private static byte? AsciiOf(char? character, string option) => character switch
    {
        null => null,
        > '\0' and < '\x80' and not ('\n' or '\r') => (byte)character,
        _ => throw new ArgumentException($"{option} is not an ASCII character other than a line break."),
    };

    private static byte[]? ReadRecord(LineReader lines, Cells cells, string path) => NextRecord(lines, cells, path) ? lines.Record.ToArray() : null;

    /// <summary>Goes to the next record that is not blank and cuts it.</summary>
    private static bool NextRecord(LineReader lines, Cells cells, string path)
    {
        if (!lines.NextFilled())
            return false;
        while (!cells.Cut(lines.Record))
        {
            if (!lines.Extend())
                throw new DataFormatException($"{path}, line {lines.Line}: a quote is opened and not closed. Close it, or double it where it belongs to the text.");
        }

        if (cells.Count > MaximumCells)
            throw new DataFormatException($"{path}, line {lines.Line}: the row has {cells.Count} columns; at most {MaximumCells} can be listed. Is the delimiter right? Say it with --delimiter.");
        return true;
    }

    private static string Text(ReadOnlySpan<byte> cell, string where)
    {
        try
        {
            return StrictUtf8.GetString(cell);
        }
        catch (DecoderFallbackException e)
        {
            throw new DataFormatException($"{where}: {NumberText.Show(cell)} is not valid UTF-8. Save the file as UTF-8.", e);
        }
    }

    private bool NextRecord() => NextRecord(_lines, _cells, _path);

    private void ReadRow(BatchBuilder builder)
    {
        ReadOnlySpan<byte> record = _lines.Record;
        if (_cells.Count != _width)
            throw Ragged();
        int[] columns = _selection.Values;
        for (int j = 0; j < columns.Length; j++)
        {
            ReadOnlySpan<byte> cell = _cells[record, columns[j]];
            if (!NumberText.TryParse(cell, out double value))
                throw NotANumber(columns[j], cell);
            if (!builder.TrySetValue(j, value))
                throw Error(columns[j], $"{NumberText.Show(cell)} is beyond what float32 can hold. Use --dtype f8, or scale the column.");
        }

        if (_selection.Weight >= 0)
            builder.SetWeight(ReadWeight(_cells[record, _selection.Weight]));
        if (_selection.Id >= 0)
            builder.SetId(ReadId(_cells[record, _selection.Id]));
    }

    private double ReadWeight(ReadOnlySpan<byte> cell)
    {
        if (!NumberText.TryParse(cell, out double weight))
            throw Error(_selection.Weight, NumberText.Refusal(cell));
        if (weight < 0)
            throw Error(_selection.Weight, $"the weight {NumberText.Show(cell)} is negative. Weights are at least 0.");
        return weight;
    }

    private string ReadId(ReadOnlySpan<byte> cell)
    {
        if (cell.Length is 0 or > ShardFormat.MaximumIdBytes)
            throw Error(_selection.Id, $"the id has {cell.Length} bytes. An id has 1 to {ShardFormat.MaximumIdBytes}.");
        return Text(cell, $"{_path}, line {_lines.Line}, column '{_selection.Name(_selection.Id)}'");
    }

    private DataFormatException Ragged()
    {
        string hint = _cells.Count == 1 || _width == 1 ? " Is the delimiter right? Say it with --delimiter." : "";
        return new($"{_path}, line {_lines.Line}: the row has {_cells.Count} column{(_cells.Count == 1 ? "" : "s")}, the first line has {_width}. Make every row as long as the first.{hint}");
    }

    private DataFormatException NotANumber(int column, ReadOnlySpan<byte> cell)
    {
        string message = NumberText.Refusal(cell);
        if (message.EndsWith("is not a number.", StringComparison.Ordinal) && !_selection.Chosen)
            message += $" Choose the numeric columns with --columns, or carry this one along with --id-column {_selection.Name(column)}.";
        else if (message.EndsWith("is not a number.", StringComparison.Ordinal))
            message += " Correct it, or leave the column out of --columns.";
        return Error(column, message);
    }

    private DataFormatException Error(int column, string message) =>
        new($"{_path}, line {_lines.Line}, column '{_selection.Name(column)}': {message}");
}
