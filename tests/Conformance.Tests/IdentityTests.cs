namespace OrleansCluster.Conformance.Tests;

public sealed class IdentityTests(SharedEngine shared) : ConformanceTests(shared)
{
    private static readonly Guid s_guid = new("0f8fad5b-d9cb-469f-a165-70867728950e");

    [Fact]
    public async Task Integer_keys_are_known_to_the_grain()
    {
        (await Soon(Grains.GetGrain<IIntegerKeyGrain>(255).Identity())).ShouldBe("255 keyed-by-integer/FF");
        (await Soon(Grains.GetGrain<IIntegerKeyGrain>(-1).Identity())).ShouldBe("-1 keyed-by-integer/FFFFFFFFFFFFFFFF");
    }

    [Fact]
    public async Task Guid_keys_are_known_to_the_grain() =>
        (await Soon(Grains.GetGrain<IGuidKeyGrain>(s_guid).Identity())).ShouldBe($"{s_guid} guidkey/{s_guid:N}");

    [Fact]
    public async Task Compound_keys_are_known_to_the_grain()
    {
        (await Soon(Grains.GetGrain<IIntegerCompoundKeyGrain>(17, "a+b/c").Identity())).ShouldBe("17 a+b/c integercompoundkey/11+a+b/c");
        (await Soon(Grains.GetGrain<IGuidCompoundKeyGrain>(s_guid, "ext").Identity())).ShouldBe($"{s_guid} ext guidcompoundkey/{s_guid:N}+ext");
    }

    [Fact]
    public void References_know_their_key_without_a_call()
    {
        Grains.GetGrain<IOutcomeGrain>("tenant/x").GetPrimaryKeyString().ShouldBe("tenant/x");
        Grains.GetGrain<IIntegerCompoundKeyGrain>(3, "e").GetPrimaryKeyLong(out var extension).ShouldBe(3);
        extension.ShouldBe("e");
        Grains.GetGrain<IOutcomeGrain>("k").GetGrainId().ToString().ShouldBe("outcome/k");
    }

    [Fact]
    public void References_to_one_grain_are_equal()
    {
        Grains.GetGrain<IOutcomeGrain>(Key).ShouldBe(Grains.GetGrain<IOutcomeGrain>(Key));
        Grains.GetGrain<IOutcomeGrain>(Key).GetHashCode().ShouldBe(Grains.GetGrain<IOutcomeGrain>(Key).GetHashCode());
        Grains.GetGrain<IOutcomeGrain>(Key).ShouldNotBe(Grains.GetGrain<IOutcomeGrain>(Key + "x"));
    }

    [Fact]
    public async Task A_reference_can_be_had_from_a_grain_id()
    {
        var id = Grains.GetGrain<IOutcomeGrain>(Key).GetGrainId();
        (await Soon(Grains.GetGrain<IOutcomeGrain>(id).Inherited())).ShouldBe(Key);
        (await Soon(Grains.GetGrain<IOutcomeGrain>(GrainId.Parse(id.ToString())).Inherited())).ShouldBe(Key);
    }

    [Fact]
    public async Task A_reference_can_be_used_as_another_interface_of_the_grain()
    {
        (await Soon(Grains.GetGrain<IOutcomeGrain>(Key).AsReference<IOutcomeBase>().Inherited())).ShouldBe(Key);
        ((IOutcomeBase)Grains.GetGrain(typeof(IOutcomeGrain), Key)).ShouldBe(Grains.GetGrain<IOutcomeGrain>(Key));
    }

    [Fact]
    public async Task The_class_that_bears_the_interfaces_name_is_meant_unless_another_is_named()
    {
        Grains.GetGrain<IGateGrain>(Key).GetGrainId().ToString().ShouldBe($"gate/{Key}");
        var named = Grains.GetGrain<IGateGrain>(Key, typeof(ReentrantGateGrain).FullName);
        named.GetGrainId().ToString().ShouldBe($"reentrantgate/{Key}");
        await Soon(named.Probe());
        Should.Throw<ArgumentException>(() => Grains.GetGrain<IGateGrain>(Key, "No.Such.Class"));
    }

    [Fact]
    public void An_interface_without_class_is_refused() =>
        Should.Throw<ArgumentException>(() => Grains.GetGrain<IGrainWithoutClass>(Key));
}

public interface IGrainWithoutClass : IGrainWithStringKey;
