using System.Collections.Immutable;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Monitoring;

/// <summary>What checks of segments must be like, and which are kept.</summary>
internal static class SegmentChecks
{
    /// <summary>Checks that are kept of a model: with 30 segments each about 70 KB.</summary>
    public const int Most = 20;

    private const int LongestName = 300;

    private static readonly string[] Metrics = ["accuracy", "precision", "recall", "mae"];

    /// <summary>The checks with one more; one that is known is not kept again.</summary>
    /// <exception cref="ClusteringException">What is wrong with it.</exception>
    public static ImmutableArray<SegmentCheck> With(this ImmutableArray<SegmentCheck> known, SegmentCheck check, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(check);
        GrainKeys.CheckName("check", check.Id);
        if (known.Any(one => one.Id == check.Id))
            return known;
        if (!Metrics.Contains(check.Metric))
            throw new ClusteringException($"'{check.Metric}' is nothing that segments are compared by: there are {string.Join(", ", Metrics)}.");
        if (check.Segments.Length > SegmentCheck.MostSegments)
            throw new ClusteringException($"The check has {check.Segments.Length} segments: tell the {SegmentCheck.MostSegments} worst.");
        string? twice = check.Segments.GroupBy(segment => segment.Name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1)?.Key;
        if (twice is not null)
            throw new ClusteringException($"The check has the segment '{twice}' twice.");
        IEnumerable<string> names = check.Segments.Append(check.Overall).Select(segment => segment.Name).Append(check.Data);
        if (names.FirstOrDefault(name => name.Length > LongestName) is { } name)
            throw new ClusteringException($"The name '{name[..40]}…' has {name.Length} characters: give at most {LongestName}.");
        if (check.Segments.Append(check.Overall).FirstOrDefault(segment => segment.Rows < 0 || double.IsInfinity(segment.Value)) is { } wrong)
            throw new ClusteringException($"The segment '{wrong.Name}' has {wrong.Rows} rows and the {check.Metric} {wrong.Value}: neither can be.");
        return [.. known.Append(check with { At = now }).TakeLast(Most)];
    }
}
