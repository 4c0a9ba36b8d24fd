namespace OrleansCluster.Cli.Output;

/// <summary>How the columns of a listing share a line.</summary>
internal static class ListingWidths
{
    /// <summary>Cells between two columns.</summary>
    public const int Gap = 2;

    /// <summary>The width of each column, and −1 of those that have left.</summary>
    /// <param name="columns">The columns.</param>
    /// <param name="widest">Cells that the widest cell of each takes, its head among them.</param>
    /// <param name="room">Cells of a line.</param>
    public static int[] Fit(IReadOnlyList<Column> columns, IReadOnlyList<int> widest, int room)
    {
        int[] widths = [.. Enumerable.Repeat(-1, columns.Count)];
        int left = room + Gap;
        // Those that stay anyway first, then one after the other until there is no room: what is less important is never there without what is more.
        foreach (int index in Enumerable.Range(0, columns.Count).OrderBy(index => columns[index].Leaves))
        {
            int least = Least(columns[index], widest[index]) + Gap;
            if (columns[index].Leaves > 0 && least > left)
                break;
            widths[index] = least - Gap;
            left -= least;
        }

        Widen(columns, widest, widths, left);
        return widths;
    }

    private static int Least(Column column, int widest) =>
        column.Overflow == Overflow.None ? widest : Math.Min(widest, Math.Max(column.Least, CellText.Width(column.Head)));

    /// <summary>Gives what is left to the narrowest of those that could use it; takes what is missing from the widest that can give it.</summary>
    private static void Widen(IReadOnlyList<Column> columns, IReadOnlyList<int> widest, int[] widths, int left)
    {
        const int barely = 4;
        for (; left > 0; left--)
        {
            int index = Best(index => widths[index] < widest[index], index => widths[index]);
            if (index < 0)
                return;
            widths[index]++;
        }

        for (; left < 0; left++)
        {
            int index = Best(index => widths[index] > barely, index => -widths[index]);
            if (index < 0)
                return;
            widths[index]--;
        }

        int Best(Func<int, bool> can, Func<int, int> by) =>
            Enumerable.Range(0, widths.Length).Where(index => widths[index] >= 0 && columns[index].Overflow != Overflow.None && can(index)).OrderBy(by)
                .FirstOrDefault(-1);
    }
}
