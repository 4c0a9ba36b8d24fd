using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;

namespace OrleansCluster.Embedded.Tests;

public sealed class VirtualTimeTests
{
    [Fact]
    public async Task A_call_times_out_by_the_hosts_clock_and_goes_on()
    {
        await using var host = await TestHost.StartAsync(silo => silo.Configure<SiloMessagingOptions>(o => o.ResponseTimeout = TimeSpan.FromSeconds(10)));
        var call = host.Grains.GetGrain<ITestGrain>("g").Hang("h");
        await host.Journal.Of("h hangs");
        host.Time.Advance(TimeSpan.FromSeconds(9));
        call.IsCompleted.ShouldBeFalse();
        host.Time.Advance(TimeSpan.FromSeconds(2));
        (await Should.ThrowAsync<TimeoutException>(call.WaitAsync(TestHost.Patience))).Message.ShouldContain("may still run");
        host.Journal.Raise("h open");
        await host.Journal.Of("h goes on");
    }

    [Fact]
    public async Task Calls_that_are_answered_are_forgotten()
    {
        await using var host = await TestHost.StartAsync(silo => silo.Configure<SiloMessagingOptions>(o => o.ResponseTimeout = TimeSpan.FromSeconds(10)));
        for (var i = 0; i < 100; i++)
            await host.Grains.GetGrain<ITestGrain>("g").Touch();
        host.Time.Advance(TimeSpan.FromSeconds(100));
        (await host.Grains.GetGrain<ITestGrain>("g").Touch()).ShouldBe(101);
    }

    [Fact]
    public async Task A_timer_ticks_by_the_hosts_clock()
    {
        await using var host = await TestHost.StartAsync();
        await host.Grains.GetGrain<ITestGrain>("g").Tick(TimeSpan.FromSeconds(30), keepAlive: false);
        host.Time.Advance(TimeSpan.FromSeconds(29));
        host.Journal.Notes.ShouldBe(["g begins"]);
        host.Time.Advance(TimeSpan.FromSeconds(1));
        await host.Journal.Of("g ticks 1");
    }

    [Fact]
    public async Task An_activation_that_takes_too_long_fails()
    {
        await using var host = await TestHost.StartAsync(silo => silo.Configure<GrainCollectionOptions>(o => o.ActivationTimeout = TimeSpan.FromSeconds(3)));
        var call = host.Grains.GetGrain<IEndlessBeginningGrain>("g").Call();
        await host.Journal.Of("endless");
        host.Time.Advance(TimeSpan.FromSeconds(3));
        await Should.ThrowAsync<OperationCanceledException>(call.WaitAsync(TestHost.Patience));
    }
}

internal interface IEndlessBeginningGrain : IGrainWithStringKey
{
    Task Call();
}

internal sealed class EndlessBeginningGrain(Journal journal) : Grain, IEndlessBeginningGrain
{
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        journal.Note("endless");
        return journal.Of("never");
    }

    public Task Call() => Task.CompletedTask;
}
