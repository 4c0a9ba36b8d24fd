using Orleans;
using Orleans.Configuration;
using Orleans.Embedded;
using Orleans.Hosting;
using Orleans.Runtime;

namespace OrleansCluster.Embedded.Tests;

public sealed class ConfigurationErrorTests
{
    [Fact]
    public async Task A_storage_that_is_not_registered_is_named()
    {
        await using var host = await TestHost.StartAsync();
        var error = await Should.ThrowAsync<OrleansConfigurationException>(host.Grains.GetGrain<IStorelessGrain>("g").Call());
        error.Message.ShouldContain("'s' in the storage 'nowhere'");
    }

    [Fact]
    public async Task A_service_that_is_not_registered_is_named()
    {
        await using var host = await TestHost.StartAsync();
        var error = await Should.ThrowAsync<OrleansConfigurationException>(host.Grains.GetGrain<INeedyGrain>("g").Call());
        error.Message.ShouldContain(typeof(INotRegistered).FullName!);
        error.Message.ShouldContain(nameof(NeedyGrain));
    }

    [Fact]
    public void Two_classes_of_one_grain_type_are_refused() =>
        Should.Throw<OrleansConfigurationException>(() => new GrainClassMap([typeof(Twins.First.TwinGrain), typeof(Twins.Second.TwinGrain)]))
            .Message.ShouldContain("'twin'");

    [Fact]
    public async Task Interfaces_that_cannot_be_called_are_refused_with_the_rule()
    {
        await using var host = await TestHost.StartAsync();
        Should.Throw<NotSupportedException>(() => host.Grains.GetGrain<ISynchronousGrain>("g")).Message.ShouldContain("returns Task");
        Should.Throw<NotSupportedException>(() => host.Grains.GetGrain<IGenericMethodGrain>("g")).Message.ShouldContain("plain methods");
    }

    [Fact]
    public async Task Grain_classes_can_be_given()
    {
        await using var host = await TestHost.StartAsync(silo => silo.Configure<GrainTypeOptions>(o =>
        {
            o.Classes.Clear();
            o.Classes.Add(typeof(TestGrain));
        }));
        (await host.Grains.GetGrain<ITestGrain>("g").Touch()).ShouldBe(1);
        Should.Throw<ArgumentException>(() => host.Grains.GetGrain<IKeptGrain>("g"));
    }
}

internal interface IStorelessGrain : IGrainWithStringKey
{
    Task Call();
}

internal sealed class StorelessGrain([PersistentState("s", "nowhere")] IPersistentState<List<int>> state) : Grain, IStorelessGrain
{
    public Task Call() => Task.FromResult(state.State);
}

internal interface INotRegistered;

internal interface INeedyGrain : IGrainWithStringKey
{
    Task Call();
}

internal sealed class NeedyGrain(INotRegistered service) : Grain, INeedyGrain
{
    public Task Call() => Task.FromResult(service);
}

internal interface ISynchronousGrain : IGrainWithStringKey
{
    int Call();
}

internal sealed class SynchronousGrain : Grain, ISynchronousGrain
{
    public int Call() => 1;
}

internal interface IGenericMethodGrain : IGrainWithStringKey
{
    Task Call<T>();
}

internal sealed class GenericMethodGrain : Grain, IGenericMethodGrain
{
    public Task Call<T>() => Task.CompletedTask;
}
