using Spectre.Console;
using Spectre.Console.Rendering;

namespace OrleansCluster.Cli.Output;

/// <summary>
/// Points and centres as a picture of braille dots, eight to a cell, in the colour of the cell's most frequent cluster;
/// few points, which would be lost that way, as one bullet a cell.
/// Without colours a cell bears the letter of its cluster instead. Centres are marked with their labels.
/// </summary>
internal sealed class ScatterPicture(PlanarView view, int width, int height, bool coloured) : Renderable
{
    private const string Letters = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    // Bits of the dots in a braille cell, by row and column of the dot.
    private static readonly byte[] Dots = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80];

    private readonly bool _isSparse = view.Points.Count * 2 <= width * height;

    protected override Measurement Measure(RenderOptions options, int maxWidth) => new(width + 4, width + 4);

    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        Cell[,] cells = Draw();
        yield return new Segment("  ╭" + new string('─', width) + "╮", Palette.Quiet);
        yield return Segment.LineBreak;
        for (int y = 0; y < height; y++)
        {
            yield return new Segment("  │", Palette.Quiet);
            for (int x = 0; x < width; x++)
                yield return Show(cells[y, x]);
            yield return new Segment("│", Palette.Quiet);
            yield return Segment.LineBreak;
        }

        yield return new Segment("  ╰" + new string('─', width) + "╯", Palette.Quiet);
        yield return Segment.LineBreak;
        yield return new Segment("   " + CellText.CutEnd(CellText.Visible(view.Caption), Math.Max(1, maxWidth - 3)), Palette.Quiet);
        yield return Segment.LineBreak;
    }

    private Cell[,] Draw()
    {
        var cells = new Cell[height, width];
        var votes = new Dictionary<(int Cell, int Label), int>();
        foreach (PlanarPoint point in view.Points)
        {
            int dotX = Place(point.X, width * 2), dotY = height * 4 - 1 - Place(point.Y, height * 4);
            ref Cell cell = ref cells[dotY / 4, dotX / 2];
            cell.Mask |= Dots[dotY % 4 * 2 + dotX % 2];
            (int, int) vote = (dotY / 4 * width + dotX / 2, point.Label);
            int count = votes[vote] = votes.GetValueOrDefault(vote) + 1;
            if (count > cell.Votes || (count == cell.Votes && point.Label < cell.Label))
                (cell.Votes, cell.Label) = (count, point.Label);
        }

        foreach (PlanarPoint centre in view.Centres)
            Mark(cells, centre);
        return cells;
    }

    private void Mark(Cell[,] cells, PlanarPoint centre)
    {
        string mark = centre.Label < 100 ? centre.Label.ToString(System.Globalization.CultureInfo.InvariantCulture) : "+";
        int x = Math.Min(Place(centre.X, width), width - mark.Length), y = height - 1 - Place(centre.Y, height);
        for (int i = 0; i < mark.Length; i++)
        {
            ref Cell cell = ref cells[y, x + i];
            (cell.Mark, cell.Label) = (mark[i], centre.Label);
        }
    }

    private Segment Show(Cell cell)
    {
        if (cell.Mark != default)
            return coloured ? new Segment(cell.Mark.ToString(), new Style(Color.Black, Palette.Of(cell.Label), Decoration.Bold)) : new Segment("+");
        if (cell.Mask == 0)
            return new Segment(" ");
        return coloured
            ? new Segment(_isSparse ? "•" : ((char)(0x2800 + cell.Mask)).ToString(), new Style(Palette.Of(cell.Label)))
            : new Segment(Letters[cell.Label % Letters.Length].ToString());
    }

    /// <summary>The slot of a coordinate in 0 … 1 among <paramref name="slots"/>.</summary>
    private static int Place(double at, int slots) => Math.Clamp((int)(at * slots), 0, slots - 1);

    private struct Cell
    {
        public byte Mask;
        public int Votes;
        public int Label;
        public char Mark;
    }
}
