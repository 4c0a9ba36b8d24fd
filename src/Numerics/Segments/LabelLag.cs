namespace OrleansCluster.Numerics.Segments;

/// <summary>How long it took until it was known what is true, in seconds: as <c>numpy.percentile</c> has it.</summary>
/// <param name="Median">Half of the rows took no longer.</param>
/// <param name="Ninth">Nine of ten took no longer.</param>
/// <param name="Longest">None took longer.</param>
/// <param name="Early">Rows of which it was known before they were answered.</param>
public sealed record LabelLag(double Median, double Ninth, double Longest, int Early)
{
    /// <summary>Of these times; NaN of none.</summary>
    public static LabelLag Of(IEnumerable<double> seconds)
    {
        double[] sorted = [.. seconds.Order()];
        return sorted.Length == 0 ? new LabelLag(double.NaN, double.NaN, double.NaN, 0)
            : new LabelLag(Bootstrap.Percentile(sorted, 0.5), Bootstrap.Percentile(sorted, 0.9), sorted[^1], sorted.Count(one => one < 0));
    }
}
