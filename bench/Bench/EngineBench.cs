using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;

namespace OrleansCluster.Bench;

/// <summary>
/// What a call between two grains costs, beside what two hops through the thread pool cost on the same machine, and what an idle grain weighs.
/// </summary>
internal static class EngineBench
{
    private const int Calls = 200_000;
    private const int Rounds = 7;
    private const int IdleGrains = 100_000;

    public static async Task RunAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.UseOrleans(EngineHost.Configure);
        using var host = builder.Build();
        await host.StartAsync();
        var grains = host.Services.GetRequiredService<IGrainFactory>();

        Console.WriteLine($"{EngineHost.Name}; best of {Rounds} rounds of {Calls} calls; {Environment.ProcessorCount} processors");
        Console.WriteLine();
        Console.WriteLine("| what | ns | of two hops | bytes allocated |");
        Console.WriteLine("|---|---|---|---|");
        var hops = await BestAsync(TwoHopsAsync);
        Print("two hops through the thread pool", hops, hops);
        var caller = grains.GetGrain<ICallerGrain>(0);
        Print("a call from grain to grain, one by one", await BestAsync(calls => caller.CallOneByOne(1, calls)), hops);
        Print("a call from grain to 16 grains, 16 at a time", await BestAsync(calls => caller.CallInGroups(100, calls, 16)), hops);
        Print("a call from a client, one by one", await BestAsync(calls => ClientAsync(grains, calls)), hops);
        Console.WriteLine();
        Console.WriteLine("| idle grain | bytes |");
        Console.WriteLine("|---|---|");
        await WeighAsync("without a record", i => grains.GetGrain<IEchoGrain>(1_000_000 + i).Echo(0));
        await WeighAsync("with a record", i => grains.GetGrain<IRecordKeepingGrain>("tenant/model/" + i).Touch());
        await host.StopAsync();
    }

    private static void Print(string what, (double Seconds, double Bytes) measured, (double Seconds, double Bytes) hops) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| {what} | {measured.Seconds * 1e9 / Calls:F0} | {measured.Seconds / hops.Seconds:F2} | {measured.Bytes / Calls:F0} |"));

    private static async Task<(double Seconds, double Bytes)> BestAsync(Func<int, Task<double>> run)
    {
        await run(Calls);
        var best = (Seconds: double.MaxValue, Bytes: double.MaxValue);
        for (var round = 0; round < Rounds; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            var seconds = await run(Calls);
            var bytes = GC.GetTotalAllocatedBytes(precise: true) - before;
            best = (Math.Min(best.Seconds, seconds), Math.Min(best.Bytes, bytes));
        }

        return best;
    }

    private static async Task<double> ClientAsync(IGrainFactory grains, int calls)
    {
        var echo = grains.GetGrain<IEchoGrain>(1);
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < calls; i++)
            await echo.Echo(i);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>What no engine that keeps grains off their caller's stack can beat: work queued there, and its answer queued back.</summary>
    private static async Task<double> TwoHopsAsync(int calls)
    {
        await Task.Yield();
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < calls; i++)
        {
            var answer = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
            ThreadPool.UnsafeQueueUserWorkItem(static state => state.Answer.SetResult(state.Value), (Answer: answer, Value: i), preferLocal: true);
            await answer.Task;
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task WeighAsync(string what, Func<int, Task> touch)
    {
        for (var i = 0; i < 1000; i++)
            await touch(-1 - i);
        var before = Settled();
        for (var i = 0; i < IdleGrains; i++)
            await touch(i);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {what} | {(Settled() - before) / (double)IdleGrains:F0} |"));
    }

    private static long Settled()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
