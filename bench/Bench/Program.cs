using OrleansCluster.Bench;
using OrleansCluster.Bench.Calls;
using OrleansCluster.Bench.Iterations;
using OrleansCluster.Bench.Kernels;
using OrleansCluster.Bench.Load;
using Perfolizer.Horology;

string what = args.Length == 0 ? "" : args[0];
switch (what)
{
    case "kernels":
        KernelSuite.Run(args[1..]);
        return 0;
    case "iterations":
        await IterationsBench.RunAsync(args[1..]);
        return 0;
    case "matching":
        MatchingBench.Run(args.AsSpan(1));
        return 0;
    case "calls":
        Suite.Run([typeof(CallBenchmarks)], args[1..], TimeSpan.FromMilliseconds(100), TimeUnit.Nanosecond,
            BenchmarkDotNet.Columns.BaselineRatioColumn.RatioMean);
        await IdleGrains.RunAsync();
        return 0;
    case "observing":
        await ObservingBench.RunAsync(args[1..]);
        return 0;
    case "import" when args.Length >= 2:
        await ImportBench.RunAsync(args[1..]);
        return 0;
    case "assign" when args.Length >= 3:
        AssignBench.Run(args[1..]);
        return 0;
    case "load":
        return await LoadBench.RunAsync(args[1..]);
    default:
        Console.Error.WriteLine(
            """
            usage: bench kernels [WORD ...]                                               kernels against the machine's peaks
                   bench iterations [WORKLOAD ...] [--rounds N] [--iterations N]          what grains cost, what a second worker gains
                   bench calls                                                            a call between grains, an idle grain
                   bench matching [N [MATRIX ...]]                                        exact matchings
                   bench observing [--rows N] [--pairs N] [--metrics 1] [--http 1]        what it costs to observe, or to count, what a model is asked
                   bench import FILE [--rounds N]                                         reading a file, and reading it into shards
                   bench assign DIR WORKLOAD [--threads N]                                labels of rows in memory, for bench/compare
                   bench load ...                                                         load on a service, for bench/load
            """);
        return 2;
}
