using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>
/// One activation of a grain: its object, its scheduler, the calls that wait and those that run.
/// It is passive until the first call, then activates, and from <see cref="Deactivate"/> on takes calls only to hand them on when it has ended.
/// </summary>
internal sealed class Activation : IActivation, ICallTarget
{
    private static readonly Action<object?> s_activate = static state => _ = ((Activation)state!)._lifecycle.ActivateAsync();
    private static readonly Action<object?> s_startNext = static state => ((Activation)state!).StartNext();
    private static readonly Action<object?> s_finish = static state => _ = ((Activation)state!)._lifecycle.DeactivateAsync();

    private readonly Lock _lock = new();
    private readonly ActivationLifecycle _lifecycle;
    private readonly StatelessWorkers? _workers;
    private CallLine _waiting;
    private CallGate _gate;
    private Phase _phase;
    private Idleness _idleness;
    private TaskCompletionSource? _deactivated;

    public Activation(Silo silo, GrainClass grainClass, GrainId grainId, StatelessWorkers? workers = null)
    {
        Silo = silo;
        Class = grainClass;
        GrainId = grainId;
        Turns = new TurnQueue(this, silo.TurnScheduler);
        _workers = workers;
        _lifecycle = new ActivationLifecycle(this);
        _idleness.Touch(silo.Time);
    }

    private enum Phase : byte
    {
        Created,
        Activating,
        Valid,
        Deactivating,
        Ended,
    }

    public Silo Silo { get; }

    public GrainClass Class { get; }

    public GrainId GrainId { get; }

    public TurnQueue Turns { get; }

    public object? GrainInstance => _lifecycle.Instance;

    public IServiceProvider ActivationServices => _lifecycle.Services;

    public GrainReference GrainReference => new Reference(Silo, Class, GrainId);

    public Task Deactivated
    {
        get
        {
            lock (_lock)
            {
                if (_phase == Phase.Ended)
                    return Task.CompletedTask;
                return (_deactivated ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }
        }
    }

    /// <summary>Whether nothing runs or waits.</summary>
    public bool IsInactive
    {
        get
        {
            lock (_lock)
                return _gate.Running == 0 && _waiting.Count == 0 && _phase is Phase.Valid;
        }
    }

    public bool IsEnding
    {
        get
        {
            lock (_lock)
                return _phase is Phase.Deactivating or Phase.Ended;
        }
    }

    public int WaitingCount
    {
        get
        {
            lock (_lock)
                return _waiting.Count;
        }
    }

    /// <summary>Whatever must be known before the first call: persistent records and timers.</summary>
    public ActivationLifecycle Lifecycle => _lifecycle;

    public bool TryReceive(Call call)
    {
        var activate = false;
        lock (_lock)
        {
            if (_phase == Phase.Ended)
                return false;
            if (call.IsLocalOnly && _phase == Phase.Deactivating)
                return true;
            if (_phase == Phase.Created)
            {
                activate = true;
                _phase = Phase.Activating;
                _lifecycle.FirstContext = call.Context;
            }

            _waiting.Add(call);
            if (!activate && (_phase != Phase.Valid || !_gate.MayStart(call, Class.IsReentrant)))
                return true;
        }

        Turns.Post(activate ? s_activate : s_startNext, this);
        return true;
    }

    public void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            if (_phase is Phase.Deactivating or Phase.Ended)
                return;
            _lifecycle.Reason = deactivationReason;
            _lifecycle.StopToken = cancellationToken;
            _lifecycle.WasValid = _phase == Phase.Valid;
            // An activation that is still being activated finishes that first, and then finds this.
            var finish = _phase is Phase.Created || (_phase is Phase.Valid && _gate.Running == 0);
            _phase = Phase.Deactivating;
            if (!finish)
                return;
        }

        Turns.Post(s_finish, this);
    }

    public void DelayDeactivation(TimeSpan timeSpan)
    {
        lock (_lock)
            _idleness.Delay(timeSpan, Silo.Time);
    }

    /// <summary>Ends the activation if it has been idle for the given time, or for its own limit.</summary>
    /// <param name="age">The time; null for the limit of the class or the silo.</param>
    /// <returns>Whether it ends.</returns>
    public bool Collect(TimeSpan? age)
    {
        var limit = age ?? Class.CollectionAge ?? Silo.CollectionAge;
        if (limit == Timeout.InfiniteTimeSpan)
            return false;
        lock (_lock)
        {
            if (_phase != Phase.Valid || _gate.Running > 0 || _waiting.Count > 0 || !_idleness.Exceeds(limit, Silo.Time))
                return false;
        }

        Deactivate(new DeactivationReason(DeactivationReasonCode.ActivationIdle, $"Idle for {limit} or longer."));
        return true;
    }

    public IGrainTimer RegisterTimer<TState>(Func<TState, CancellationToken, Task> callback, TState state, GrainTimerCreationOptions options)
    {
        if (!ReferenceEquals(RuntimeContext.Current, this))
            throw new InvalidOperationException($"A timer of {GrainId} can only be registered in a turn of that grain.");
        var timer = new GrainTimer<TState>(this, callback, state, options);
        _lifecycle.Add(timer);
        timer.Change(options.DueTime, options.Period);
        return timer;
    }

    public void EnterReentrantSection(Guid reentrancyId)
    {
        lock (_lock)
            _gate.EnterReentrantSection(reentrancyId);
    }

    public void ExitReentrantSection(Guid reentrancyId)
    {
        lock (_lock)
            _gate.ExitReentrantSection(reentrancyId);
    }

    /// <summary>The grain is ready for calls, unless its end was asked for meanwhile.</summary>
    /// <returns>Whether it is.</returns>
    public bool TryOpen()
    {
        lock (_lock)
        {
            if (_phase != Phase.Activating)
                return false;
            _phase = Phase.Valid;
            _idleness.Touch(Silo.Time);
            if (_waiting.Count == 0)
                return true;
        }

        Turns.Post(s_startNext, this);
        return true;
    }

    /// <summary>The activation is over: from now on it takes no calls.</summary>
    /// <returns>The calls that it did not run.</returns>
    public List<Call> Close()
    {
        List<Call> left;
        TaskCompletionSource? deactivated;
        lock (_lock)
        {
            _phase = Phase.Ended;
            left = _waiting.Clear();
            deactivated = _deactivated;
        }

        if (_workers is null)
            Silo.Catalog.Unregister(GrainId, this);
        else
            _workers.Remove(this);
        deactivated?.SetResult();
        return left;
    }

    public override string ToString() => GrainId.ToString();

    private void StartNext()
    {
        Call? call;
        bool more;
        lock (_lock)
        {
            if (_phase != Phase.Valid)
                return;
            call = _waiting.Take(static (waiting, self) => self._gate.MayStart(waiting, self.Class.IsReentrant), this);
            if (call is null)
                return;
            _gate.Start(call);
            more = _waiting.Any(static (waiting, self) => self._gate.MayStart(waiting, self.Class.IsReentrant), this);
        }

        if (more)
            Turns.Post(s_startNext, this);
        _ = CallRunner.RunAsync(call, this);
    }

    /// <summary>A call has run, or was not wanted any more.</summary>
    public void End(Call call)
    {
        Action<object?>? next = null;
        lock (_lock)
        {
            _gate.End(call);
            if (call.IsKeepAlive)
                _idleness.Touch(Silo.Time);
            if (_phase == Phase.Valid && _waiting.Count > 0)
                next = s_startNext;
            else if (_phase == Phase.Deactivating && _gate.Running == 0)
                next = s_finish;
        }

        if (next is not null)
            Turns.Post(next, this);
    }
}
