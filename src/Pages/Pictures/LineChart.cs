using OrleansCluster.Pages.Words;

namespace OrleansCluster.Pages.Pictures;

/// <summary>A point of a line.</summary>
/// <param name="Error">Its standard error; NaN: it has none.</param>
internal readonly record struct LinePoint(double X, double Y, double Error = double.NaN, string? Tip = null);

/// <summary>A line.</summary>
internal sealed record Line(string Name, IReadOnlyList<LinePoint> Points, bool Dots = false);

/// <summary>Values over something that is counted: iterations, versions, numbers of clusters.</summary>
internal static class LineChart
{
    private const double Width = 500, Height = 230, Right = 14, Top = 30, Bottom = 36, Letter = 7.3;

    /// <param name="title">For those who do not see it.</param>
    /// <param name="across">What is counted.</param>
    /// <param name="up">What the values are.</param>
    /// <param name="marked">The place across that is marked; null: none is.</param>
    public static string Draw(string title, string across, string up, IReadOnlyList<Line> lines, double? marked = null)
    {
        IEnumerable<LinePoint> all = lines.SelectMany(line => line.Points).Where(point => double.IsFinite(point.Y));
        (double low, double high) = Scale.Range(all.SelectMany(
            point => double.IsFinite(point.Error) ? (double[])[point.Y - point.Error, point.Y + point.Error] : [point.Y]), 0.06);
        (double first, double last) = Scale.Range(all.Select(point => point.X), 0);
        var y = new Scale(low, high, Height - Bottom, Top);
        (double Value, string Text)[] ticks = [.. y.Ticks(4).Select(tick => (tick, Tell.Real(tick, 6)))];
        double left = 14 + (ticks.Select(tick => tick.Text.Length).DefaultIfEmpty(1).Max() * Letter);
        var x = new Scale(first, last, left + 6, Width - Right - 6);
        var svg = new Svg(Width, Height, title);
        foreach ((double tick, string text) in ticks)
        {
            svg.Shape("line", null, ("class", "grid"), ("x1", left), ("x2", Width - Right), ("y1", y[tick]), ("y2", y[tick]));
            svg.Text(left - 8, y[tick] + 4, text, "tick", "end");
        }

        foreach (double tick in x.Ticks(6).Where(tick => Math.Abs(tick - Math.Round(tick)) < 1e-9))
            svg.Text(x[tick], Height - Bottom + 17, Tell.Real(tick), "tick", "middle");
        svg.Text(Width - Right, Height - 3, across + " →", "axis", "end");
        svg.Text(8, 14, "↑ " + up, "axis");
        if (marked is { } place)
            svg.Shape("line", null, ("class", "mark"), ("x1", x[place]), ("x2", x[place]), ("y1", Top), ("y2", Height - Bottom));
        for (int i = 0; i < lines.Count; i++)
        {
            LinePoint[] points = [.. lines[i].Points.Where(point => double.IsFinite(point.Y))];
            svg.Shape(
                "polyline", null, ("class", $"line {Paint.ClassOf(i)}"),
                ("points", string.Join(' ', points.Select(point => $"{Svg.Number(x[point.X])},{Svg.Number(y[point.Y])}"))));
            foreach (LinePoint point in points)
            {
                if (double.IsFinite(point.Error))
                    svg.Shape("line", null, ("class", $"error {Paint.ClassOf(i)}"), ("x1", x[point.X]), ("x2", x[point.X]), ("y1", y[point.Y - point.Error]),
                        ("y2", y[point.Y + point.Error]));
                if (lines[i].Dots || points.Length <= 40)
                    svg.Shape("circle", point.Tip, ("class", $"dot {Paint.ClassOf(i)}"), ("cx", x[point.X]), ("cy", y[point.Y]),
                        ("r", point.X == marked ? 5.0 : 3.0));
            }
        }

        return svg.ToString();
    }

    /// <summary>A line so small that it fits a cell: only its shape is seen.</summary>
    public static string Small(string title, IReadOnlyList<double> values)
    {
        const double width = 84, height = 22;
        var svg = new Svg(width, height, title, "spark");
        double[] known = [.. values.Where(double.IsFinite)];
        if (known.Length < 2)
            return svg.ToString();
        (double low, double high) = Scale.Range(known, 0);
        Scale x = new(0, known.Length - 1, 3, width - 4), y = new(low, high, height - 4, 4);
        svg.Shape("polyline", null, ("points", string.Join(' ', known.Select((value, i) => $"{Svg.Number(x[i])},{Svg.Number(y[value])}"))));
        svg.Shape("circle", null, ("cx", x[known.Length - 1]), ("cy", y[known[^1]]), ("r", 2.2));
        return svg.ToString();
    }
}
