using Spectre.Console;

namespace OrleansCluster.Cli.Output;

/// <summary>A cell of a listing.</summary>
internal readonly record struct Cell(string Text, Style? Style = null, Func<int, string>? Draw = null)
{
    public static implicit operator Cell(string text) => new(text);

    /// <summary>A bar in halves of a cell, as long as <paramref name="part"/> (0 … 1) of the column.</summary>
    public static Cell Bar(double part, Style? style = null) => new("", style, width =>
    {
        int halves = (int)Math.Round(2 * part * width);
        // A share is never so small that it is not seen.
        halves = part > 0 ? Math.Max(1, halves) : 0;
        return new string('━', halves / 2) + (halves % 2 == 1 ? "╸" : "");
    });

    /// <summary>A point at <paramref name="part"/> (0 … 1) of the column's width.</summary>
    public static Cell Point(double part) => new("", null, width => new string(' ', (int)Math.Round(part * (width - 1))) + "●");
}
