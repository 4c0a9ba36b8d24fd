using Orleans.Concurrency;

namespace OrleansCluster.Conformance.Tests;

/// <summary>Calls that stop at a gate until the test opens it. The journal of the key tells what began and ended.</summary>
public interface IGateGrain : IGrainWithStringKey
{
    /// <summary>Notes "+name", raises "name entered", waits for "name open", notes "-name".</summary>
    Task Pass(string name);

    [ReadOnly]
    Task PassReading(string name);

    [AlwaysInterleave]
    Task PassAnyway(string name);

    /// <summary>As <see cref="Pass"/>, but the caller gives up after a second.</summary>
    [ResponseTimeout("00:00:01")]
    Task PassInASecond(string name);

    [AlwaysInterleave]
    Task Probe();

    [OneWay]
    Task PassUnseen(string name);

    Task<Guid> Activation();
}

/// <summary>The same, of a class whose calls interleave.</summary>
public interface IReentrantGateGrain : IGateGrain;

/// <summary>The same, of a class of at most two workers.</summary>
public interface IWorkerGateGrain : IGateGrain;

public abstract class GateGrainBase : Grain
{
    private readonly Guid _activation = Guid.NewGuid();

    public async Task Pass(string name)
    {
        var journal = this.GetPrimaryKeyString();
        Signals.Note(journal, "+" + name);
        Signals.Raise(name + " entered");
        await Signals.Of(name + " open");
        Signals.Note(journal, "-" + name);
        Signals.Raise(name + " left");
    }

    public Task PassReading(string name) => Pass(name);

    public Task PassAnyway(string name) => Pass(name);

    public Task PassInASecond(string name) => Pass(name);

    public Task PassUnseen(string name) => Pass(name);

    public Task Probe() => Task.CompletedTask;

    public Task<Guid> Activation() => Task.FromResult(_activation);
}

public sealed class GateGrain : GateGrainBase, IGateGrain;

[Reentrant]
public sealed class ReentrantGateGrain : GateGrainBase, IReentrantGateGrain;

[StatelessWorker(2)]
public sealed class WorkerGateGrain : GateGrainBase, IWorkerGateGrain;
