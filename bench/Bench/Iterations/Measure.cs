using System.Diagnostics;

namespace OrleansCluster.Bench.Iterations;

/// <summary>A mean iteration, in seconds.</summary>
/// <param name="All">From end to end.</param>
/// <param name="Computing">That a worker computed, on average.</param>
/// <param name="Some">While some workers computed and others did not.</param>
/// <param name="None">While no worker computed.</param>
internal readonly record struct Measure(double All, double Computing, double Some, double None)
{
    /// <summary>That a worker did not compute, on average.</summary>
    public double Idle => All - Computing;

    /// <summary>The mean between the ends of the first iteration and of the last.</summary>
    public static Measure Between(List<(long Time, Occupation Occupation)> ends, int workers)
    {
        int count = ends.Count - 1;
        (Occupation first, Occupation last) = (ends[0].Occupation, ends[^1].Occupation);
        return new Measure(
            Stopwatch.GetElapsedTime(ends[0].Time, ends[^1].Time).TotalSeconds / count,
            (last.Busy - first.Busy) / count / workers,
            (last.Some - first.Some) / count,
            (last.None - first.None) / count);
    }

    /// <summary>The median of each.</summary>
    public static Measure Median(List<Measure> measures) => new(
        Median(measures, m => m.All), Median(measures, m => m.Computing), Median(measures, m => m.Some), Median(measures, m => m.None));

    private static double Median(List<Measure> measures, Func<Measure, double> of)
    {
        double[] sorted = [.. measures.Select(of).Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
