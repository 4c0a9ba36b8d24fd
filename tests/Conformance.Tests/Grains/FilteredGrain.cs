namespace OrleansCluster.Conformance.Tests;

/// <summary>Calls that filters look at.</summary>
public interface IFilteredGrain : IGrainWithStringKey
{
    Task<int> Add(int a, int b);

    Task Refused();

    Task Fail();

    Task<string> CallOther(string other);

    Task<string> Name();
}

public sealed class FilteredGrain : Grain, IFilteredGrain
{
    public Task<int> Add(int a, int b) => Task.FromResult(a + b);

    public Task Refused() => Task.CompletedTask;

    public Task Fail() => throw new InvalidOperationException("From the grain.");

    public Task<string> CallOther(string other) => GrainFactory.GetGrain<IFilteredGrain>(other).Name();

    public Task<string> Name() => Task.FromResult(this.GetPrimaryKeyString());
}

/// <summary>A grain that filters its own calls.</summary>
public interface ISelfFilteringGrain : IGrainWithStringKey
{
    Task<int> Twice(int value);
}

public sealed class SelfFilteringGrain : Grain, ISelfFilteringGrain, IIncomingGrainCallFilter
{
    public Task<int> Twice(int value) => Task.FromResult(2 * value);

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        await context.Invoke();
        context.Result = (int)context.Result! + 1;
    }
}
