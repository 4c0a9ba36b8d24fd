using System.Diagnostics;
using System.Globalization;
using OrleansCluster.Numerics.Distances;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Bench;

/// <summary>Assigning rows that are in memory to the centres of <c>NAME.init.npy</c>: seconds, and Σ D of all rows as the objective beside them.</summary>
internal static class AssignBench
{
    private const int Repeats = 7;

    /// <summary>Arguments: the folder, the workload's name, and the option <c>--threads</c>.</summary>
    public static void Run(string[] args)
    {
        using var threads = new BenchThreads(Options.Take(ref args, "--threads", Environment.ProcessorCount));
        (string folder, string name) = (args[0], args[1]);
        (float[] values, int d) = NumpyRows.Read(Path.Combine(folder, name + ".x.npy"));
        (float[] start, _) = NumpyRows.Read(Path.Combine(folder, name + ".init.npy"));
        var rows = new RowBlock(values, d);
        var centroids = new NearestCentroid([.. start.Select(value => (double)value)], start.Length / d, d);
        var labels = new int[rows.Rows];
        var squared = new double[rows.Rows];
        double labelling = Median(() => centroids.Assign(rows, labels, [], threads));
        double measuring = Median(() => centroids.Assign(rows, labels, squared, threads));
        double inertia = 0;
        foreach (double distance in squared)
            inertia += distance;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"workload\":\"{name}\",\"rows\":{rows.Rows},\"seconds\":{labelling:R},\"seconds_with_distances\":{measuring:R},\"objective\":{inertia:R}}}"));
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
