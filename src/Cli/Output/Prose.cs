using Spectre.Console;
using Spectre.Console.Rendering;

namespace OrleansCluster.Cli.Output;

/// <summary>
/// Text that goes on below its own beginning where a line ends, broken between words. A word that is wider than a line stays whole, so that a digest or a
/// command can be copied.
/// </summary>
/// <param name="hang">Cells that every line but the first is set in.</param>
/// <param name="parts">The text, part after part; blanks within them separate words.</param>
internal sealed class Prose(int hang, params (string Text, Style Style)[] parts) : Renderable
{
    /// <summary>A quiet line below a listing, set in like it.</summary>
    public static void Note(IAnsiConsole console, string text) => console.Write(new Prose(2, ("  " + text, Palette.Quiet)));

    /// <summary>A line that is to be seen, set in like a listing, behind a mark.</summary>
    public static void Marked(IAnsiConsole console, string mark, string text, Style style) =>
        console.Write(new Prose(3 + CellText.Width(mark), ($"  {mark} {text}", style)));

    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        int at = 0;
        bool begun = false;
        foreach ((int blanks, string word, Style style) in Words())
        {
            if (begun && at + blanks + CellText.Width(word) > maxWidth && at > hang)
            {
                yield return Segment.LineBreak;
                yield return new Segment(new string(' ', hang));
                at = hang;
            }
            else if (blanks > 0)
            {
                yield return new Segment(new string(' ', blanks));
                at += blanks;
            }

            yield return new Segment(word, style);
            at += CellText.Width(word);
            begun = true;
        }

        yield return Segment.LineBreak;
    }

    /// <summary>Each word with the blanks before it. Parts that follow each other without a blank are told apart by their style alone.</summary>
    private IEnumerable<(int Blanks, string Word, Style Style)> Words()
    {
        int blanks = 0;
        foreach ((string text, Style style) in parts)
        {
            string shown = CellText.Visible(text);
            for (int start = 0; start < shown.Length;)
            {
                if (shown[start] == ' ')
                {
                    blanks++;
                    start++;
                    continue;
                }

                int end = shown.IndexOf(' ', start);
                end = end < 0 ? shown.Length : end;
                yield return (blanks, shown[start..end], style);
                (blanks, start) = (0, end);
            }
        }
    }
}
