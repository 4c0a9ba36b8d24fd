namespace OrleansCluster.Conformance.Tests;

public sealed class ReminderTests(SharedEngine shared) : ConformanceTests(shared)
{
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    private IReminderGrain Grain => Grains.GetGrain<IReminderGrain>(Key);

    [Fact]
    public async Task Reminders_are_registered_found_listed_and_forgotten()
    {
        (await Soon(Grain.Find("a"))).ShouldBeNull();
        (await Soon(Grain.Remind("b", s_hour, s_hour))).ShouldBe("b");
        await Soon(Grain.Remind("a", s_hour, s_hour));
        await Soon(Grain.Remind("a", s_hour, 2 * s_hour));
        (await Soon(Grain.Find("a"))).ShouldBe("a");
        (await Soon(Grain.All())).ShouldBe(["a", "b"]);
        await Soon(Grain.Forget("a"));
        (await Soon(Grain.All())).ShouldBe(["b"]);
        await Soon(Grain.Forget("b"));
        (await Soon(Grain.All())).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_reminder_ticks_and_activates_its_grain_for_it()
    {
        await Soon(Grain.Remind("r", TimeSpan.FromMilliseconds(300), s_hour));
        await Soon(Grain.EndSoon());
        await Soon(Signals.Of($"{Key} ended"));
        await Soon(Signals.Of($"{Key} r 1"));
        Signals.Notes(Key).ShouldBe(["begin", "begin", "tick r True"]);
        await Soon(Grain.Forget("r"));
    }

    [Fact]
    public async Task A_reminder_ticks_again_and_again()
    {
        await Soon(Grain.Remind("r", TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(50)));
        await Soon(Signals.Of($"{Key} r 3"));
        await Soon(Grain.Forget("r"));
    }

    [Fact]
    public async Task A_period_below_the_least_is_refused() =>
        await Should.ThrowAsync<ArgumentException>(Soon(Grain.Remind("r", s_hour, TimeSpan.FromMilliseconds(1))));

    [Fact]
    public async Task A_grain_that_cannot_receive_reminders_cannot_ask_for_them() =>
        await Should.ThrowAsync<InvalidOperationException>(Soon(Grains.GetGrain<IUnremindableGrain>(Key).Remind()));
}
