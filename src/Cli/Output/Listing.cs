using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace OrleansCluster.Cli.Output;

/// <summary>
/// A listing: quiet heads, no lines, numbers to the right. In a narrow window texts are cut or wrapped at words and the least important columns leave;
/// numbers are never broken.
/// </summary>
internal sealed class Listing(params Column[] columns)
{
    private const int Indent = 2;
    private readonly List<Cell[]> _rows = [];

    /// <summary>Adds a row: a cell for each column.</summary>
    public Listing Add(params Cell[] cells)
    {
        if (cells.Length != columns.Length)
            throw new ArgumentException($"A row of {cells.Length} cells in a listing of {columns.Length} columns.", nameof(cells));
        _rows.Add([.. cells.Select(cell => cell with { Text = CellText.Visible(cell.Text) })]);
        return this;
    }

    /// <summary>Adds a row for each thing.</summary>
    public Listing AddAll<T>(IEnumerable<T> things, Func<T, Cell[]> cells)
    {
        foreach (T thing in things)
            Add(cells(thing));
        return this;
    }

    /// <summary>Writes the listing, and below it which columns there was no room for.</summary>
    public void Write(IAnsiConsole console)
    {
        Layout layout = Arrange(console.Profile.Width - Indent);
        console.Write(layout);
        if (layout.Gone.Length > 0)
            Prose.Note(console, $"no room for {string.Join(", ", layout.Gone)}: a wider window shows {(layout.Gone.Length == 1 ? "it" : "them")}");
    }

    /// <summary>A moment, in the user's time zone, to the second.</summary>
    public static string Date(DateTimeOffset moment) => moment.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private Layout Arrange(int room)
    {
        // A column in which nothing stands says nothing.
        int[] filled = [.. Enumerable.Range(0, columns.Length)
            .Where(index => _rows.Count == 0 || _rows.Any(row => row[index].Text.Length > 0 || row[index].Draw is not null))];
        Column[] shown = [.. filled.Select(index => columns[index])];
        int[] widest = [.. filled.Select(index =>
            Math.Max(CellText.Width(columns[index].Head), _rows.Select(row => Natural(columns[index], row[index])).DefaultIfEmpty().Max()))];
        int[] widths = ListingWidths.Fit(shown, widest, room);
        return new Layout(
            [.. shown.Zip(widths).Where(pair => pair.Second >= 0)],
            [.. _rows.Select(row => filled.Where((_, at) => widths[at] >= 0).Select(index => row[index]).ToArray())],
            [.. shown.Zip(widths).Where(pair => pair.Second < 0).Select(pair => pair.First.Head).Where(head => head.Length > 0)]);
    }

    private static int Natural(Column column, Cell cell) => column.Overflow == Overflow.Draw ? column.Natural : CellText.Width(cell.Text);

    /// <param name="columns">Columns that are shown, and their widths.</param>
    /// <param name="rows">Their cells.</param>
    /// <param name="gone">Heads of the columns that are not.</param>
    private sealed class Layout((Column Column, int Width)[] columns, Cell[][] rows, string[] gone) : Renderable
    {
        public string[] Gone => gone;

        protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
        {
            Cell[] heads = [.. columns.Select(column => new Cell(column.Column.Head, Palette.Quiet))];
            return rows.Prepend(heads).SelectMany(Lines);
        }

        private IEnumerable<Segment> Lines(Cell[] row)
        {
            string[][] cells = [.. columns.Select((column, index) => Fitted(column.Column, row[index], column.Width))];
            int height = cells.Max(lines => lines.Length);
            for (int line = 0; line < height; line++)
            {
                // Blanks are written when something follows them, so that no line ends with any.
                int blanks = Indent;
                for (int i = 0; i < columns.Length; i++)
                {
                    string text = line < cells[i].Length ? cells[i][line] : "";
                    int missing = Math.Max(0, columns[i].Width - CellText.Width(text)), before = columns[i].Column.IsRight ? missing : 0;
                    if (text.Length > 0)
                    {
                        yield return new Segment(new string(' ', blanks + before));
                        yield return new Segment(text, row[i].Style ?? Style.Plain);
                        blanks = missing - before;
                    }
                    else
                    {
                        blanks += columns[i].Width;
                    }

                    blanks += ListingWidths.Gap;
                }

                yield return Segment.LineBreak;
            }
        }

        private static string[] Fitted(Column column, Cell cell, int width) => column.Overflow switch
        {
            Overflow.CutEnd => [CellText.CutEnd(cell.Text, width)],
            Overflow.CutStart => [CellText.CutStart(cell.Text, width)],
            Overflow.Wrap => [.. CellText.Wrap(cell.Text, width)],
            Overflow.Draw when cell.Draw is { } draw => [draw(width).TrimEnd()],
            _ => [cell.Text],
        };
    }
}
