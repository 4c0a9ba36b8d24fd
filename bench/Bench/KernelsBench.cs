using System.Diagnostics;
using OrleansCluster.Numerics;
using OrleansCluster.Numerics.Kernels;
using OrleansCluster.Numerics.KMeans;

namespace OrleansCluster.Bench;

/// <summary>
/// Lloyd iterations on made rows: time, the share of the machine's peaks measured in the same run, and what was left to canonical distances.
/// </summary>
internal static class KernelsBench
{
    private static readonly Workload[] Workloads =
    [
        new("km-1m-32-64", 1_000_000, 32, 64, 5),
        new("km-2m-8-16", 2_000_000, 8, 16, 5),
        new("km-500k-16-256", 500_000, 16, 256, 3),
        new("km-200k-128-1k", 200_000, 128, 1024, 1),
    ];

    public static void Run(string[] names)
    {
        using var threads = new KernelsThreads(Environment.ProcessorCount);
        double multiplyAdds = KernelsMachine.MultiplyAddPeak(threads);
        double reads = KernelsMachine.ReadPeak(threads);
        Console.WriteLine($"{threads.Workers} threads, kernels of {SimdSelection.Current}; float32 multiply-add peak {multiplyAdds / 1e9:F0} GFLOP/s, memory reads {reads / 1e9:F1} GB/s");
        Console.WriteLine();
        Console.WriteLine("| workload | step | ms | GFLOP/s | of peak | bytes read/s of peak | distances | moved | by D | allocated |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|");
        foreach (Workload workload in Workloads)
        {
            if (names.Length == 0 || names.Contains(workload.Name))
                Measure(workload, threads, multiplyAdds, reads);
        }
    }

    private static void Measure(Workload workload, KernelsThreads threads, double multiplyAdds, double reads)
    {
        (float[] values, double[] start) = workload.Make(threads);
        var rows = new RowBlock(values, workload.Columns);
        ColumnFrame frame = FrameOf(values, workload.Columns, workload.Rows);

        void Report(string step, double seconds, AssignmentSums sums, long unsure, long allocated, bool distancesKnown)
        {
            double operations = 2.0 * workload.Columns * (distancesKnown ? sums.Distances : (double)workload.Rows * workload.K);
            Console.WriteLine($"| {workload.Name} | {step} | {seconds * 1e3:F1} | {operations / seconds / 1e9:F0} | {operations / seconds / multiplyAdds:P0} | {4.0 * values.Length / seconds / reads:P0} | {(double)sums.Distances / workload.Rows / workload.K:P1} | {(double)sums.Moved / workload.Rows:P2} | {(double)unsure / workload.Rows:P3} | {allocated} |");
        }

        foreach (bool plain in new[] { true, false })
        {
            string name = plain ? "plain" : "accelerated";
            // Once to compile, once to measure: the code of a first call is not yet optimised.
            ShardAssigner assigner = null!;
            for (int round = 0; round < 2; round++)
            {
                assigner = new ShardAssigner(rows, frame);
                double[] centroids = start;
                double[]? previous = null;
                for (int step = 0; step < (round == 0 ? 4 : 30); step++)
                {
                    long allocated = GC.GetTotalAllocatedBytes(true);
                    long clock = Stopwatch.GetTimestamp();
                    AssignmentSums sums = assigner.Assign(centroids, workload.K, previous, plain, threads, CancellationToken.None);
                    double seconds = Stopwatch.GetElapsedTime(clock).TotalSeconds;
                    allocated = GC.GetTotalAllocatedBytes(true) - allocated;
                    if (round == 1 && step is 0 or 1 or 2 or 5 or 10 or 20 or 29)
                        Report($"{name} {step + 1}", seconds, sums, assigner.Unsure, allocated, true);
                    (previous, centroids) = (centroids, Next(sums, frame, centroids));
                }

                if (round == 0)
                    continue;
                double best = double.PositiveInfinity;
                AssignmentSums last = null!;
                for (int repeat = 0; repeat < 7; repeat++)
                {
                    long clock = Stopwatch.GetTimestamp();
                    last = assigner.Assign(centroids, workload.K, previous, plain, threads, CancellationToken.None);
                    best = Math.Min(best, Stopwatch.GetElapsedTime(clock).TotalSeconds);
                    (previous, centroids) = (centroids, Next(last, frame, centroids));
                }

                Report($"{name} 31–37, best", best, last, assigner.Unsure, 0, true);
                best = double.PositiveInfinity;
                for (int repeat = 0; plain && repeat < 5; repeat++)
                {
                    long clock = Stopwatch.GetTimestamp();
                    last = assigner.Assign(centroids, workload.K, null, plain, threads, CancellationToken.None);
                    best = Math.Min(best, Stopwatch.GetElapsedTime(clock).TotalSeconds);
                }

                if (plain)
                    Report("plain, sums from scratch, best", best, last, assigner.Unsure, 0, true);
            }
        }

        var labels = new int[workload.Rows];
        var nearest = new NearestCentroid(start, workload.K, workload.Columns);
        double time = double.PositiveInfinity;
        for (int repeat = 0; repeat < 5; repeat++)
        {
            long clock = Stopwatch.GetTimestamp();
            nearest.Assign(rows, labels, [], threads);
            time = Math.Min(time, Stopwatch.GetElapsedTime(clock).TotalSeconds);
        }

        Console.WriteLine($"| {workload.Name} | labels of rows as they come | {time * 1e3:F1} | {2.0 * workload.Columns * workload.Rows * workload.K / time / 1e9:F0} | {2.0 * workload.Columns * workload.Rows * workload.K / time / multiplyAdds:P0} | {4.0 * values.Length / time / reads:P0} | | | | |");
    }

    private static double[] Next(AssignmentSums sums, ColumnFrame frame, double[] centroids)
    {
        var next = (double[])centroids.Clone();
        for (int c = 0; c < sums.K; c++)
        {
            for (int j = 0; j < sums.Columns && sums.Weights[c] > 0; j++)
                next[(c * sums.Columns) + j] = frame.Mean(j, sums.Sums[(c * sums.Columns) + j], sums.Weights[c]);
        }

        return next;
    }

    private static ColumnFrame FrameOf(float[] values, int columns, int rows)
    {
        var minima = new double[columns];
        var maxima = new double[columns];
        for (int i = 0; i < values.Length; i++)
        {
            minima[i % columns] = Math.Min(minima[i % columns], values[i]);
            maxima[i % columns] = Math.Max(maxima[i % columns], values[i]);
        }

        return ColumnFrame.FromRanges(minima, maxima, 1, rows);
    }

    /// <summary>Rows around k centres: centres of the given spread, in units of the rows' noise.</summary>
    private sealed record Workload(string Name, int Rows, int Columns, int K, double Spread)
    {
        public (float[] Values, double[] Start) Make(KernelsThreads parallel)
        {
            var random = new Random(20261121);
            double[] centres = [.. Enumerable.Range(0, K * Columns).Select(_ => Normal(random) * Spread)];
            double[] scales = [.. Enumerable.Range(0, K * Columns).Select(_ => 0.5 + random.NextDouble())];
            var values = new float[Rows * Columns];
            const int Parts = 100;
            parallel.For(Parts, part =>
            {
                var own = new Random(part);
                for (int i = Rows / Parts * part; i < Rows / Parts * (part + 1); i++)
                {
                    int c = own.Next(K) * Columns;
                    for (int j = 0; j < Columns; j++)
                        values[(i * Columns) + j] = (float)(centres[c + j] + (Normal(own) * scales[c + j]));
                }
            });
            var start = new double[K * Columns];
            for (int c = 0; c < K; c++)
            {
                int row = random.Next(Rows);
                for (int j = 0; j < Columns; j++)
                    start[(c * Columns) + j] = values[(row * Columns) + j];
            }

            return (values, start);
        }

        private static double Normal(Random random)
            => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
    }
}
