namespace OrleansCluster.Grains.Tests.Assumptions;

/// <summary>Takes tokens.</summary>
public interface ITokenGrain : IGrainWithStringKey
{
    /// <summary>Raises "name entered", waits for its token, raises "name cancelled".</summary>
    Task WaitForToken(string name, CancellationToken token);

    Task<int> Add(int a, int b, CancellationToken token);

    /// <summary>Gives the token to another grain.</summary>
    Task PassOn(string other, string name, CancellationToken token);

    Task<bool> CanBeCancelled(CancellationToken token = default);

    Task Hold(string name);
}

public sealed class TokenGrain : Grain, ITokenGrain
{
    public async Task WaitForToken(string name, CancellationToken token)
    {
        Signals.Raise(name + " entered");
        var cancelled = new TaskCompletionSource();
        var scheduler = TaskScheduler.Current;
        using var registration = token.Register(() =>
        {
            Signals.Note(name, TaskScheduler.Current == scheduler ? "in a turn" : "elsewhere");
            cancelled.SetResult();
        });
        await cancelled.Task;
        Signals.Raise(name + " cancelled");
        token.ThrowIfCancellationRequested();
    }

    public Task<int> Add(int a, int b, CancellationToken token) => Task.FromResult(a + b);

    public Task PassOn(string other, string name, CancellationToken token) =>
        GrainFactory.GetGrain<ITokenGrain>(other).WaitForToken(name, token);

    public Task<bool> CanBeCancelled(CancellationToken token = default) => Task.FromResult(token.IsCancellationRequested);

    public async Task Hold(string name)
    {
        Signals.Raise(name + " held");
        await Signals.Of(name + " release");
    }
}
