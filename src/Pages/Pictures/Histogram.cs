namespace OrleansCluster.Pages.Pictures;

/// <summary>How many rows have which values, so small that it fits a cell.</summary>
internal static class Histogram
{
    private const double Width = 132, Height = 30;

    public static string Draw(string title, IReadOnlyList<long> counts)
    {
        var svg = new Svg(Width, Height, title, "bars");
        double most = counts.Count == 0 ? 0 : counts.Max(), wide = Width / Math.Max(1, counts.Count);
        if (most == 0)
            return svg.ToString();
        var path = new System.Text.StringBuilder();
        for (int i = 0; i < counts.Count; i++)
        {
            if (counts[i] == 0)
                continue;
            // What is there is seen, however little it is.
            double high = Math.Max(1, counts[i] / most * (Height - 1));
            path.Append('M').Append(Svg.Number(i * wide)).Append(' ').Append(Svg.Number(Height)).Append('v').Append(Svg.Number(-high)).Append('h')
                .Append(Svg.Number(Math.Max(1, wide - 1))).Append('v').Append(Svg.Number(high)).Append('z');
        }

        return svg.Shape("path", null, ("d", path.ToString())).ToString();
    }

    /// <summary>A length beside a number.</summary>
    public static string Bar(double share, int label, string chosen)
    {
        const double width = 120, height = 10;
        var svg = new Svg(width, height, "", "bar");
        svg.Shape("rect", null, ("class", "ground"), ("width", width), ("height", height), ("rx", 2.0));
        svg.Shape("rect", null, ("class", label < 0 ? "bar-fill" : Paint.ClassOf(label)), ("fill", Paint.FillOf(chosen)), ("height", height), ("rx", 2.0),
            ("width", double.IsFinite(share) ? Math.Clamp(share, 0, 1) * width : 0.0));
        return svg.ToString().Replace("role=\"img\" aria-label=\"\"", "aria-hidden=\"true\"", StringComparison.Ordinal);
    }
}
