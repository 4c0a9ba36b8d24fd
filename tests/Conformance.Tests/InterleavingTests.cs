namespace OrleansCluster.Conformance.Tests;

public sealed class InterleavingTests(SharedEngine shared) : ConformanceTests(shared)
{
    [Fact]
    public async Task Calls_do_not_interleave_by_default()
    {
        var grain = Grains.GetGrain<IGateGrain>(Key);
        var first = grain.Pass(Key + "a");
        await Soon(Signals.Of(Key + "a entered"));
        var second = grain.Pass(Key + "b");
        Signals.Raise(Key + "b open");
        await Soon(grain.Probe());
        await Soon(grain.Probe());
        Signals.IsRaised(Key + "b entered").ShouldBeFalse();
        Signals.Raise(Key + "a open");
        await Soon(Task.WhenAll(first, second));
        Signals.Notes(Key).ShouldBe([$"+{Key}a", $"-{Key}a", $"+{Key}b", $"-{Key}b"]);
    }

    [Fact]
    public async Task Calls_to_a_reentrant_grain_interleave()
    {
        var grain = Grains.GetGrain<IReentrantGateGrain>(Key);
        var first = grain.Pass(Key + "a");
        await Soon(Signals.Of(Key + "a entered"));
        Signals.Raise(Key + "b open");
        await Soon(grain.Pass(Key + "b"));
        Signals.Raise(Key + "a open");
        await Soon(first);
        Signals.Notes(Key).ShouldBe([$"+{Key}a", $"+{Key}b", $"-{Key}b", $"-{Key}a"]);
    }

    [Fact]
    public async Task A_method_that_always_interleaves_does_not_wait()
    {
        var grain = Grains.GetGrain<IGateGrain>(Key);
        var blocked = grain.Pass(Key + "a");
        await Soon(Signals.Of(Key + "a entered"));
        Signals.Raise(Key + "b open");
        await Soon(grain.PassAnyway(Key + "b"));
        Signals.Raise(Key + "a open");
        await Soon(blocked);
    }

    [Fact]
    public async Task A_method_that_always_interleaves_does_not_make_others_wait()
    {
        var grain = Grains.GetGrain<IGateGrain>(Key);
        var anyway = grain.PassAnyway(Key + "a");
        await Soon(Signals.Of(Key + "a entered"));
        Signals.Raise(Key + "b open");
        await Soon(grain.Pass(Key + "b"));
        Signals.Raise(Key + "a open");
        await Soon(anyway);
    }

    [Fact]
    public async Task Read_only_calls_interleave_with_one_another_but_not_with_others()
    {
        var grain = Grains.GetGrain<IGateGrain>(Key);
        var reading = grain.PassReading(Key + "a");
        await Soon(Signals.Of(Key + "a entered"));
        var writing = grain.Pass(Key + "w");
        Signals.Raise(Key + "w open");
        Signals.Raise(Key + "b open");
        await Soon(grain.PassReading(Key + "b"));
        Signals.IsRaised(Key + "w entered").ShouldBeFalse();
        Signals.Raise(Key + "a open");
        await Soon(Task.WhenAll(reading, writing));
        Signals.Notes(Key)[^2..].ShouldBe([$"+{Key}w", $"-{Key}w"]);
    }

    [Fact]
    public async Task A_call_that_waits_is_overtaken_only_by_those_that_may_interleave()
    {
        var grain = Grains.GetGrain<IGateGrain>(Key);
        var first = grain.Pass(Key + "a");
        await Soon(Signals.Of(Key + "a entered"));
        var second = grain.Pass(Key + "b");
        Signals.Raise(Key + "b open");
        Signals.Raise(Key + "c open");
        await Soon(grain.PassAnyway(Key + "c"));
        Signals.Raise(Key + "a open");
        await Soon(Task.WhenAll(first, second));
        Signals.Notes(Key).ShouldBe([$"+{Key}a", $"+{Key}c", $"-{Key}c", $"-{Key}a", $"+{Key}b", $"-{Key}b"]);
    }

    [Fact]
    public async Task A_cycle_of_calls_times_out_instead_of_hanging()
    {
        var error = await Should.ThrowAsync<Exception>(Soon(Grains.GetGrain<IChainGrain>(Key + "a").CallBack(Key + "b", allow: false)));
        error.ShouldBeOfType<TimeoutException>();
    }

    [Fact]
    public async Task A_call_of_a_grain_to_itself_times_out()
    {
        await Should.ThrowAsync<TimeoutException>(Soon(Grains.GetGrain<IChainGrain>(Key).CallBack(Key, allow: false)));
    }

    [Fact]
    public async Task A_chain_may_come_back_where_the_grain_allows_it()
    {
        (await Soon(Grains.GetGrain<IChainGrain>(Key + "a").CallBack(Key + "b", allow: true))).ShouldBe(Key + "a");
    }

    [Fact]
    public async Task Where_a_chain_may_come_back_other_calls_may_not_interleave()
    {
        var grain = Grains.GetGrain<IChainGrain>(Key);
        var open = grain.HoldOpen(Key);
        await Soon(Signals.Of(Key + " entered"));
        var other = grain.Answer();
        await Soon(grain.Probe());
        other.IsCompleted.ShouldBeFalse();
        Signals.Raise(Key + " open");
        await Soon(open);
        (await Soon(other)).ShouldBe(Key);
    }

    [Fact]
    public async Task Turns_of_a_reentrant_grain_run_one_at_a_time()
    {
        var grain = Grains.GetGrain<ITurnGrain>(Key);
        await Soon(Task.WhenAll(Enumerable.Range(0, 100).Select(_ => grain.TakeTurns(20))));
        var (overlaps, turns) = await Soon(grain.Result());
        overlaps.ShouldBe(0);
        turns.ShouldBe(100 * 21);
    }

    [Fact]
    public async Task Awaits_resume_on_the_scheduler_of_the_grain()
    {
        (await Soon(Grains.GetGrain<ITurnGrain>(Key).ResumesOnItsScheduler())).ShouldBeTrue();
    }

    [Fact]
    public async Task Calls_that_were_awaited_run_in_that_order()
    {
        var grain = Grains.GetGrain<IGateGrain>(Key);
        for (var i = 0; i < 20; i++)
        {
            Signals.Raise($"{Key}{i} open");
            await Soon(grain.Pass($"{Key}{i}"));
        }

        Signals.Notes(Key).ShouldBe(Enumerable.Range(0, 20).SelectMany(i => new[] { $"+{Key}{i}", $"-{Key}{i}" }));
    }

    [Fact]
    public async Task What_a_client_sends_in_one_go_runs_once_each()
    {
        var grain = Grains.GetGrain<ITurnGrain>(Key);
        await Soon(Task.WhenAll(Enumerable.Range(0, 500).Select(_ => grain.TakeTurns(0))));
        (await Soon(grain.Result())).Turns.ShouldBe(500);
    }
}
