namespace OrleansCluster.Conformance.Tests;

public sealed class TimerTests(SharedEngine shared) : ConformanceTests(shared)
{
    private static readonly TimeSpan s_short = TimeSpan.FromMilliseconds(5);

    private ITimerGrain Grain => Grains.GetGrain<ITimerGrain>(Key);

    [Fact]
    public async Task A_timer_ticks_again_and_again_on_the_scheduler_of_its_grain()
    {
        await Soon(Grain.Start(Key, s_short, s_short, interleave: false, gated: false));
        await Soon(Signals.Of($"{Key} tick 3"));
        (await Soon(Grain.TicksOnItsScheduler())).ShouldBeTrue();
        await Soon(Grain.Stop());
    }

    [Fact]
    public async Task A_call_waits_for_the_tick_that_runs()
    {
        await Soon(Grain.Start(Key, TimeSpan.Zero, Timeout.InfiniteTimeSpan, interleave: false, gated: true));
        await Soon(Signals.Of($"{Key} tick 1"));
        var call = Grain.Activation();
        await Soon(Grain.Probe());
        call.IsCompleted.ShouldBeFalse();
        Signals.Raise($"{Key} open 1");
        await Soon(call);
    }

    [Fact]
    public async Task A_tick_waits_for_the_call_that_runs()
    {
        await Soon(Grain.HoldUntilInterleavingTick(Key));
        await Soon(Signals.Of($"{Key} tick 1"));
        Signals.Notes(Key).ShouldBe(["released", "tick 1"]);
    }

    [Fact]
    public async Task A_tick_interleaves_where_the_timer_says_so()
    {
        await Soon(Grain.Start(Key, s_short, Timeout.InfiniteTimeSpan, interleave: true, gated: false));
        await Soon(Grain.WaitForTick(Key, 1));
    }

    [Fact]
    public async Task Ticks_do_not_overlap()
    {
        await Soon(Grain.Start(Key, TimeSpan.Zero, s_short, interleave: true, gated: true));
        await Soon(Signals.Of($"{Key} tick 1"));
        for (var i = 0; i < 20; i++)
            await Soon(Grain.Probe());
        Signals.IsRaised($"{Key} tick 2").ShouldBeFalse();
        Signals.Raise($"{Key} open 1");
        await Soon(Signals.Of($"{Key} tick 2"));
        await Soon(Grain.Stop());
        Signals.Raise($"{Key} open 2");
    }

    [Fact]
    public async Task A_timer_that_fails_goes_on()
    {
        await Soon(Grain.StartFailing(Key));
        await Soon(Signals.Of($"{Key} tick 3"));
        await Soon(Grain.Stop());
    }

    [Fact]
    public async Task A_timer_without_period_ticks_once_until_it_is_changed()
    {
        await Soon(Grain.Start(Key, TimeSpan.Zero, Timeout.InfiniteTimeSpan, interleave: false, gated: false));
        await Soon(Signals.Of($"{Key} tick 1"));
        await Soon(Grain.Probe());
        Signals.IsRaised($"{Key} tick 2").ShouldBeFalse();
        await Soon(Grain.Change(s_short, Timeout.InfiniteTimeSpan));
        await Soon(Signals.Of($"{Key} tick 2"));
    }

    [Fact]
    public async Task A_timer_does_not_keep_its_grain_from_being_collected_and_ends_with_it()
    {
        var before = await Soon(Grain.Activation());
        await Soon(Grain.Start(Key, TimeSpan.FromHours(1), TimeSpan.FromHours(1), interleave: false, gated: false));
        await Soon(Engine.CollectIdleAsync());
        (await Soon(Grain.Activation())).ShouldNotBe(before);
        await Should.ThrowAsync<NullReferenceException>(Soon(Grain.Stop()));
    }
}
