using System.Text;
using OrleansCluster.Pages.Words;

namespace OrleansCluster.Pages.Pictures;

/// <summary>An axis for each column beside the others.</summary>
/// <param name="Name">The column.</param>
internal sealed record ParallelAxis(string Name);

/// <summary>What is drawn across all axes.</summary>
/// <param name="Label">The cluster.</param>
/// <param name="Values">A value an axis; NaN: none, and the line has a gap.</param>
internal readonly record struct Strand(int Label, IReadOnlyList<double> Values);

/// <summary>Rows and centres as lines across one axis a column, each from its column's least value to its greatest.</summary>
internal static class ParallelCoordinates
{
    private const double LeastSpace = 104, MostSpace = 220, Wanted = 880, Side = 56, Top = 52, Height = 330, Bottom = 26;
    private const int LongestName = 22;

    /// <param name="title">For those who do not see it.</param>
    /// <param name="axes">From left to right.</param>
    /// <param name="rows">Thin lines.</param>
    /// <param name="centres">Thick lines.</param>
    /// <param name="notes">Names and colours of clusters.</param>
    /// <param name="chosen">The cluster that stands out; null: all do.</param>
    public static string Draw(
        string title, IReadOnlyList<ParallelAxis> axes, IReadOnlyList<Strand> rows, IReadOnlyList<Strand> centres, ClusterNotes notes, int? chosen)
    {
        double space = Math.Clamp(Wanted / Math.Max(1, axes.Count - 1), LeastSpace, MostSpace), width = (2 * Side) + (space * Math.Max(1, axes.Count - 1));
        var svg = new Svg(width, Height, title, "picture natural parallel");
        Scale[] scales = [.. axes.Select((_, j) => Of(rows.Concat(centres).Select(strand => strand.Values[j])))];
        for (int j = 0; j < axes.Count; j++)
        {
            double x = X(j);
            svg.Shape("line", axes[j].Name, ("class", "grid"), ("x1", x), ("x2", x), ("y1", Top), ("y2", Height - Bottom));
            // Names of neighbours stand on two lines, so that each has the room of two.
            string name = axes[j].Name.Length > LongestName ? axes[j].Name[..(LongestName - 1)] + "…" : axes[j].Name;
            svg.Text(x, j % 2 == 0 ? 14 : 30, name, "name", "middle");
            svg.Text(x, Top - 6, Tell.Real(scales[j].High, 4), "tick", "middle");
            svg.Text(x, Height - Bottom + 16, Tell.Real(scales[j].Low, 4), "tick", "middle");
        }

        // One path a cluster: thousands of elements would make the page slow. What was chosen is drawn last, above the others.
        foreach (IGrouping<int, Strand> cluster in rows.GroupBy(row => row.Label).OrderBy(cluster => cluster.Key == chosen).ThenBy(cluster => cluster.Key))
            Add("strand", null, cluster.Key, string.Concat(cluster.Select(row => Path(row, 0))));
        foreach (Strand centre in centres.OrderBy(centre => centre.Label == chosen))
            Add("middle", $"cluster {notes.IdOf(centre.Label)}", centre.Label, Path(centre, 1));
        return svg.ToString();

        double X(int axis) => Side + (space * axis);

        void Add(string kind, string? tip, int label, string path) => svg.Shape(
            "path", tip, ("class", $"line {kind} {Paint.ClassOf(label)}{(chosen is { } one && one != label ? " pale" : "")}"),
            ("stroke", Paint.FillOf(notes.Colour(label))), ("d", path));

        string Path(Strand strand, int digits)
        {
            var path = new StringBuilder();
            bool begun = false;
            for (int j = 0; j < axes.Count; j++)
            {
                if (!double.IsFinite(strand.Values[j]))
                {
                    begun = false;
                    continue;
                }

                path.Append(begun ? 'L' : 'M').Append(Svg.Number(X(j))).Append(' ').Append(Svg.Number(Math.Round(scales[j][strand.Values[j]], digits)));
                begun = true;
            }

            return path.ToString();
        }
    }

    private static Scale Of(IEnumerable<double> values)
    {
        (double low, double high) = Scale.Range(values, 0);
        return new Scale(low, high, Height - Bottom, Top);
    }
}
