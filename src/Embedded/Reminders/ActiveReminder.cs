using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>A reminder of a running silo: waits for the next tick, calls the grain, waits again. Ticks do not overlap.</summary>
internal sealed class ActiveReminder(Silo silo, StoredReminder stored, Action<Exception, string, GrainId> onFailure) : IGrainReminder, IDisposable
{
    // Timers cannot wait longer than about 49 days; a longer wait is made in stages.
    private static readonly TimeSpan s_longestWait = TimeSpan.FromDays(7);

    private ITimer? _timer;
    private DateTime _nextTick;
    private volatile bool _disposed;

    public string ReminderName => stored.Name;

    public StoredReminder Stored => stored;

    public void Start()
    {
        _nextTick = NextTick(silo.Time.GetUtcNow().UtcDateTime);
        using (ContextFlow.Suppress())
            _timer = silo.Time.CreateTimer(static self => _ = ((ActiveReminder)self!).OnDueAsync(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Wait();
    }

    public void Dispose()
    {
        _disposed = true;
        _timer?.Dispose();
    }

    /// <summary>The first tick that is not in the past: ticks lie at the first one plus whole periods.</summary>
    private DateTime NextTick(DateTime now)
    {
        if (now <= stored.FirstTick)
            return stored.FirstTick;
        var since = (now - stored.FirstTick).Ticks;
        var periods = (since / stored.Period.Ticks) + 1;
        return stored.FirstTick + (stored.Period * periods);
    }

    private async Task OnDueAsync()
    {
        var now = silo.Time.GetUtcNow().UtcDateTime;
        if (now < _nextTick)
        {
            Wait();
            return;
        }

        if (_disposed)
            return;
        try
        {
            await silo.GrainFactory.GetGrain<IRemindable>(stored.GrainId)
                .ReceiveReminder(stored.Name, new TickStatus(stored.FirstTick, stored.Period, now));
        }
        catch (Exception error)
        {
            onFailure(error, stored.Name, stored.GrainId);
        }

        _nextTick = NextTick(silo.Time.GetUtcNow().UtcDateTime);
        Wait();
    }

    private void Wait()
    {
        var wait = _nextTick - silo.Time.GetUtcNow().UtcDateTime;
        wait = wait < TimeSpan.Zero ? TimeSpan.Zero : wait > s_longestWait ? s_longestWait : wait;
        if (!_disposed)
            _timer!.Change(wait, Timeout.InfiniteTimeSpan);
    }
}
