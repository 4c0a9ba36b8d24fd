using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;

namespace OrleansCluster.Embedded.Tests;

public sealed class CollectionTests
{
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_grain_is_collected_when_it_has_been_idle_for_the_limit()
    {
        await using var host = await StartAsync();
        await host.Grains.GetGrain<ITestGrain>("g").Touch();
        host.Time.Advance(9 * s_minute);
        host.Journal.Notes.ShouldBe(["g begins"]);
        host.Time.Advance(2 * s_minute);
        await host.Journal.Of("g ends ActivationIdle");
    }

    [Fact]
    public async Task A_call_begins_the_idle_time_anew()
    {
        await using var host = await StartAsync();
        var grain = host.Grains.GetGrain<ITestGrain>("g");
        for (var i = 1; i <= 5; i++)
        {
            (await grain.Touch()).ShouldBe(i);
            host.Time.Advance(9 * s_minute);
        }
    }

    [Fact]
    public async Task A_grain_that_runs_a_call_is_not_collected()
    {
        await using var host = await StartAsync();
        var grain = host.Grains.GetGrain<ITestGrain>("g");
        var call = grain.Hang("h");
        await host.Journal.Of("h hangs");
        host.Silo.Collect(TimeSpan.Zero);
        host.Journal.Raise("h open");
        await call;
        host.Journal.Notes.ShouldNotContain("g ends ActivationIdle");
        (await grain.Touch()).ShouldBe(1);
    }

    [Fact]
    public async Task A_delay_keeps_a_grain_for_its_time()
    {
        await using var host = await StartAsync();
        var grain = host.Grains.GetGrain<ITestGrain>("g");
        await grain.Touch();
        await grain.Delay(TimeSpan.FromHours(1));
        host.Time.Advance(59 * s_minute);
        (await grain.Peek()).ShouldBe(1);
        host.Time.Advance(12 * s_minute);
        await host.Journal.Of("g ends ActivationIdle");
    }

    [Fact]
    public async Task Ticks_keep_a_grain_only_if_the_timer_says_so()
    {
        await using var host = await StartAsync();
        await host.Grains.GetGrain<ITestGrain>("kept").Tick(s_minute, keepAlive: true);
        await host.Grains.GetGrain<ITestGrain>("not kept").Tick(s_minute, keepAlive: false);
        const int CollectorTimer = 1;
        for (var i = 1; i <= 9; i++)
        {
            host.Time.Advance(s_minute);
            await host.Journal.Of($"kept ticks {i}");
            await host.Journal.Of($"not kept ticks {i}");
            await host.Time.TimersSet(CollectorTimer + 2);
        }

        host.Time.Advance(s_minute);
        host.Time.Advance(s_minute);
        await host.Journal.Of("not kept ends ActivationIdle");
        host.Journal.IsRaised("kept ends ActivationIdle").ShouldBeFalse();
    }

    [Fact]
    public async Task A_class_may_have_a_limit_of_its_own_or_none()
    {
        await using var host = await StartAsync();
        await host.Grains.GetGrain<ITestGrain>("g").Touch();
        await host.Grains.GetGrain<ILongLivedGrain>("long").Touch();
        await host.Grains.GetGrain<IKeptGrain>("kept").Touch();
        host.Time.Advance(100 * s_minute);
        await host.Journal.Of("g ends ActivationIdle");
        host.Journal.IsRaised("long ends ActivationIdle").ShouldBeFalse();
        host.Time.Advance(30 * s_minute);
        await host.Journal.Of("long ends ActivationIdle");
        host.Time.Advance(TimeSpan.FromDays(30));
        (await host.Grains.GetGrain<IKeptGrain>("kept").Peek()).ShouldBe(1);
    }

    [Fact]
    public async Task A_limit_shorter_than_the_quantum_is_refused()
    {
        var error = await Should.ThrowAsync<OrleansConfigurationException>(TestHost.StartAsync(silo =>
            silo.Configure<GrainCollectionOptions>(o => o.CollectionAge = TimeSpan.FromSeconds(30))));
        error.Message.ShouldContain("CollectionAge");
    }

    private static Task<TestHost> StartAsync() => TestHost.StartAsync(silo =>
        silo.Configure<GrainCollectionOptions>(o => o.CollectionAge = 10 * s_minute));
}
