using System.Collections.Immutable;
using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>
/// One call on its way from a caller to a grain and, with its outcome, back. A class per grain method derives from it, with the arguments as fields.
/// The caller's side (the promise) and the callee's side (the outcome) are apart, so that an answer may be late, lost or unwanted.
/// </summary>
#pragma warning disable CA1001 // The source has no timer and no link: there is nothing to dispose of, and the grain may keep its token.
public abstract class Call
#pragma warning restore CA1001
{
    private const int Pending = 0;
    private const int Answered = 1;

    private int _state = Pending;
    private CancellationTokenSource? _calleeCancellation;
    private CancellationTokenRegistration _callerCancellation;
    private Activation? _runsOn;

    private protected Call() { }

    /// <summary>The grain that is called.</summary>
    public GrainId TargetId { get; internal set; }

    /// <summary>The grain that calls; null when the caller is no grain.</summary>
    public GrainId? SourceId { get; internal set; }

    /// <summary>The class of the grain that is called.</summary>
    internal GrainClass? TargetClass { get; set; }

    /// <summary>What travels along.</summary>
    internal ImmutableDictionary<string, object>? Context { get; set; }

    /// <summary>The method that is called.</summary>
    internal abstract CallMethod Method { get; }

    /// <summary>Whether nobody waits for an answer.</summary>
    public bool IsOneWay => Method.OneWay;

    /// <summary>Whether the caller has an answer, be it the grain's, a timeout or a cancellation.</summary>
    internal bool IsAnswered => Volatile.Read(ref _state) == Answered;

    internal virtual bool IsAlwaysInterleave => Method.AlwaysInterleave;

    internal bool IsReadOnly => Method.ReadOnly;

    /// <summary>Whether running it counts as use of the grain.</summary>
    internal virtual bool IsKeepAlive => true;

    /// <summary>Whether it belongs to one activation and is dropped with it.</summary>
    internal virtual bool IsLocalOnly => false;

    /// <summary>How often it was handed on because an activation ended under it.</summary>
    internal int Forwards { get; set; }

    /// <summary>The next call in an activation's waiting line.</summary>
    internal Call? NextWaiting { get; set; }

    /// <summary>The place in the table of outstanding calls.</summary>
    internal OutstandingCalls.Node Outstanding;

    /// <summary>The error that the callee's side ended with.</summary>
    internal Exception? Error { get; set; }

    /// <summary>What the caller gave as token.</summary>
    internal CancellationToken CallerToken { get; set; }

    /// <summary>What the grain gets as token: cancelled in a turn of the grain, never on the caller's thread.</summary>
    internal CancellationToken CalleeToken => _calleeCancellation?.Token ?? CancellationToken.None;

    /// <summary>Runs the method on the grain and keeps its outcome.</summary>
    internal abstract Task InvokeAsync(object grain);

    /// <summary>The result, boxed; for filters.</summary>
    internal abstract object? BoxedResult { get; set; }

    /// <summary>The arguments, boxed; for filters.</summary>
    internal virtual ReadOnlySpan<System.Reflection.FieldInfo> ArgumentFields => [];

    /// <summary>Gives the caller the outcome that the callee's side kept, if the caller still waits.</summary>
    public void Answer()
    {
        if (TryAnswer())
            CompletePromise();
    }

    /// <summary>Gives the caller an error, if the caller still waits.</summary>
    /// <param name="error">The error.</param>
    public void Fail(Exception error)
    {
        if (TryAnswer())
            FailPromise(error);
    }

    /// <summary>Ties the call to the caller's token: the caller goes on at once, the grain hears of it in a turn of its own.</summary>
    internal void SubscribeToCancellation()
    {
        if (!CallerToken.CanBeCanceled)
            return;
        _calleeCancellation = new CancellationTokenSource();
        _callerCancellation = CallerToken.UnsafeRegister(static state => ((Call)state!).CancelByCaller(), this);
        if (IsAnswered)
            _callerCancellation.Unregister();
    }

    /// <summary>The call starts on an activation.</summary>
    internal void RunsOn(Activation activation)
    {
        if (_calleeCancellation is not null)
            Interlocked.Exchange(ref _runsOn, activation);
    }

    private void CancelByCaller()
    {
        Fail(new OperationCanceledException(CallerToken));
        // Either the start is seen here, or the answer is seen by the start, which then drops the call.
        Interlocked.CompareExchange(ref _runsOn, null, null)?.Turns.Post(static state => ((Call)state!)._calleeCancellation!.Cancel(), this);
    }

    private protected abstract void CompletePromise();

    private protected abstract void FailPromise(Exception error);

    private bool TryAnswer()
    {
        if (Interlocked.Exchange(ref _state, Answered) == Answered)
            return false;
        OutstandingCalls.Remove(this);
        _callerCancellation.Unregister();
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Method} to {TargetId}";
}

/// <summary>A call that returns a value.</summary>
internal abstract class Call<T> : Call
{
    private readonly TaskCompletionSource<T> _promise = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    public Task<T> Promise => _promise.Task;

    internal override object? BoxedResult { get => _result; set => _result = (T?)value; }

    protected abstract ValueTask<T> Invoke(object grain);

    internal override async Task InvokeAsync(object grain) => _result = await Invoke(grain);

    private protected override void CompletePromise()
    {
        if (Error is { } error)
            _promise.SetException(error);
        else
            _promise.SetResult(_result!);
    }

    private protected override void FailPromise(Exception error) => _promise.SetException(error);
}

/// <summary>A call that returns nothing.</summary>
internal abstract class VoidCall : Call
{
    private readonly TaskCompletionSource _promise = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Promise => _promise.Task;

    internal override object? BoxedResult { get => null; set { } }

    protected abstract ValueTask Invoke(object grain);

    internal override async Task InvokeAsync(object grain) => await Invoke(grain);

    private protected override void CompletePromise()
    {
        if (Error is { } error)
            _promise.SetException(error);
        else
            _promise.SetResult();
    }

    private protected override void FailPromise(Exception error) => _promise.SetException(error);
}
