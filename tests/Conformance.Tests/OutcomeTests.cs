namespace OrleansCluster.Conformance.Tests;

public sealed class OutcomeTests(SharedEngine shared) : ConformanceTests(shared)
{
    private IOutcomeGrain Grain => Grains.GetGrain<IOutcomeGrain>(Key);

    [Fact]
    public async Task Methods_return_nothing_or_values_as_task_or_value_task()
    {
        await Soon(Grain.Nothing());
        await Soon(Grain.NothingAsValue().AsTask());
        (await Soon(Grain.Twice(21).AsTask())).ShouldBe(42);
        (await Soon(Grain.Inherited())).ShouldBe(Key);
    }

    [Fact]
    public async Task Arguments_of_many_types_arrive()
    {
        var time = new DateTime(2024, 2, 29, 0, 0, 0, DateTimeKind.Utc);
        (await Soon(Grain.Many(1, "two", null, Guid.Empty, 5.5, time, TimeSpan.FromTicks(9), true, [1, 2, 3])))
            .ShouldBe([1, 3, -1, 1, 5, time.Ticks, 9, 1, 3]);
    }

    [Fact]
    public async Task Overloads_are_told_apart()
    {
        (await Soon(Grain.Overloaded(12))).ShouldBe(12);
        (await Soon(Grain.Overloaded("three"))).ShouldBe(5);
    }

    [Fact]
    public async Task Immutable_records_with_bulk_content_arrive()
    {
        var parcel = await Soon(Grain.Echo(new Parcel("p", new byte[] { 1, 2, 3 })));
        parcel!.Name.ShouldBe("p");
        parcel.Content.ToArray().ShouldBe([1, 2, 3]);
        (await Soon(Grain.Echo(null))).ShouldBeNull();
    }

    [Fact]
    public async Task Exceptions_cross_with_type_and_message()
    {
        (await Should.ThrowAsync<InvalidOperationException>(Soon(Grain.Fail("late")))).Message.ShouldBe("late");
        (await Should.ThrowAsync<InvalidOperationException>(Soon(Grain.FailAtOnce("at once")))).Message.ShouldBe("at once");
    }

    [Fact]
    public async Task Exceptions_of_ones_own_cross_with_their_members()
    {
        var error = await Should.ThrowAsync<PoorResultException>(Soon(Grain.FailInOwnWay(3)));
        error.Code.ShouldBe(3);
        error.Message.ShouldBe("Result 3 is poor.");
    }

    [Fact]
    public async Task Exceptions_cross_several_grains()
    {
        (await Should.ThrowAsync<PoorResultException>(Soon(Grain.FailBehind(Key + "other")))).Code.ShouldBe(7);
    }

    [Fact]
    public async Task A_grain_that_threw_goes_on()
    {
        var gate = Grains.GetGrain<ILifeGrain>(Key);
        var activation = await Soon(gate.Activation());
        await Should.ThrowAsync<InvalidOperationException>(Soon(gate.Throw()));
        (await Soon(gate.Activation())).ShouldBe(activation);
    }

    [Fact]
    public async Task One_way_calls_return_before_the_grain_has_run()
    {
        var gate = Grains.GetGrain<IGateGrain>(Key);
        await Soon(gate.PassUnseen(Key));
        await Soon(Signals.Of(Key + " entered"));
        Signals.IsRaised(Key + " left").ShouldBeFalse();
        Signals.Raise(Key + " open");
        await Soon(Signals.Of(Key + " left"));
    }

    [Fact]
    public async Task Errors_of_one_way_calls_are_not_heard()
    {
        await Soon(Grain.FailUnseen(Key + " ran"));
        await Soon(Signals.Of(Key + " ran"));
        (await Soon(Grain.Inherited())).ShouldBe(Key);
    }

    [Fact]
    public async Task References_travel()
    {
        (await Soon(Grain.NameOf(Grains.GetGrain<IOutcomeGrain>(Key + "other")))).ShouldBe(Key + "other");
        var self = await Soon(Grain.Self());
        self.ShouldBe(Grain);
        (await Soon(self.Inherited())).ShouldBe(Key);
    }
}
