using OrleansCluster.Monitoring;

namespace OrleansCluster.Alerts;

/// <summary>
/// How fast anomalies use up what an objective allows of them: their share among the rows of a time, divided by the objective. What burns over a short and over
/// a long time at once is neither over already nor a matter of some minutes (Beyer et al., The Site Reliability Workbook, 2018, chapter 5).
/// </summary>
/// <param name="Fast">Over the short time.</param>
/// <param name="Slow">Over the long time.</param>
/// <param name="FastShare">Share of anomalies over the short time.</param>
internal sealed record BurnRate(double Fast, double Slow, double FastShare)
{
    /// <summary>Of fewer rows over the short time nothing is said.</summary>
    public const int MinimumRows = 100;

    /// <summary>Both burn so fast or faster.</summary>
    public double Value => Math.Min(Fast, Slow);

    /// <summary>Of windows of one version.</summary>
    /// <param name="windows">The windows.</param>
    /// <param name="rule">Says the objective and both times.</param>
    /// <param name="now">The moment.</param>
    /// <returns>Null: there are too few rows over the short time.</returns>
    public static BurnRate? Of(IReadOnlyCollection<ObservedWindow> windows, AlertRule rule, DateTimeOffset now)
    {
        (long rows, long far) = Since(windows, now - rule.Fast);
        (long rowsSlow, long farSlow) = Since(windows, now - rule.Slow);
        if (rows < MinimumRows)
            return null;
        double share = (double)far / rows;
        return new BurnRate(share / rule.Objective, (double)farSlow / rowsSlow / rule.Objective, share);
    }

    /// <summary>Rows of the windows that rows came to since a moment, and those of them that are far from every cluster.</summary>
    private static (long Rows, long Far) Since(IEnumerable<ObservedWindow> windows, DateTimeOffset moment) =>
        windows.Where(window => window.Until > moment).Aggregate((0L, 0L), (sum, window) => (sum.Item1 + window.Rows, sum.Item2 + window.Far));
}
