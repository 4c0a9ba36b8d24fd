namespace OrleansCluster.Conformance.Tests;

public sealed class LifetimeTests(SharedEngine shared) : ConformanceTests(shared)
{
    private ILifeGrain Grain => Grains.GetGrain<ILifeGrain>(Key);

    [Fact]
    public async Task A_grain_is_activated_by_its_first_call()
    {
        var grain = Grain;
        Signals.Notes(Key).ShouldBeEmpty();
        (await Soon(grain.NotesSoFar())).ShouldBe(["begin"]);
        await Soon(grain.Activation());
        Signals.Notes(Key).ShouldBe(["begin"]);
    }

    [Fact]
    public async Task Calls_wait_while_the_grain_is_being_activated()
    {
        var grain = Grains.GetGrain<ISlowBeginningGrain>(Key);
        var calls = Enumerable.Range(0, 5).Select(_ => grain.Call()).ToArray();
        await Soon(Signals.Of($"{Key} begins"));
        calls.ShouldAllBe(call => !call.IsCompleted);
        Signals.Raise($"{Key} open");
        (await Soon(Task.WhenAll(calls))).Order().ShouldBe([1, 2, 3, 4, 5]);
    }

    [Fact]
    public async Task Calls_to_a_grain_that_fails_to_begin_get_its_error()
    {
        var grain = Grains.GetGrain<IStillbornGrain>(Key);
        var first = grain.Call();
        var second = grain.Call();
        (await Should.ThrowAsync<PoorResultException>(Soon(first))).Code.ShouldBe(11);
        await Should.ThrowAsync<PoorResultException>(Soon(second));
        Signals.Raise($"{Key} may live");
        await Soon(grain.Call());
        Signals.Notes(Key).Length.ShouldBeGreaterThanOrEqualTo(2);
    }

    [Fact]
    public async Task A_grain_ends_when_it_asks_for_it_and_begins_anew_with_the_next_call()
    {
        var before = await Soon(Grain.Activation());
        await Soon(Grain.EndSoon());
        await Soon(Signals.Of($"{Key} ended"));
        (await Soon(Grain.Activation())).ShouldNotBe(before);
        Signals.Notes(Key).ShouldBe(["begin", "end ApplicationRequested", "begin"]);
    }

    [Fact]
    public async Task A_call_that_runs_when_the_end_is_asked_for_runs_to_its_end_and_those_that_wait_go_to_the_next_activation()
    {
        var before = await Soon(Grain.Activation());
        var running = Grain.EndAndPass(Key);
        await Soon(Signals.Of($"{Key} entered"));
        var waiting = Grain.Activation();
        Signals.Raise($"{Key} open");
        await Soon(running);
        (await Soon(waiting)).ShouldNotBe(before);
        Signals.Notes(Key).ShouldBe(["begin", "passed", "end ApplicationRequested", "begin"]);
    }

    [Fact]
    public async Task An_idle_grain_is_collected()
    {
        var before = await Soon(Grain.Activation());
        await Soon(Engine.CollectIdleAsync());
        await Soon(Signals.Of($"{Key} ended"));
        (await Soon(Grain.Activation())).ShouldNotBe(before);
        Signals.Notes(Key).ShouldBe(["begin", "end ActivationIdle", "begin"]);
    }

    [Fact]
    public async Task A_grain_that_runs_a_call_is_not_collected()
    {
        var gate = Grains.GetGrain<IGateGrain>(Key);
        var before = await Soon(gate.Activation());
        var call = gate.Pass(Key);
        await Soon(Signals.Of($"{Key} entered"));
        await Soon(Engine.CollectIdleAsync());
        Signals.Raise($"{Key} open");
        await Soon(call);
        (await Soon(gate.Activation())).ShouldBe(before);
    }

    [Fact]
    public async Task A_grain_that_delays_its_end_is_not_collected_until_it_withdraws()
    {
        var before = await Soon(Grain.Activation());
        await Soon(Grain.Delay(TimeSpan.FromHours(1)));
        await Soon(Engine.CollectIdleAsync());
        (await Soon(Grain.Activation())).ShouldBe(before);
        await Soon(Grain.Delay(TimeSpan.Zero));
        await Soon(Engine.CollectIdleAsync());
        await Soon(Signals.Of($"{Key} ended"));
    }

    [Fact]
    public async Task A_grain_that_delays_its_end_still_ends_when_it_asks_for_it()
    {
        await Soon(Grain.Delay(TimeSpan.FromHours(1)));
        await Soon(Grain.EndSoon());
        await Soon(Signals.Of($"{Key} ended"));
    }
}
