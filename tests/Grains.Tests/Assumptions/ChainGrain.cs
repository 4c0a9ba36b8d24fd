namespace OrleansCluster.Grains.Tests.Assumptions;

/// <summary>Grains that call one another in circles.</summary>
public interface IChainGrain : IGrainWithStringKey
{
    /// <summary>Calls another grain, which calls this one back.</summary>
    [ResponseTimeout("00:00:03")]
    Task<string> CallBack(string via);

    [ResponseTimeout("00:00:02")]
    Task<string> Relay(string back);

    [ResponseTimeout("00:00:10")]
    Task<string> Answer();
}

public sealed class ChainGrain : Grain, IChainGrain
{
    public Task<string> CallBack(string via) => GrainFactory.GetGrain<IChainGrain>(via).Relay(this.GetPrimaryKeyString());

    public Task<string> Relay(string back) => GrainFactory.GetGrain<IChainGrain>(back).Answer();

    public Task<string> Answer() => Task.FromResult(this.GetPrimaryKeyString());
}

public sealed class CycleTests(BareSilo silo) : AssumptionTests(silo)
{
    [Fact]
    public Task A_cycle_of_calls_times_out_instead_of_hanging() =>
        Should.ThrowAsync<TimeoutException>(Soon(Grains.GetGrain<IChainGrain>(Key + "a").CallBack(Key + "b")));

    [Fact]
    public Task A_call_of_a_grain_to_itself_times_out() =>
        Should.ThrowAsync<TimeoutException>(Soon(Grains.GetGrain<IChainGrain>(Key).CallBack(Key)));
}
