using OrleansCluster.Pages.Words;

namespace OrleansCluster.Pages.Pictures;

/// <summary>A row, or a centre, on a plane.</summary>
internal readonly record struct ScatterPoint(double X, double Y, int Label);

/// <summary>Rows and centres on a plane.</summary>
internal static class Scatter
{
    private const double Width = 640, Height = 420, Left = 58, Right = 14, Top = 30, Bottom = 40;
    private const int MostNamed = 40;

    public static string Draw(
        string title, string across, string up, IReadOnlyList<ScatterPoint> rows, IReadOnlyList<ScatterPoint> centres, ClusterNotes notes)
    {
        (double left, double right) = Scale.Range(rows.Concat(centres).Select(point => point.X));
        (double low, double high) = Scale.Range(rows.Concat(centres).Select(point => point.Y));
        var x = new Scale(left, right, Left, Width - Right);
        var y = new Scale(low, high, Height - Bottom, Top);
        var svg = new Svg(Width, Height, title, "picture scatter");
        foreach (double tick in y.Ticks(5))
        {
            svg.Shape("line", null, ("class", "grid"), ("x1", Left), ("x2", Width - Right), ("y1", y[tick]), ("y2", y[tick]));
            svg.Text(Left - 8, y[tick] + 4, Tell.Real(tick), "tick", "end");
        }

        foreach (double tick in x.Ticks(7))
            svg.Text(x[tick], Height - Bottom + 17, Tell.Real(tick), "tick", "middle");
        svg.Text(Width - Right, Height - 5, across + " →", "axis", "end");
        svg.Text(8, 14, "↑ " + up, "axis");
        // One path a cluster: thousands of elements would make the page slow.
        foreach (IGrouping<int, ScatterPoint> cluster in rows.Where(IsFinite).GroupBy(point => point.Label).OrderBy(cluster => cluster.Key))
        {
            svg.Shape(
                "path", null, ("class", $"rows {Paint.ClassOf(cluster.Key)}"), ("stroke", Paint.FillOf(notes.Colour(cluster.Key))),
                ("d", string.Concat(cluster.Select(point => $"M{Svg.Number(x[point.X])} {Svg.Number(y[point.Y])}h0"))));
        }

        foreach (ScatterPoint centre in centres.Where(IsFinite))
        {
            svg.Shape(
                "circle", $"cluster {notes.IdOf(centre.Label)}", ("class", $"centre {Paint.ClassOf(centre.Label)}"),
                ("fill", Paint.FillOf(notes.Colour(centre.Label))), ("cx", x[centre.X]), ("cy", y[centre.Y]), ("r", centres.Count > MostNamed ? 4.0 : 7.0));
        }

        if (centres.Count <= MostNamed)
        {
            foreach (ScatterPoint centre in centres.Where(IsFinite))
            {
                string name = notes.IdOf(centre.Label);
                svg.Text(x[centre.X], y[centre.Y] - 11, name.Length > 20 ? name[..19] + "…" : name, "label", "middle");
            }
        }

        return svg.ToString();
    }

    private static bool IsFinite(ScatterPoint point) => double.IsFinite(point.X) && double.IsFinite(point.Y);
}
