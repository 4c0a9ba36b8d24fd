using Orleans.Concurrency;

namespace OrleansCluster.Conformance.Tests;

[GenerateSerializer]
[Immutable]
public readonly record struct TurnCount([property: Id(0)] int Overlaps, [property: Id(1)] int Turns);

/// <summary>Counts its turns, and those that found another one running.</summary>
public interface ITurnGrain : IGrainWithStringKey
{
    Task TakeTurns(int yields);

    Task<TurnCount> Result();

    Task<bool> ResumesOnItsScheduler();
}

[Reentrant]
public sealed class TurnGrain : Grain, ITurnGrain
{
    private int _running;
    private int _overlaps;
    private int _turns;

    public async Task TakeTurns(int yields)
    {
        Turn();
        for (var i = 0; i < yields; i++)
        {
            await Task.Yield();
            Turn();
        }
    }

    public Task<TurnCount> Result() => Task.FromResult(new TurnCount(_overlaps, _turns));

    public async Task<bool> ResumesOnItsScheduler()
    {
        var scheduler = TaskScheduler.Current;
        await Task.Yield();
        var afterYield = TaskScheduler.Current;
        await Task.Run(() => { });
        var afterPool = TaskScheduler.Current;
        await Task.WhenAll(Task.Delay(1), Task.Delay(2));
        var afterTimer = TaskScheduler.Current;
        return scheduler != TaskScheduler.Default && scheduler == afterYield && scheduler == afterPool && scheduler == afterTimer;
    }

    private void Turn()
    {
        if (Interlocked.Increment(ref _running) > 1)
            Interlocked.Increment(ref _overlaps);
        Thread.SpinWait(50);
        _turns++;
        Interlocked.Decrement(ref _running);
    }
}
