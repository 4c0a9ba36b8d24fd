namespace OrleansCluster.Conformance.Tests;

public sealed class StatelessWorkerTests(SharedEngine shared) : ConformanceTests(shared)
{
    [Fact]
    public async Task As_many_workers_run_at_once_as_the_class_allows()
    {
        var grain = Grains.GetGrain<IWorkerGateGrain>(Key);
        var calls = Enumerable.Range(0, 3).Select(i => grain.Pass($"{Key}{i}")).ToArray();
        var entered = Enumerable.Range(0, 3).Select(i => Signals.Of($"{Key}{i} entered")).ToList();
        var first = await Soon(Task.WhenAny(entered));
        entered.Remove(first);
        var second = await Soon(Task.WhenAny(entered));
        entered.Remove(second);
        entered[0].IsCompleted.ShouldBeFalse();
        for (var i = 0; i < 3; i++)
            Signals.Raise($"{Key}{i} open");
        await Soon(Task.WhenAll(calls));
        Signals.Notes(Key)[..2].ShouldAllBe(note => note.StartsWith('+'));
        Signals.Notes(Key)[2].ShouldStartWith("-");
    }

    [Fact]
    public async Task A_third_call_waits_for_one_of_two_workers()
    {
        var grain = Grains.GetGrain<IWorkerGateGrain>(Key);
        var a = grain.Pass(Key + "a");
        await Soon(Signals.Of(Key + "a entered"));
        var b = grain.Pass(Key + "b");
        await Soon(Signals.Of(Key + "b entered"));
        var c = grain.Activation();
        await Soon(grain.Probe());
        c.IsCompleted.ShouldBeFalse();
        Signals.Raise(Key + "a open");
        Signals.Raise(Key + "b open");
        await Soon(Task.WhenAll(a, b, c));
    }
}
