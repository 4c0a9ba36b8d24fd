using OrleansCluster.Pages.Words;

namespace OrleansCluster.Pages.Pictures;

/// <summary>A cell: what it says, and how far it is from the usual, in standard deviations.</summary>
internal readonly record struct HeatCell(string Text, double Score);

/// <summary>Things by columns: each cell is shaded by how far it lies from the usual, as a cluster's centre from the column's mean.</summary>
internal static class Heatmap
{
    private const double Cell = 74, High = 26, Letter = 7.2, Most = 2.5;
    private const int LongestName = 26;

    public static string Draw(
        string title, IReadOnlyList<string> columns, IReadOnlyList<string> rows, Func<int, int, HeatCell> cell,
        Func<HeatCell, string>? tip = null)
    {
        tip ??= at => $"{at.Text} ({Tell.Real(at.Score, 3)} standard deviations from the mean)";
        double left = 16 + (Math.Min(LongestName, rows.Select(row => row.Length).DefaultIfEmpty(4).Max()) * Letter);
        double slant = Math.Min(LongestName, columns.Select(column => column.Length).DefaultIfEmpty(4).Max()) * Letter;
        bool isSlanted = slant > Cell - 8;
        double top = isSlanted ? 16 + (slant * 0.55) : 24;
        var svg = new Svg(left + (columns.Count * Cell) + (isSlanted ? slant * 0.8 : 0) + 8, top + (rows.Count * High) + 6, title, "picture heat natural");
        for (int j = 0; j < columns.Count; j++)
        {
            (double x, double y) = (left + (j * Cell) + (isSlanted ? 14 : Cell / 2), top - 7);
            svg.Text(x, y, Short(columns[j]), "tick", isSlanted ? "start" : "middle", isSlanted ? $"rotate(-33 {Svg.Number(x)} {Svg.Number(y)})" : null);
        }

        for (int i = 0; i < rows.Count; i++)
        {
            svg.Text(left - 8, top + (i * High) + 17, Short(rows[i]), "name", "end");
            for (int j = 0; j < columns.Count; j++)
            {
                HeatCell at = cell(i, j);
                double score = double.IsFinite(at.Score) ? Math.Clamp(at.Score / Most, -1, 1) : 0;
                svg.Shape(
                    "rect", $"{rows[i]}, {columns[j]}: {tip(at)}",
                    ("class", score < 0 ? "low" : "high"), ("fill-opacity", Math.Round(Math.Abs(score) * 0.62, 2)), ("x", left + (j * Cell) + 1),
                    ("y", top + (i * High) + 1), ("width", Cell - 2), ("height", High - 2), ("rx", 3.0));
                svg.Text(left + (j * Cell) + (Cell / 2), top + (i * High) + 17, at.Text, "value", "middle");
            }
        }

        return svg.ToString();
    }

    private static string Short(string text) => text.Length > LongestName ? text[..(LongestName - 1)] + "…" : text;
}
