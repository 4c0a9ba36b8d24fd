using System.Diagnostics;
using System.Globalization;
using OrleansCluster.Numerics;
using OrleansCluster.Numerics.Kernels;
using OrleansCluster.Numerics.Mixtures;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Bench;

/// <summary>
/// EM iterations on rows and starting means from <c>NAME.x.npy</c> and <c>NAME.init.npy</c> (float32), from equal weights and the data's column variances
/// without a floor, as peers are started: time of an iteration beside its objective, which must be the peer's at the same E-step.
/// </summary>
internal static class MixturesBench
{
    private const int ShardRows = 65_536;

    private static readonly (string Name, CovarianceForm Form)[] Workloads =
    [
        ("gm-200k-16-16", CovarianceForm.Full),
        ("gm-100k-64-16", CovarianceForm.Full),
        ("gm-500k-32-32", CovarianceForm.Diagonal),
    ];

    /// <summary>Arguments: the folder, then <c>NAME</c> or <c>NAME:FORM</c>, then options <c>--iterations N</c>, <c>--threads T</c>, <c>--trace</c>.</summary>
    public static void Run(string[] args)
    {
        int iterations = Option(ref args, "--iterations", 20);
        using var threads = new KernelsThreads(Option(ref args, "--threads", Environment.ProcessorCount));
        bool trace = args.Contains("--trace");
        string[] names = [.. args.Where(argument => argument != "--trace")];
        IEnumerable<(string Name, CovarianceForm Form)> wanted = names.Length < 2 ? Workloads : names[1..].Select(Parse);
        Console.WriteLine($"{threads.Workers} threads, kernels of {SimdSelection.Current}");
        Console.WriteLine();
        Console.WriteLine("| workload | form | first ms | median ms | last ms | first objective | last objective | densities, last | allocated, last |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
        foreach ((string name, CovarianceForm form) in wanted)
            Measure(names[0], name, form, iterations, threads, trace);
    }

    private static void Measure(string folder, string name, CovarianceForm form, int iterations, KernelsThreads threads, bool trace)
    {
        (float[] values, int d) = NumpyRows.Read(Path.Combine(folder, name + ".x.npy"));
        (float[] start, _) = NumpyRows.Read(Path.Combine(folder, name + ".init.npy"));
        int rows = values.Length / d;
        double[] means = Array.ConvertAll(start, value => (double)value);
        MixtureSpec spec = MixtureSpec.Create(means.Length / d, form, MixtureInit.Given, means, regularization: 0, tolerance: 0, maxIterations: iterations);
        List<(double Seconds, long Allocated, IterationEnded Ended)> steps = [];
        // Once to compile, once to measure.
        for (int round = 0; round < 2; round++)
        {
            steps.Clear();
            IShardWorker[] workers = [.. Enumerable.Range(0, (rows + ShardRows - 1) / ShardRows).Select(shard =>
                new MixtureShardWorker(new RowBlock(
                    values.AsMemory(shard * ShardRows * d, Math.Min(ShardRows, rows - (shard * ShardRows)) * d), d, firstRow: (long)shard * ShardRows)))];
            var trainer = new MixtureTrainer(spec, d);
            while (trainer.Next is { } step)
            {
                long allocated = GC.GetTotalAllocatedBytes(true);
                long clock = Stopwatch.GetTimestamp();
                ReadOnlyMemory<byte> merged = StatisticMerge.Merge([.. workers.Select(worker => worker.Execute(step, threads))]);
                IReadOnlyList<TrainingEvent> events = trainer.Advance(merged, threads);
                double seconds = Stopwatch.GetElapsedTime(clock).TotalSeconds;
                allocated = GC.GetTotalAllocatedBytes(true) - allocated;
                steps.AddRange(events.OfType<IterationEnded>().Select(ended => (seconds, allocated, ended)));
            }
        }

        double[] sorted = [.. steps.Select(step => step.Seconds).Order()];
        (double lastSeconds, long lastAllocated, IterationEnded last) = steps[^1];
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {form.Name()} | {steps[0].Seconds * 1e3:F1} | {sorted[sorted.Length / 2] * 1e3:F1} | {lastSeconds * 1e3:F1} | {steps[0].Ended.Objective:F9} | {last.Objective:F9} | {(double)last.Distances / rows:F2} a row | {lastAllocated / 1024} KiB |"));
        foreach ((double seconds, _, IterationEnded ended) in trace ? steps : [])
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{ended.Iteration} {ended.Objective:R} {seconds * 1e3:F1}"));
    }

    private static (string Name, CovarianceForm Form) Parse(string argument)
    {
        string[] parts = argument.Split(':');
        return (parts[0], parts.Length > 1 ? CovarianceForms.Parse(parts[1]) : CovarianceForm.Full);
    }

    private static int Option(ref string[] args, string name, int otherwise)
    {
        int at = Array.IndexOf(args, name);
        if (at < 0)
            return otherwise;
        int value = int.Parse(args[at + 1], CultureInfo.InvariantCulture);
        args = [.. args[..at], .. args[(at + 2)..]];
        return value;
    }
}
