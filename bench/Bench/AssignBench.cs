using System.Diagnostics;
using System.Globalization;
using OrleansCluster.Numerics;
using OrleansCluster.Numerics.Kernels;

namespace OrleansCluster.Bench;

/// <summary>Assigning rows that are in memory to the centres of <c>NAME.init.npy</c>: seconds, and Σ D of all rows as the objective beside them.</summary>
internal static class AssignBench
{
    private const int Repeats = 7;

    /// <summary>Arguments: the folder, then the workload's name.</summary>
    public static void Run(string folder, string name)
    {
        (float[] values, int d) = NumpyRows.Read(Path.Combine(folder, name + ".x.npy"));
        (float[] start, _) = NumpyRows.Read(Path.Combine(folder, name + ".init.npy"));
        var rows = new RowBlock(values, d);
        var centroids = new NearestCentroid([.. start.Select(value => (double)value)], start.Length / d, d);
        var labels = new int[rows.Rows];
        var squared = new double[rows.Rows];
        using var threads = new KernelsThreads(Environment.ProcessorCount);
        double labelling = Median(() => centroids.Assign(rows, labels, [], threads));
        double measuring = Median(() => centroids.Assign(rows, labels, squared, threads));
        double inertia = 0;
        foreach (double distance in squared)
            inertia += distance;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"workload\":\"{name}\",\"rows\":{rows.Rows},\"seconds\":{labelling:R},\"seconds_with_distances\":{measuring:R},\"inertia\":{inertia:R}}}"));
    }

    private static double Median(Action work)
    {
        var seconds = new double[Repeats];
        for (int i = 0; i < Repeats; i++)
        {
            long clock = Stopwatch.GetTimestamp();
            work();
            seconds[i] = Stopwatch.GetElapsedTime(clock).TotalSeconds;
        }

        Array.Sort(seconds);
        return seconds[Repeats / 2];
    }
}
