namespace OrleansCluster.Grains.Tests.Assumptions;

public sealed class TimeoutTests(BareSilo silo) : AssumptionTests(silo)
{
    [Fact]
    public async Task A_call_that_timed_out_may_still_run()
    {
        IGateGrain grain = Grains.GetGrain<IGateGrain>(Key);
        await Should.ThrowAsync<TimeoutException>(Soon(grain.PassInASecond(Key)));
        Signals.IsRaised(Key + " entered").ShouldBeTrue();
        Signals.IsRaised(Key + " left").ShouldBeFalse();
        Signals.Raise(Key + " open");
        await Soon(Signals.Of(Key + " left"));
    }

    [Fact]
    public async Task A_call_that_timed_out_before_it_began_does_not_run()
    {
        IGateGrain grain = Grains.GetGrain<IGateGrain>(Key);
        Task running = grain.Pass(Key + "a");
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
        IGateGrain grain = Grains.GetGrain<IGateGrain>(Key);
        await Should.ThrowAsync<TimeoutException>(Soon(grain.PassInASecond(Key)));
        Task<Guid> next = grain.Activation();
        await Soon(grain.Probe());
        next.IsCompleted.ShouldBeFalse();
        Signals.Raise(Key + " open");
        await Soon(next);
    }
}
