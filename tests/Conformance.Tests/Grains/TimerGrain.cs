using Orleans.Concurrency;

namespace OrleansCluster.Conformance.Tests;

/// <summary>Ticks. Each tick raises "name tick n" and waits, where the test wants it, for "name open n".</summary>
public interface ITimerGrain : IGrainWithStringKey
{
    Task Start(string name, TimeSpan due, TimeSpan period, bool interleave, bool gated);

    Task StartFailing(string name);

    Task Change(TimeSpan due, TimeSpan period);

    Task Stop();

    /// <summary>Waits in a call for the n-th tick.</summary>
    Task WaitForTick(string name, int tick);

    /// <summary>Starts a timer that waits its turn and one that interleaves, due one after the other, and waits in the call for a tick of the second.</summary>
    Task HoldUntilInterleavingTick(string name);

    [AlwaysInterleave]
    Task Probe();

    Task<Guid> Activation();

    Task<bool> TicksOnItsScheduler();
}

public sealed class TimerGrain : Grain, ITimerGrain
{
    private readonly Guid _activation = Guid.NewGuid();
    private IGrainTimer? _timer;
    private int _ticks;
    private TaskScheduler? _tickedOn;

    public Task Start(string name, TimeSpan due, TimeSpan period, bool interleave, bool gated)
    {
        _timer = this.RegisterGrainTimer(
            async (state, token) =>
            {
                var tick = ++_ticks;
                _tickedOn = TaskScheduler.Current;
                Signals.Note(this.GetPrimaryKeyString(), $"tick {tick}");
                Signals.Raise($"{state} tick {tick}");
                if (gated)
                    await Signals.Of($"{state} open {tick}");
            },
            name,
            new GrainTimerCreationOptions { DueTime = due, Period = period, Interleave = interleave });
        return Task.CompletedTask;
    }

    public Task StartFailing(string name)
    {
        _timer = this.RegisterGrainTimer(
            () =>
            {
                Signals.Raise($"{name} tick {++_ticks}");
                throw new InvalidOperationException("A tick fails.");
            },
            TimeSpan.Zero,
            TimeSpan.FromMilliseconds(5));
        return Task.CompletedTask;
    }

    public Task Change(TimeSpan due, TimeSpan period)
    {
        _timer!.Change(due, period);
        return Task.CompletedTask;
    }

    public Task Stop()
    {
        _timer!.Dispose();
        return Task.CompletedTask;
    }

    public Task WaitForTick(string name, int tick) => Signals.Of($"{name} tick {tick}");

    public async Task HoldUntilInterleavingTick(string name)
    {
        await Start(name, TimeSpan.Zero, Timeout.InfiniteTimeSpan, interleave: false, gated: false);
        this.RegisterGrainTimer(
            () =>
            {
                Signals.Raise(name + " interleaved");
                return Task.CompletedTask;
            },
            new GrainTimerCreationOptions { DueTime = TimeSpan.FromMilliseconds(20), Period = Timeout.InfiniteTimeSpan, Interleave = true });
        await Signals.Of(name + " interleaved");
        Signals.Note(this.GetPrimaryKeyString(), "released");
    }

    public Task Probe() => Task.CompletedTask;

    public Task<Guid> Activation() => Task.FromResult(_activation);

    public Task<bool> TicksOnItsScheduler() => Task.FromResult(_tickedOn == TaskScheduler.Current);
}
