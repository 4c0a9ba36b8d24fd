namespace OrleansCluster.Cli.Output;

/// <summary>A point of the picture: coordinates in 0 … 1 (y upward) and a cluster's label.</summary>
internal readonly record struct PlanarPoint(double X, double Y, int Label);

/// <summary>Rows and centres of two or three columns, laid out on a plane.</summary>
internal sealed class PlanarView
{
    private PlanarView(PlanarPoint[] points, PlanarPoint[] centres, double aspect, string caption)
        => (Points, Centres, Aspect, Caption) = (points, centres, aspect, caption);

    public IReadOnlyList<PlanarPoint> Points { get; }

    public IReadOnlyList<PlanarPoint> Centres { get; }

    /// <summary>Width over height at which both axes have the same unit; between 1 and 3.</summary>
    public double Aspect { get; }

    /// <summary>What the axes are.</summary>
    public string Caption { get; }

    /// <summary>Lays rows out. Null when there is nothing to see: other than two or three columns, or no extent.</summary>
    /// <param name="columns">Names of the columns.</param>
    /// <param name="rows">Row-major values of a sample of the rows.</param>
    /// <param name="labels">One label a row.</param>
    /// <param name="centres">k × columns values.</param>
    /// <param name="centreLabels">One label a centre.</param>
    public static PlanarView? Of(IReadOnlyList<string> columns, double[] rows, int[] labels, double[] centres, int[] centreLabels)
    {
        int d = columns.Count;
        if (d is not (2 or 3))
            return null;
        double[] low = new double[d], high = new double[d];
        for (int j = 0; j < d; j++)
            (low[j], high[j]) = Range(rows, centres, d, j);
        if (low.Zip(high).Any(range => !(range.Second > range.First) || !double.IsFinite(range.Second - range.First)))
            return null;
        string caption = string.Join(" · ", columns.Select((name, j) => $"{AxisName(d, j)}{name} {Numbers.Real(low[j])} … {Numbers.Real(high[j])}"));
        double aspect = d == 2 ? Math.Clamp((high[0] - low[0]) / (high[1] - low[1]), 1, 3) : 1.2;
        PlanarPoint[] points = Project(rows, labels, low, high), marks = Project(centres, centreLabels, low, high);
        if (d == 3)
            Fill(points, marks);
        return new PlanarView(points, marks, aspect, caption);
    }

    private static string AxisName(int d, int j) => d == 2 ? (j == 0 ? "→ " : "↑ ") : (j switch { 0 => "↘ ", 1 => "↗ ", _ => "↑ " });

    private static (double Low, double High) Range(double[] rows, double[] centres, int d, int column)
    {
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        foreach (double[] values in new[] { rows, centres })
        {
            for (int i = column; i < values.Length; i += d)
                (low, high) = (Math.Min(low, values[i]), Math.Max(high, values[i]));
        }

        return (low, high);
    }

    private static PlanarPoint[] Project(double[] values, int[] labels, double[] low, double[] high)
    {
        int d = low.Length;
        var points = new PlanarPoint[values.Length / d];
        Span<double> unit = stackalloc double[3];
        for (int i = 0; i < points.Length; i++)
        {
            for (int j = 0; j < d; j++)
                unit[j] = (values[i * d + j] - low[j]) / (high[j] - low[j]);
            points[i] = d == 2
                ? new PlanarPoint(unit[0], unit[1], labels[i])
                : Isometric(unit, labels[i]);
        }

        return points;
    }

    /// <summary>Stretches points that leave room around them to the whole plane.</summary>
    private static void Fill(PlanarPoint[] points, PlanarPoint[] marks)
    {
        PlanarPoint[] all = [.. points, .. marks];
        double left = all.Min(point => point.X), width = all.Max(point => point.X) - left;
        double bottom = all.Min(point => point.Y), height = all.Max(point => point.Y) - bottom;
        if (width <= 0 || height <= 0)
            return;
        foreach (PlanarPoint[] part in new[] { points, marks })
        {
            for (int i = 0; i < part.Length; i++)
                part[i] = part[i] with { X = (part[i].X - left) / width, Y = (part[i].Y - bottom) / height };
        }
    }

    // The cube seen from its corner: the first column runs down to the right, the second up to the right, the third up.
    private static PlanarPoint Isometric(ReadOnlySpan<double> unit, int label) =>
        new((unit[0] + unit[1]) / 2, (unit[2] + (unit[1] - unit[0] + 1) / 2) / 2, label);
}
