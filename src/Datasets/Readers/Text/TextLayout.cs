using System.Collections.Immutable;
using System.Text;

namespace OrleansCluster.Datasets;

/// <summary>How a text writes its table, as far as options and its first lines say.</summary>
internal sealed class TextLayout
{
    private const int MostComments = 1 << 20;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private TextLayout(Cells cells, ColumnNames names, bool hasTrailing, int rowNames, bool[] hasText) =>
        (Cells, Names, HasTrailing, RowNames, HasText) = (cells, names, hasTrailing, rowNames, hasText);

    public Cells Cells { get; }

    public ColumnNames Names { get; }

    /// <summary>Whether rows end with a delimiter, and so with one more cell, which is empty.</summary>
    public bool HasTrailing { get; }

    /// <summary>Position of the column in which R and pandas write the names of rows, or −1.</summary>
    public int RowNames { get; }

    /// <summary>Whether a column has text in one of the first rows.</summary>
    public bool[] HasText { get; }

    /// <summary>Finds the layout and leaves the lines before the first row.</summary>
    /// <exception cref="DataFormatException">There are no rows, or whether there is a header is open.</exception>
    public static TextLayout Find(LineReader lines, ReadOptions options, string name)
    {
        byte quote = AsciiOf(options.Quote, nameof(options.Quote)) ?? 0;
        byte? delimiter = AsciiOf(options.Delimiter, nameof(options.Delimiter)), comment = AsciiOf(options.Comment, nameof(options.Comment));
        if (options.Forms.Fault is { } fault)
            throw new DataFormatException(fault);
        if (delimiter == quote)
            throw new ArgumentException("The delimiter and the quote are the same character.", nameof(options));
        for (int skipped = 0; skipped < options.Skip; skipped++)
        {
            if (!lines.Next())
                throw new DataFormatException($"{name} has {skipped} line{(skipped == 1 ? "" : "s")}: none is left after the {options.Skip} that are "
                    + "skipped. Skip fewer.");
        }

        if (options.Skip == 0)
            delimiter = SaidDelimiter(lines) ?? delimiter;
        byte[] marks = comment is { } mark ? [mark] : "#%"u8.ToArray();
        List<(byte[] Text, (int Next, long Line) Mark)> comments = LeadingComments(lines, marks, mayBeAll: comment is not null);
        lines.Comment = comment ?? 0;
        (int Next, long Line) data = lines.Here;
        var cells = new Cells(delimiter ?? TextDelimiter.Find(lines, quote, options.Forms), quote, options.Forms);
        lines.GoBack(data);
        TextSample sample = TextSample.Read(lines, cells, name);
        int row = comment is not null ? -1 : comments.FindIndex(line => IsRow(line.Text, cells, sample));
        if (row >= 0)
        {
            data = comments[row].Mark;
            lines.GoBack(data);
            comments.RemoveRange(row, comments.Count - row);
            sample = TextSample.Read(lines, cells, name);
        }

        (TextLayout layout, bool header) = Find(sample, cells, comments.Count == 0 ? null : WithoutMark(comments[^1].Text, marks), options, name);
        lines.GoBack(header ? sample.AfterFirst : data);
        return layout;
    }

    /// <summary>A cell as text.</summary>
    /// <exception cref="DataFormatException">It is no UTF-8.</exception>
    public static string Text(ReadOnlySpan<byte> cell, string where)
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

    /// <summary>The delimiter of a first line <c>sep=;</c>, which Excel understands, and leaves it behind; null: there is none.</summary>
    private static byte? SaidDelimiter(LineReader lines)
    {
        (int Next, long Line) begin = lines.Here;
        if (lines.Next() && lines.Record.Trim("\""u8) is { Length: 5 } line && Ascii.EqualsIgnoreCase(line[..4], "sep="u8)
            && !char.IsAsciiLetterOrDigit((char)line[4]))
            return line[4];
        lines.GoBack(begin);
        return null;
    }

    private static byte? AsciiOf(char? character, string option) => character switch
    {
        null => null,
        > '\0' and < '\x80' and not ('\n' or '\r') => (byte)character,
        _ => throw new ArgumentException($"{option} is not an ASCII character other than a line break."),
    };

    /// <summary>The comments before the first row; the lines are left behind them.</summary>
    private static List<(byte[] Text, (int Next, long Line) Mark)> LeadingComments(LineReader lines, byte[] marks, bool mayBeAll)
    {
        List<(byte[] Text, (int Next, long Line) Mark)> comments = [];
        (int Next, long Line) begin = lines.Here, here = begin;
        while (here.Next < MostComments && lines.NextFilled())
        {
            if (!marks.Contains(lines.Record.TrimStart(" \t"u8)[0]))
            {
                lines.GoBack(here);
                return comments;
            }

            comments.Add((lines.Record.ToArray(), here));
            here = lines.Here;
        }

        // Where every line begins so, those are the rows.
        lines.GoBack(mayBeAll ? here : begin);
        return mayBeAll ? comments : [];
    }

    /// <summary>Whether a line that begins like a comment is a row: <c>#7,1.5,2</c>. Its other cells are numbers then.</summary>
    private static bool IsRow(byte[] line, Cells cells, TextSample sample) =>
        sample.Records[^1].Width > 1 && cells.Cut(line) && cells.Count == sample.Records[^1].Width && cells.Kinds(line).Skip(1).Contains(CellKind.Number);

    private static byte[] WithoutMark(byte[] comment, byte[] marks) => comment.AsSpan().TrimStart([.. marks, (byte)' ', (byte)'\t']).ToArray();

    private static (TextLayout Layout, bool Header) Find(TextSample sample, Cells cells, byte[]? comment, ReadOptions options, string name)
    {
        SampleRecord first = sample.Records[0];
        int later = sample.LaterWidth(), width = first.Width;
        bool onlyText = first.Kinds.Contains(CellKind.Text) && !first.Kinds.Contains(CellKind.Number);
        bool trailing = !cells.AreBlankSeparated && later > 1 && sample.LaterCells(later - 1).All(cell => cell.Length == 0)
            && (later == width + 1 || (later == width && first[width - 1].IsEmpty));
        // R leaves the name of the first column out: the row names.
        bool shorter = !trailing && later == width + 1 && options.Header != false && (onlyText || options.Header == true) && AreRowNames(sample.LaterCells(0));
        if (trailing)
            width = later - 1;
        ImmutableArray<string>? commented = comment is null || options.Header == false || onlyText ? null : CommentNames(comment, cells, width);
        bool header = shorter || (commented is null && (options.Header ?? TextHeader.IsThere(sample, name, options)));
        if (header && sample.Records.Count == 1)
            throw new DataFormatException($"{name} holds a header and no rows. Give a file with "
                + $"rows{(options.Header == true && !onlyText ? ", or say that its first line is one with --header no" : "")}.");
        // A delimiter behind the last name alone.
        if (header && onlyText && later == width - 1 && first[width - 1].IsEmpty)
            width = later;
        string[] names = header ? HeaderNames(sample, Math.Min(width, first.Width), name) : commented is null ? [.. Enumerable.Repeat("", width)]
            : [.. commented];
        int rowNames = shorter || (header && names[0].Length == 0 && width > 1 && later >= width && AreRowNumbers(sample.LaterCells(0))) ? 0 : -1;
        if (shorter)
            names = ["", .. names];
        if (rowNames == 0 && !names.Contains("row"))
            names[0] = "row";
        SampleRecord[] rows = [.. header ? sample.Later : sample.Records];
        bool[] hasText = [.. Enumerable.Range(0, names.Length).Select(column => rows.Any(row => column < row.Width && row.Kinds[column] == CellKind.Text))];
        return (new TextLayout(cells, new ColumnNames(name, [.. names]), trailing, rowNames, hasText), header);
    }

    private static string[] HeaderNames(TextSample sample, int width, string name)
    {
        string[] names = [.. Enumerable.Range(0, width).Select(column => Text(NumberText.Trim(sample.Records[0][column]), $"{name}, header"))];
        if (names[0].StartsWith('#') && names[0].TrimStart('#', ' ') is { Length: > 0 } bare)
            names[0] = bare;
        return names;
    }

    /// <summary>The names that a comment before the first row holds, as numpy.savetxt writes them; null when it is another comment.</summary>
    private static ImmutableArray<string>? CommentNames(byte[] comment, Cells cells, int width)
    {
        if (!cells.Cut(comment) || cells.Count != width || cells.Kinds(comment).Any(kind => kind != CellKind.Text))
            return null;
        return [.. Enumerable.Range(0, width).Select(column => Encoding.UTF8.GetString(NumberText.Trim(cells[comment, column])))];
    }

    /// <summary>Names of rows are texts, or numbers that rise: rows may be left out.</summary>
    private static bool AreRowNames(string[] cells) => HasWords(cells)
        || (cells.All(IsPosition) && cells.Zip(cells.Skip(1)).All(pair => long.Parse(pair.First, null) < long.Parse(pair.Second, null)));

    /// <summary>Numbers of rows count from 0 or 1; texts are no values at all.</summary>
    private static bool AreRowNumbers(string[] cells) => HasWords(cells)
        || (cells.All(IsPosition) && long.Parse(cells[0], null) is 0 or 1 && cells.Select((cell, row) => long.Parse(cell, null) - row).Distinct().Count() == 1);

    private static bool HasWords(string[] cells) =>
        cells.Any(cell => cell.Length > 0 && !NumberText.IsNumeric(Encoding.UTF8.GetBytes(cell)) && !NumberText.IsMissing(Encoding.UTF8.GetBytes(cell)));

    private static bool IsPosition(string cell) => cell.Length is > 0 and < 18 && cell.All(char.IsAsciiDigit);
}
