using System.Globalization;
using Microsoft.Extensions.DependencyInjection;

namespace OrleansCluster.Bench.Calls;

/// <summary>What a grain weighs that was called once and waits.</summary>
internal static class IdleGrains
{
    private const int Grains = 100_000;

    public static async Task RunAsync()
    {
        using var host = await CallHost.StartAsync();
        var grains = host.Services.GetRequiredService<IGrainFactory>();
        Console.WriteLine();
        Console.WriteLine("| idle grain | bytes |");
        Console.WriteLine("|---|---|");
        await WeighAsync("without a record", i => grains.GetGrain<IEchoGrain>(1_000_000 + i).Echo(0));
        await WeighAsync("with a record", i => grains.GetGrain<IRecordKeepingGrain>("tenant/model/" + i).Touch());
        await host.StopAsync();
    }

    private static async Task WeighAsync(string what, Func<int, Task> touch)
    {
        for (var i = 0; i < 1000; i++)
            await touch(-1 - i);
        var before = Settled();
        for (var i = 0; i < Grains; i++)
            await touch(i);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {what} | {(Settled() - before) / (double)Grains:F0} |"));
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
