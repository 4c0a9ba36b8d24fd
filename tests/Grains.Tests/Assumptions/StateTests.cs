using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace OrleansCluster.Grains.Tests.Assumptions;

public sealed class StateTests(BareSilo silo) : AssumptionTests(silo)
{
    private IRecordGrain Grain => Grains.GetGrain<IRecordGrain>(Key);

    [Fact]
    public async Task A_write_that_conflicts_ends_the_activation_and_the_next_one_reads_the_truth()
    {
        await Soon(Grain.Set(1));
        await WriteBehindItsBack(2);
        await Should.ThrowAsync<InconsistentStateException>(Soon(Grain.Set(3)));
        await Soon(Signals.Of($"{Key} ended ApplicationError"));
        (await Soon(Grain.Balance())).ShouldBe(2);
    }

    [Fact]
    public async Task A_conflict_that_the_grain_keeps_to_itself_does_not_end_the_activation()
    {
        await Soon(Grain.Set(1));
        Guid before = await Soon(Grain.Activation());
        await WriteBehindItsBack(2);
        (await Soon(Grain.TrySet(3))).ShouldBeFalse();
        (await Soon(Grain.Activation())).ShouldBe(before);
        await Soon(Grain.Reread());
        (await Soon(Grain.TrySet(4))).ShouldBeTrue();
    }

    [Fact]
    public async Task A_conflict_ends_the_activation_it_comes_from_and_not_its_caller()
    {
        IRecordGrain caller = Grains.GetGrain<IRecordGrain>(Key + "caller");
        Guid before = await Soon(caller.Activation());
        await Soon(Grain.Set(1));
        await WriteBehindItsBack(2);
        await Should.ThrowAsync<InconsistentStateException>(Soon(caller.SetOther(Key, 3)));
        await Soon(Signals.Of($"{Key} ended ApplicationError"));
        (await Soon(caller.Activation())).ShouldBe(before);
    }

    [Fact]
    public async Task Writes_of_one_record_that_are_started_together_are_queued_and_the_last_value_stays()
    {
        Guid before = await Soon(Grain.Activation());
        await Soon(Grain.SetManyTimes(5));
        (await Soon(Grain.Activation())).ShouldBe(before);
        await Soon(Grain.Reread());
        (await Soon(Grain.Balance())).ShouldBe(5);
    }

    private async Task WriteBehindItsBack(int balance)
    {
        IGrainStorage storage = Silo.Services.GetRequiredKeyedService<IGrainStorage>("Default");
        var record = new GrainState<Account>();
        await Soon(storage.ReadStateAsync("account", Grain.GetGrainId(), record));
        record.State!.Balance = balance;
        await Soon(storage.WriteStateAsync("account", Grain.GetGrainId(), record));
    }
}
