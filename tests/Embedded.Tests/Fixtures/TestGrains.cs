using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace OrleansCluster.Embedded.Tests;

internal interface ITestGrain : IGrainWithStringKey
{
    Task<int> Touch();

    Task Delay(TimeSpan time);

    Task Tick(TimeSpan period, bool keepAlive);

    Task Hang(string name);

    [AlwaysInterleave]
    Task<int> Peek();
}

internal interface IKeptGrain : ITestGrain;

internal interface ILongLivedGrain : ITestGrain;

/// <summary>Notes its beginning, its end and its ticks by its key.</summary>
internal abstract class TestGrainBase(Journal journal) : Grain
{
    private int _touches;
    private int _ticks;

    private string Key => this.GetPrimaryKeyString();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        journal.Note($"{Key} begins");
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        journal.Note($"{Key} ends {reason.ReasonCode}");
        if (Key.StartsWith("stubborn", StringComparison.Ordinal))
            await journal.Of("never");
    }

    public Task<int> Touch() => Task.FromResult(++_touches);

    public Task<int> Peek() => Task.FromResult(_touches);

    public Task Delay(TimeSpan time)
    {
        DelayDeactivation(time);
        return Task.CompletedTask;
    }

    public Task Tick(TimeSpan period, bool keepAlive)
    {
        this.RegisterGrainTimer(
            () =>
            {
                journal.Note($"{Key} ticks {++_ticks}");
                return Task.CompletedTask;
            },
            new GrainTimerCreationOptions { DueTime = period, Period = period, KeepAlive = keepAlive });
        return Task.CompletedTask;
    }

    public async Task Hang(string name)
    {
        journal.Note($"{name} hangs");
        await journal.Of($"{name} open");
        journal.Note($"{name} goes on");
    }
}

internal sealed class TestGrain(Journal journal) : TestGrainBase(journal), ITestGrain;

[KeepAlive]
internal sealed class KeptGrain(Journal journal) : TestGrainBase(journal), IKeptGrain;

[CollectionAgeLimit(Hours = 2)]
internal sealed class LongLivedGrain(Journal journal) : TestGrainBase(journal), ILongLivedGrain;
