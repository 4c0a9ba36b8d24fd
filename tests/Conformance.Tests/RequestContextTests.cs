namespace OrleansCluster.Conformance.Tests;

public sealed class RequestContextTests(SharedEngine shared) : ConformanceTests(shared)
{
    private IContextGrain Grain => Grains.GetGrain<IContextGrain>(Key);

    [Fact]
    public async Task What_a_caller_sets_arrives_and_is_passed_on()
    {
        RequestContext.Set("k", "v");
        (await Soon(Grain.Get("k"))).ShouldBe("v");
        (await Soon(Grain.GetBehind(Key + "b", "k"))).ShouldBe("v");
        (await Soon(Grain.GetAfterAwait("k"))).ShouldBe("v");
        RequestContext.Clear();
        (await Soon(Grain.Get("k"))).ShouldBeNull();
    }

    [Fact]
    public async Task What_a_grain_sets_goes_further_and_does_not_come_back()
    {
        (await Soon(Grain.SetAndGetBehind(Key + "b", "k", "mine"))).ShouldBe("mine");
        RequestContext.Get("k").ShouldBeNull();
        (await Soon(Grain.CallSetAndGet(Key + "b", "k"))).ShouldBeNull();
    }

    [Fact]
    public async Task What_a_call_sets_is_not_seen_by_the_next_one()
    {
        await Soon(Grain.Set("k", "left behind"));
        (await Soon(Grain.Get("k"))).ShouldBeNull();
    }

    [Fact]
    public void Values_are_removed_one_by_one_or_all()
    {
        RequestContext.Set("a", 1);
        RequestContext.Set("b", 2);
        RequestContext.Remove("a").ShouldBeTrue();
        RequestContext.Remove("a").ShouldBeFalse();
        RequestContext.Keys.ShouldBe(["b"]);
        RequestContext.Entries.ShouldBe([new KeyValuePair<string, object>("b", 2)]);
        RequestContext.Clear();
        RequestContext.Keys.ShouldBeEmpty();
    }
}
