using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>What a tick calls, as filters see it.</summary>
internal interface IGrainTimerInvoker
{
    Task InvokeCallbackAsync();
}

/// <summary>A timer of an activation. A tick is a call of the activation to itself; the next one is timed from its end, so ticks never pile up.</summary>
internal sealed class GrainTimer<TState> : VoidCall, IGrainTimer
{
    private static readonly CallMethod s_method = new(typeof(IGrainTimerInvoker), typeof(IGrainTimerInvoker).GetMethod(nameof(IGrainTimerInvoker.InvokeCallbackAsync))!);

    private readonly Activation _activation;
    private readonly Func<TState, CancellationToken, Task> _callback;
    private readonly TState _state;
    private readonly GrainTimerCreationOptions _options;
    private readonly CancellationTokenSource _ended = new();
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private TimeSpan _due;
    private TimeSpan _period;
    private bool _ticking;
    private bool _changed;
    private bool _disposed;

    public GrainTimer(Activation activation, Func<TState, CancellationToken, Task> callback, TState state, GrainTimerCreationOptions options)
    {
        _activation = activation;
        _callback = callback;
        _state = state;
        _options = options;
        TargetId = activation.GrainId;
        SourceId = activation.GrainId;
        TargetClass = activation.Class;
        using (ContextFlow.Suppress())
            _timer = activation.Silo.Time.CreateTimer(static self => ((GrainTimer<TState>)self!).OnDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    internal override CallMethod Method => s_method;

    internal override bool IsAlwaysInterleave => _options.Interleave;

    internal override bool IsKeepAlive => _options.KeepAlive;

    internal override bool IsLocalOnly => true;

    public void Change(TimeSpan dueTime, TimeSpan period)
    {
        Check(dueTime);
        Check(period);
        lock (_lock)
        {
            _due = dueTime;
            _period = period;
            // A change during a tick counts from the tick's end.
            _changed = _ticking;
            if (_ticking || _disposed)
                return;
        }

        _timer.Change(dueTime, Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed)
                return;
            _disposed = true;
        }

        _timer.Dispose();
        _activation.Lifecycle.Remove(this);
        _ended.Cancel();
    }

    protected override async ValueTask Invoke(object grain)
    {
        if (_disposed)
            return;
        try
        {
            await _callback(_state, _ended.Token);
        }
        catch (Exception error)
        {
            _activation.Silo.LogTimerFailure(_activation, error);
            throw;
        }
        finally
        {
            ScheduleNext();
        }
    }

    private void ScheduleNext()
    {
        TimeSpan next;
        lock (_lock)
        {
            next = _changed ? _due : _period;
            _changed = false;
            _ticking = false;
            if (_disposed)
                return;
        }

        _timer.Change(next, Timeout.InfiniteTimeSpan);
    }

    private void OnDue()
    {
        lock (_lock)
        {
            if (_ticking || _disposed)
                return;
            _ticking = true;
        }

        _activation.TryReceive(this);
    }

    private static void Check(TimeSpan time)
    {
        const uint LongestMilliseconds = 0xfffffffe;
        var milliseconds = (long)time.TotalMilliseconds;
        ArgumentOutOfRangeException.ThrowIfLessThan(milliseconds, -1, nameof(time));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(milliseconds, LongestMilliseconds, nameof(time));
    }
}
