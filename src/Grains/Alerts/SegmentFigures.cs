using System.Globalization;
using OrleansCluster.Monitoring;

namespace OrleansCluster.Alerts;

/// <summary>What rules look at of a check of segments.</summary>
internal static class SegmentFigures
{
    /// <summary>A drop that is as probable by chance, after correction, is none.</summary>
    private const double Significance = 0.05;

    /// <summary>Of segments with too few rows to compare nothing is said.</summary>
    public static IEnumerable<AlertFigure> Of(string model, SegmentCheck check, DateTimeOffset now)
    {
        double days = (now - check.At).TotalDays;
        yield return new AlertFigure(
            AlertFigures.SegmentAge, model, model, days, string.Create(CultureInfo.InvariantCulture, $"segments were checked {days:0.#} days ago"));
        if (!double.IsNaN(check.Overall.Value))
        {
            string all = string.Create(
                CultureInfo.InvariantCulture, $"{check.Metric} {check.Overall.Value:0.####} of {check.Overall.Rows} rows ({check.Data})");
            yield return new AlertFigure(AlertFigures.Segment + check.Metric, model, check.Overall.Name, check.Overall.Value, all);
        }

        foreach (CheckedSegment segment in check.Segments.Where(segment => !double.IsNaN(segment.Chance) && !double.IsNaN(segment.Value)))
        {
            string text = string.Create(
                CultureInfo.InvariantCulture,
                $"{check.Metric} {segment.Value:0.####} of {segment.Rows} rows of {segment.Name}, {segment.Rest:0.####} in the rest ({check.Data})");
            yield return new AlertFigure(AlertFigures.Segment + check.Metric, model, segment.Name, segment.Value, text);
            yield return new AlertFigure(AlertFigures.SegmentDrop, model, segment.Name, segment.Chance < Significance ? segment.Drop : 0, text);
        }
    }
}
