using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;

namespace OrleansCluster.Embedded.Tests;

public sealed class StopTests
{
    [Fact]
    public async Task Stopping_the_host_ends_all_activations()
    {
        var host = await TestHost.StartAsync();
        var journal = host.Journal;
        for (var i = 0; i < 10; i++)
            await host.Grains.GetGrain<ITestGrain>($"g{i}").Touch();
        await host.DisposeAsync();
        journal.Notes.Where(n => n.EndsWith("ends ShuttingDown", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .ShouldBe(Enumerable.Range(0, 10).Select(i => $"g{i} ends ShuttingDown"));
    }

    [Fact]
    public async Task A_grain_that_does_not_end_holds_the_stop_no_longer_than_its_limit()
    {
        var host = await TestHost.StartAsync(silo => silo.Configure<GrainCollectionOptions>(o => o.DeactivationTimeout = TimeSpan.FromSeconds(5)));
        var journal = host.Journal;
        await host.Grains.GetGrain<ITestGrain>("stubborn").Touch();
        var stop = host.DisposeAsync().AsTask();
        await journal.Of("stubborn ends ShuttingDown");
        stop.IsCompleted.ShouldBeFalse();
        host.Time.Advance(TimeSpan.FromSeconds(6));
        await stop.WaitAsync(TestHost.Patience);
    }

    [Fact]
    public async Task A_call_that_does_not_end_holds_the_stop_no_longer_than_the_host_allows_and_its_caller_is_told()
    {
        var host = await TestHost.StartAsync();
        var call = host.Grains.GetGrain<ITestGrain>("g").Hang("h");
        await host.Journal.Of("h hangs");
        using var now = new CancellationTokenSource();
        var stop = host.StopAsync(now.Token);
        await now.CancelAsync();
        await stop.WaitAsync(TestHost.Patience);
        (await Should.ThrowAsync<SiloUnavailableException>(call.WaitAsync(TestHost.Patience))).Message.ShouldContain("ITestGrain.Hang");
    }

    [Fact]
    public async Task A_silo_that_has_stopped_refuses_calls()
    {
        var host = await TestHost.StartAsync();
        var grain = host.Grains.GetGrain<ITestGrain>("g");
        await host.StopAsync();
        await Should.ThrowAsync<SiloUnavailableException>(grain.Touch().WaitAsync(TestHost.Patience));
        await host.DisposeAsync();
    }
}
