using System.Globalization;
using OrleansCluster.Compute;

namespace OrleansCluster.Bench.Iterations;

/// <summary>
/// Plain k-means iterations through the grains of one silo, checkpoints included, beside the same steps called directly on the same kind of pool, in turn:
/// what grains, messages and checkpoints cost, and what a second worker gains.
/// </summary>
internal static class IterationsBench
{
    private static readonly string[] Usual = ["km-1m-32-64", "km-500k-16-256"];

    /// <summary>Options <c>--rounds N</c> and <c>--iterations N</c>, then names of workloads.</summary>
    public static async Task RunAsync(string[] args)
    {
        int rounds = Options.Take(ref args, "--rounds", 5), iterations = Options.Take(ref args, "--iterations", 80);
        string[] names = args.Length == 0 ? Usual : args;
        int cores = Environment.ProcessorCount;
        Console.WriteLine($"{"Orleans, one silo"}; medians of {rounds} runs of {iterations} plain iterations, the first left out; times in ms, computing by "
            + "a worker on average");
        Console.WriteLine();
        Console.WriteLine("| workload | workers | iteration | computing | some idle | all idle | without grains: iteration | computing | some idle | all "
            + "idle | grains, messages, checkpoints | gain of workers | of computing |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (Workload workload in Workload.KMeans.Where(workload => names.Contains(workload.Name)))
            await MeasureAsync(workload, cores == 1 ? [1] : [1, cores], rounds, iterations);
    }

    private static async Task MeasureAsync(Workload workload, int[] workers, int rounds, int iterations)
    {
        var runs = new List<Runs>();
        try
        {
            using (var threads = new ComputePool())
            {
                (float[] values, double[] start) = await threads.Run(ComputePriority.Training, workload.Make);
                foreach (int count in workers)
                    runs.Add(new Runs(await GrainRun.StartAsync(workload, values, start, count), new DirectRun(workload, values, start, count)));
            }

            // The first round compiles.
            for (int round = -1; round < rounds; round++)
            {
                foreach (Runs run in runs)
                    await run.Round(iterations, round >= 0);
            }

            foreach (Runs run in runs)
                Print(workload, run, runs[0]);
        }
        finally
        {
            foreach (Runs run in runs)
                await run.DisposeAsync();
        }
    }

    private static void Print(Workload workload, Runs run, Runs first)
    {
        (Measure through, Measure direct, Measure one) = (Measure.Median(run.Through), Measure.Median(run.Direct), Measure.Median(first.Through));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {workload.Name} | {run.Workers} | {Ms(through.All)} | {Ms(through.Computing)} | {Ms(through.Some)} | {Ms(through.None)} | {Ms(direct.All)} | "
                + $"{Ms(direct.Computing)} | {Ms(direct.Some)} | {Ms(direct.None)} | {100 * (through.Idle - direct.Idle) / through.All:F1}% | "
                    + $"{one.All / through.All:F2}× | {one.Computing / through.Computing:F2}× |"));
    }

    private static string Ms(double seconds) => (seconds * 1e3).ToString("F2", CultureInfo.InvariantCulture);

    /// <summary>A number of workers: with grains and without.</summary>
    private sealed class Runs(GrainRun grains, DirectRun direct) : IAsyncDisposable
    {
        public List<Measure> Through { get; } = [];

        public List<Measure> Direct { get; } = [];

        public int Workers => grains.Workers;

        public async Task Round(int iterations, bool counts)
        {
            Measure through = await grains.IterateAsync(iterations);
            Measure without = await direct.IterateAsync(iterations);
            if (!counts)
                return;
            Through.Add(through);
            Direct.Add(without);
        }

        public async ValueTask DisposeAsync()
        {
            await grains.DisposeAsync();
            direct.Dispose();
        }
    }
}
