using System.Globalization;
using System.Net;

namespace OrleansCluster.Bench.Load;

/// <summary>Load on a service from a process of its own; each mode prints a line of JSON. <c>bench/load</c> runs them against a service and its peer.</summary>
internal static class LoadBench
{
    public const string Usage =
        """
        usage: bench load closed KIND HOST:PORT MODEL [--connections N]                   questions a second at most; KIND: live, native, infer, grpc, peer
               bench load open KIND HOST:PORT MODEL --rate N [--deadline MILLISECONDS]    latencies at a rate, from when each question was due
               bench load bulk npy|arrow HOST:PORT MODEL [--blocks N]                     rows a second of a body of 16,384 rows a block
               bench load sdk HOME MODEL [--askers N]                                     single assignments a second with the silo in the same process
               bench load tenants HOME MODEL ... [--tenants N]                            memory and first questions of many tenants' copies of models
               all: [--columns N] [--warm MILLISECONDS] [--milliseconds N]
        """;

    public static async Task<int> RunAsync(string[] args)
    {
        int columns = Options.Take(ref args, "--columns", 16), connections = Options.Take(ref args, "--connections", 32);
        double warm = Options.Take(ref args, "--warm", 1000) / 1e3, seconds = Options.Take(ref args, "--milliseconds", 5000) / 1e3;
        int rate = Options.Take(ref args, "--rate", 1000), deadline = Options.Take(ref args, "--deadline", 0);
        int blocks = Options.Take(ref args, "--blocks", 1000), askers = Options.Take(ref args, "--askers", 1024);
        int tenants = Options.Take(ref args, "--tenants", 1000);
        switch (args)
        {
            case ["closed" or "open", ..] when !OperatingSystem.IsLinux():
                Console.Error.WriteLine("closed and open poll connections as Linux does it: run them there.");
                return 2;
            case ["closed" or "open", var kind, var server, var model]:
                Func<ITalk> talk = Questions.Of(kind, IPEndPoint.Parse(server), model, columns, deadline / 1e3);
                Line[] lines = [.. Enumerable.Range(0, connections).Select(_ => new Line(IPEndPoint.Parse(server), talk()))];
                double patience = deadline > 0 ? deadline / 1e3 : 10;
                Observed seen = args[0] == "closed"
                    ? Loops.Closed(lines, warm, seconds)
                    : Loops.Open(lines, rate, deadline > 0 ? 0 : patience, warm, seconds);
                Print(seen, patience);
                Array.ForEach(lines, one => one.Dispose());
                return 0;
            case ["bulk", "npy" or "arrow", var server, var model]:
                (double rows, string problem) = await BulkLoad.RunAsync(args[1], IPEndPoint.Parse(server), model, columns, blocks);
                if (problem.Length > 0)
                    Console.Error.WriteLine(problem);
                Print($"{{\"rows_per_second\":{rows:0}}}");
                return problem.Length > 0 ? 1 : 0;
            case ["sdk", var home, var model]:
                Print($"{{\"rate\":{await SdkLoad.RunAsync(home, model, columns, askers, warm, seconds):0}}}");
                return 0;
            case ["tenants", var home, .. var models] when models.Length > 0:
                Console.WriteLine(await TenantsBench.RunAsync(home, models, columns, tenants));
                return 0;
            default:
                Console.Error.WriteLine(Usage);
                return 2;
        }
    }

    private static void Print(Observed seen, double patience)
    {
        double[] latencies = seen.Latencies();
        Print(
            $$"""
            {"rate":{{seen.Answered / seen.Seconds:0}},"answered":{{seen.Answered}},"turned_away":{{seen.TurnedAway}},"failed":{{seen.Failed}},
            "unsent":{{seen.Unsent}},
            "late":{{latencies.Count(latency => latency > patience * 1e3)}},"p50":{{At(latencies, 0.5):0.000}},
            "p99":{{At(latencies, 0.99):0.000}},"p999":{{At(latencies, 0.999):0.000}},"most":{{At(latencies, 1):0.000}},
            "generator_cores":{{seen.Processor.TotalSeconds / seen.Seconds:0.00}}}
            """);
    }

    private static double At(double[] sorted, double share) => sorted.Length == 0 ? 0 : sorted[(int)Math.Min(share * sorted.Length, sorted.Length - 1)];

    private static void Print(FormattableString line) => Console.WriteLine(FormattableString.Invariant(line).ReplaceLineEndings(""));
}
