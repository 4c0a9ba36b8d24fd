using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace OrleansCluster.Conformance.Tests;

public sealed class StorageTests(SharedEngine shared) : ConformanceTests(shared)
{
    private IRecordGrain Grain => Grains.GetGrain<IRecordGrain>(Key);

    [Fact]
    public async Task A_record_that_was_never_written_is_empty_and_does_not_exist()
    {
        (await Soon(Grain.Balance())).ShouldBe(0);
        (await Soon(Grain.Exists())).ShouldBeFalse();
        (await Soon(Grain.Etag())).ShouldBeNull();
    }

    [Fact]
    public async Task A_record_is_read_before_the_grain_begins()
    {
        await Soon(Grain.Set(5));
        (await Soon(Grain.Exists())).ShouldBeTrue();
        await Soon(Engine.CollectIdleAsync());
        await Soon(Signals.Of($"{Key} ended ActivationIdle"));
        (await Soon(Grain.Balance())).ShouldBe(5);
        Signals.Notes(Key).ShouldBe(["begin 0", "begin 5"]);
    }

    [Fact]
    public async Task Every_write_has_another_etag()
    {
        await Soon(Grain.Set(1));
        var first = await Soon(Grain.Etag());
        await Soon(Grain.Set(2));
        (await Soon(Grain.Etag())).ShouldNotBe(first);
    }

    [Fact]
    public async Task What_was_not_written_is_not_stored()
    {
        await Soon(Grain.Set(1));
        await Soon(Grain.SetUnwritten(2));
        (await Soon(Grain.Balance())).ShouldBe(2);
        await Soon(Grain.Reread());
        (await Soon(Grain.Balance())).ShouldBe(1);
    }

    [Fact]
    public async Task A_cleared_record_is_empty_and_does_not_exist()
    {
        await Soon(Grain.Set(1));
        await Soon(Grain.Clear());
        (await Soon(Grain.Exists())).ShouldBeFalse();
        (await Soon(Grain.Balance())).ShouldBe(0);
        await Soon(Grain.Set(2));
        (await Soon(Grain.Exists())).ShouldBeTrue();
    }

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
        var before = await Soon(Grain.Activation());
        await WriteBehindItsBack(2);
        (await Soon(Grain.TrySet(3))).ShouldBeFalse();
        (await Soon(Grain.Activation())).ShouldBe(before);
        await Soon(Grain.Reread());
        (await Soon(Grain.TrySet(4))).ShouldBeTrue();
    }

    [Fact]
    public async Task A_conflict_ends_the_activation_it_comes_from_and_not_its_caller()
    {
        var caller = Grains.GetGrain<IRecordGrain>(Key + "caller");
        var before = await Soon(caller.Activation());
        await Soon(Grain.Set(1));
        await WriteBehindItsBack(2);
        await Should.ThrowAsync<InconsistentStateException>(Soon(caller.SetOther(Key, 3)));
        await Soon(Signals.Of($"{Key} ended ApplicationError"));
        (await Soon(caller.Activation())).ShouldBe(before);
    }

    [Fact]
    public async Task Writes_of_one_record_that_are_started_together_conflict()
    {
        await Should.ThrowAsync<InconsistentStateException>(Soon(Grain.SetManyTimes(5)));
        await Soon(Signals.Of($"{Key} ended ApplicationError"));
        (await Soon(Grain.Balance())).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Other_errors_of_a_storage_are_wrapped_and_do_not_end_the_activation()
    {
        var before = await Soon(Grain.Activation());
        var error = await Should.ThrowAsync<OrleansException>(Soon(Grain.WriteBroken()));
        error.Message.ShouldContain("The disk is full.");
        (await Soon(Grain.Activation())).ShouldBe(before);
    }

    [Fact]
    public async Task Records_of_other_names_and_storages_are_apart()
    {
        await Soon(Grain.Set(1));
        (await Soon(Grain.OtherBalance())).ShouldBe(0);
    }

    private async Task WriteBehindItsBack(int balance)
    {
        var storage = Engine.SiloServices.GetRequiredKeyedService<IGrainStorage>("Default");
        var record = new GrainState<Account>();
        await Soon(storage.ReadStateAsync("account", Grain.GetGrainId(), record));
        record.State!.Balance = balance;
        await Soon(storage.WriteStateAsync("account", Grain.GetGrainId(), record));
    }
}
