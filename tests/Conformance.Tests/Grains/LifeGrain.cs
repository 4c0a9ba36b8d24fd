namespace OrleansCluster.Conformance.Tests;

/// <summary>Notes in the journal of its key when it begins and ends.</summary>
public interface ILifeGrain : IGrainWithStringKey
{
    Task<Guid> Activation();

    Task<string[]> NotesSoFar();

    Task EndSoon();

    /// <summary>Asks for its end, then waits for the test.</summary>
    Task EndAndPass(string name);

    Task Delay(TimeSpan time);

    Task Throw();
}

public sealed class LifeGrain : Grain, ILifeGrain
{
    private readonly Guid _activation = Guid.NewGuid();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        Signals.Note(this.GetPrimaryKeyString(), "begin");
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await Task.Yield();
        Signals.Note(this.GetPrimaryKeyString(), "end " + reason.ReasonCode);
        Signals.Raise($"{this.GetPrimaryKeyString()} ended");
    }

    public Task<Guid> Activation() => Task.FromResult(_activation);

    public Task<string[]> NotesSoFar() => Task.FromResult(Signals.Notes(this.GetPrimaryKeyString()));

    public Task EndSoon()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public async Task EndAndPass(string name)
    {
        DeactivateOnIdle();
        Signals.Raise(name + " entered");
        await Signals.Of(name + " open");
        Signals.Note(this.GetPrimaryKeyString(), "passed");
    }

    public Task Delay(TimeSpan time)
    {
        DelayDeactivation(time);
        return Task.CompletedTask;
    }

    public Task Throw() => throw new InvalidOperationException("On purpose.");
}

/// <summary>Fails to begin until the test allows it.</summary>
public interface IStillbornGrain : IGrainWithStringKey
{
    Task Call();
}

public sealed class StillbornGrain : Grain, IStillbornGrain
{
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Signals.Note(this.GetPrimaryKeyString(), "begin");
        return Signals.IsRaised($"{this.GetPrimaryKeyString()} may live") ? Task.CompletedTask : throw new PoorResultException("Not yet.", 11);
    }

    public Task Call() => Task.CompletedTask;
}

/// <summary>Takes as long to begin as the test wants.</summary>
public interface ISlowBeginningGrain : IGrainWithStringKey
{
    Task<int> Call();
}

public sealed class SlowBeginningGrain : Grain, ISlowBeginningGrain
{
    private int _calls;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Signals.Raise($"{this.GetPrimaryKeyString()} begins");
        await Signals.Of($"{this.GetPrimaryKeyString()} open");
    }

    public Task<int> Call() => Task.FromResult(++_calls);
}
