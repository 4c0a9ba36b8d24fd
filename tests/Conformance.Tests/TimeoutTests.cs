namespace OrleansCluster.Conformance.Tests;

public sealed class TimeoutTests(SharedEngine shared) : ConformanceTests(shared)
{
    [Fact]
    public async Task A_call_that_timed_out_may_still_run()
    {
        var grain = Grains.GetGrain<IGateGrain>(Key);
        await Should.ThrowAsync<TimeoutException>(Soon(grain.PassInASecond(Key)));
        Signals.IsRaised(Key + " entered").ShouldBeTrue();
        Signals.IsRaised(Key + " left").ShouldBeFalse();
        Signals.Raise(Key + " open");
        await Soon(Signals.Of(Key + " left"));
    }

    [Fact]
    public async Task A_call_that_timed_out_before_it_began_does_not_run()
    {
        var grain = Grains.GetGrain<IGateGrain>(Key);
        var running = grain.Pass(Key + "a");
        await Soon(Signals.Of(Key + "a entered"));
        await Should.ThrowAsync<TimeoutException>(Soon(grain.PassInASecond(Key + "b")));
        Signals.Raise(Key + "b open");
        Signals.Raise(Key + "a open");
        await Soon(running);
        await Soon(grain.Activation());
        Signals.Notes(Key).ShouldBe([$"+{Key}a", $"-{Key}a"]);
    }

    [Fact]
    public async Task A_grain_whose_call_timed_out_is_busy_until_that_call_ends()
    {
        var grain = Grains.GetGrain<IGateGrain>(Key);
        await Should.ThrowAsync<TimeoutException>(Soon(grain.PassInASecond(Key)));
        var next = grain.Activation();
        await Soon(grain.Probe());
        next.IsCompleted.ShouldBeFalse();
        Signals.Raise(Key + " open");
        await Soon(next);
    }
}
