using Orleans.Concurrency;

namespace OrleansCluster.Grains.Tests.Assumptions;

/// <summary>Calls that stop at a gate until the test opens it. The journal of the key tells what began and ended.</summary>
public interface IGateGrain : IGrainWithStringKey
{
    /// <summary>Notes "+name", raises "name entered", waits for "name open", notes "-name".</summary>
    Task Pass(string name);

    /// <summary>As <see cref="Pass"/>, but the caller gives up after a second.</summary>
    [ResponseTimeout("00:00:01")]
    Task PassInASecond(string name);

    [AlwaysInterleave]
    Task Probe();

    Task<Guid> Activation();
}

public sealed class GateGrain : Grain, IGateGrain
{
    private readonly Guid _activation = Guid.NewGuid();

    public async Task Pass(string name)
    {
        string journal = this.GetPrimaryKeyString();
        Signals.Note(journal, "+" + name);
        Signals.Raise(name + " entered");
        await Signals.Of(name + " open");
        Signals.Note(journal, "-" + name);
        Signals.Raise(name + " left");
    }

    public Task PassInASecond(string name) => Pass(name);

    public Task Probe() => Task.CompletedTask;

    public Task<Guid> Activation() => Task.FromResult(_activation);
}
