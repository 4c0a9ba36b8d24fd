using System.Collections.Concurrent;
using Orleans;

namespace OrleansCluster.Embedded.Tests;

public sealed class LoadTests
{
    [Fact]
    public async Task Every_call_runs_once_though_grains_end_all_the_time()
    {
        const int Callers = 8;
        const int CallsEach = 3000;
        await using var host = await TestHost.StartAsync();
        using var done = new CancellationTokenSource();
        var collecting = Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                host.Silo.Collect(TimeSpan.Zero);
                await Task.Yield();
            }
        });
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            for (var i = 0; i < CallsEach; i++)
                await host.Grains.GetGrain<ILoadGrain>((caller + i) % 13).Add($"{caller}/{i}");
        }))).WaitAsync(3 * TestHost.Patience);
        await done.CancelAsync();
        await collecting;
        LoadGrain.Ran.Count.ShouldBe(Callers * CallsEach);
        LoadGrain.Ran.Values.ShouldAllBe(times => times == 1);
        LoadGrain.Overlaps.ShouldBe(0);
        LoadGrain.Activations.ShouldBeGreaterThan(13);
    }
}

internal interface ILoadGrain : IGrainWithIntegerKey
{
    Task Add(string call);
}

/// <summary>Notes every call, and any activation of its key beside it.</summary>
internal sealed class LoadGrain : Grain, ILoadGrain
{
    private static readonly ConcurrentDictionary<long, LoadGrain> s_active = new();
    private static int s_overlaps;
    private static int s_activations;

    public static ConcurrentDictionary<string, int> Ran { get; } = new();

    public static int Overlaps => s_overlaps;

    public static int Activations => s_activations;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref s_activations);
        if (!s_active.TryAdd(this.GetPrimaryKeyLong(), this))
            Interlocked.Increment(ref s_overlaps);
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        s_active.TryRemove(this.GetPrimaryKeyLong(), out _);
        return Task.CompletedTask;
    }

    public async Task Add(string call)
    {
        await Task.Yield();
        Ran.AddOrUpdate(call, 1, (_, times) => times + 1);
    }
}
