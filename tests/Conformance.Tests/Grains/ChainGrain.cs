using Orleans.Concurrency;

namespace OrleansCluster.Conformance.Tests;

/// <summary>Grains that call one another in circles.</summary>
public interface IChainGrain : IGrainWithStringKey
{
    /// <summary>Calls another grain, which calls this one back.</summary>
    [ResponseTimeout("00:00:03")]
    Task<string> CallBack(string via, bool allow);

    [ResponseTimeout("00:00:02")]
    Task<string> Relay(string back);

    [ResponseTimeout("00:00:10")]
    Task<string> Answer();

    /// <summary>Opens a section in which its own chain may come back, and waits in it.</summary>
    Task HoldOpen(string name);

    [AlwaysInterleave]
    Task Probe();
}

public sealed class ChainGrain : Grain, IChainGrain
{
    public async Task<string> CallBack(string via, bool allow)
    {
        var other = GrainFactory.GetGrain<IChainGrain>(via);
        if (!allow)
            return await other.Relay(this.GetPrimaryKeyString());
        using var section = RequestContext.AllowCallChainReentrancy();
        return await other.Relay(this.GetPrimaryKeyString());
    }

    public Task<string> Relay(string back) => GrainFactory.GetGrain<IChainGrain>(back).Answer();

    public Task<string> Answer() => Task.FromResult(this.GetPrimaryKeyString());

    public async Task HoldOpen(string name)
    {
        using var section = RequestContext.AllowCallChainReentrancy();
        Signals.Raise(name + " entered");
        await Signals.Of(name + " open");
    }

    public Task Probe() => Task.CompletedTask;
}
