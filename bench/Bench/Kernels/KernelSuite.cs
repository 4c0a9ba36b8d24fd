using OrleansCluster.Numerics.Simd;
using Perfolizer.Horology;

namespace OrleansCluster.Bench.Kernels;

/// <summary>The kernels beside the peaks of the machine in the same run.</summary>
internal static class KernelSuite
{
    /// <summary>Arguments: words of which a benchmark's name or workload must hold one.</summary>
    public static void Run(string[] parts)
    {
        using var threads = new BenchThreads(Environment.ProcessorCount);
        using var one = new BenchThreads(1);
        Machine alone = Machine.Measure(one), machine = Machine.Measure(threads);
        Console.WriteLine($"{threads.Workers} threads, kernels of {SimdSelection.Current}");
        Console.WriteLine();
        Console.WriteLine("| peak | one thread | all | gain |");
        Console.WriteLine("|---|---|---|---|");
        Print("float32 multiply-adds, GFLOP/s", alone.Single, machine.Single);
        Print("float64 multiply-adds, GFLOP/s", alone.Double, machine.Double);
        Print("reading memory, GB/s", alone.Read, machine.Read);
        Suite.Run([typeof(AssignmentBenchmarks), typeof(MixtureBenchmarks)], parts, TimeSpan.FromMilliseconds(150), TimeUnit.Millisecond,
            MachineColumn.For(machine));
    }

    private static void Print(string what, double one, double all)
        => Console.WriteLine(FormattableString.Invariant($"| {what} | {one / 1e9:F1} | {all / 1e9:F1} | {all / one:F2}× |"));
}
