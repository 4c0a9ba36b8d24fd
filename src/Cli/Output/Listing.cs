using System.Globalization;
using Spectre.Console;

namespace OrleansCluster.Cli.Output;

/// <summary>A listing: quiet heads, no lines, numbers to the right.</summary>
internal static class Listing
{
    /// <summary>Writes rows of cells below their heads; columns <paramref name="numbersFrom"/> … <paramref name="numbersTo"/> hold numbers.</summary>
    public static void Write(IAnsiConsole console, string[] heads, IEnumerable<string[]> rows, int numbersFrom, int numbersTo)
    {
        Table table = NewTable();
        for (int i = 0; i < heads.Length; i++)
            table.AddColumn(i >= numbersFrom && i <= numbersTo ? Head(heads[i]).RightAligned() : Head(heads[i]));

        foreach (string[] row in rows)
            table.AddRow(row.Select(cell => new Text(cell)));
        Write(console, table);
    }

    /// <summary>A table without lines, set in a little.</summary>
    public static Table NewTable() => new Table().Border(TableBorder.None);

    /// <summary>A quiet head with some room to the next column.</summary>
    public static TableColumn Head(string text) => new TableColumn(new Text(text, Palette.Quiet)) { NoWrap = true, Padding = new Padding(0, 0, 2, 0) };

    /// <summary>Writes a table.</summary>
    public static void Write(IAnsiConsole console, Table table)
    {
        table.Columns[^1].Padding = new Padding(0, 0, 0, 0);
        console.Write(new Padder(table, new Padding(2, 0, 0, 0)));
    }

    /// <summary>A moment, in the user's time zone, to the second.</summary>
    public static string Date(DateTimeOffset moment) => moment.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
