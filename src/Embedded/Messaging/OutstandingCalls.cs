namespace Orleans.Embedded;

/// <summary>
/// The calls that wait for an answer, so that those out of time can be failed. One timer looks at all of them: a timer per call would cost more than the call.
/// It rests while no call waits.
/// </summary>
internal sealed class OutstandingCalls : IDisposable
{
    private static readonly TimeSpan s_longestSweep = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_shortestSweep = TimeSpan.FromMilliseconds(10);
    private const int SweepsPerTimeout = 10;

    private readonly Stripe[] _stripes;
    private readonly TimeProvider _time;
    private readonly TimeSpan _timeout;
    private readonly TimeSpan _sweep;
    private readonly ITimer _timer;
    private int _armed;

    public OutstandingCalls(TimeProvider time, TimeSpan timeout)
    {
        _time = time;
        _timeout = timeout;
        _stripes = new Stripe[Math.Max(4, Environment.ProcessorCount * 2)];
        for (var i = 0; i < _stripes.Length; i++)
            _stripes[i] = new Stripe();
        var sweep = timeout / SweepsPerTimeout;
        _sweep = sweep > s_longestSweep ? s_longestSweep : sweep < s_shortestSweep ? s_shortestSweep : sweep;
        using (ContextFlow.Suppress())
            _timer = time.CreateTimer(static state => ((OutstandingCalls)state!).Sweep(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>A call's place in the table.</summary>
    internal struct Node
    {
        public Stripe? Stripe;
        public Call? Previous;
        public Call? Next;
        public long Deadline;
    }

    /// <summary>One linked list with its lock. Threads spread over several, so that they seldom meet.</summary>
    internal sealed class Stripe
    {
        public readonly Lock Lock = new();
        public Call? First;
    }

    public void Add(Call call)
    {
        var stripe = _stripes[(uint)Environment.CurrentManagedThreadId % (uint)_stripes.Length];
        ref var node = ref call.Outstanding;
        node.Deadline = _time.GetTimestamp() + Ticks(call.Method.ResponseTimeout ?? _timeout);
        lock (stripe.Lock)
        {
            node.Stripe = stripe;
            node.Next = stripe.First;
            if (stripe.First is { } first)
                first.Outstanding.Previous = call;
            stripe.First = call;
        }

        Arm();
    }

    public static void Remove(Call call)
    {
        ref var node = ref call.Outstanding;
        if (node.Stripe is not { } stripe)
            return;
        lock (stripe.Lock)
        {
            if (node.Stripe is null)
                return;
            if (node.Previous is { } previous)
                previous.Outstanding.Next = node.Next;
            else
                stripe.First = node.Next;
            if (node.Next is { } next)
                next.Outstanding.Previous = node.Previous;
            node = default;
        }
    }

    /// <summary>Fails all calls, because the silo stops.</summary>
    public void FailAll(Func<Call, Exception> error) => Fail(static (_, _) => true, 0, error);

    public void Dispose() => _timer.Dispose();

    private void Arm()
    {
        if (Volatile.Read(ref _armed) == 0 && Interlocked.Exchange(ref _armed, 1) == 0)
            _timer.Change(_sweep, Timeout.InfiniteTimeSpan);
    }

    private void Sweep()
    {
        var now = _time.GetTimestamp();
        Fail(static (call, now) => call.Outstanding.Deadline <= now, now, call => new TimeoutException(
            $"No answer within {call.Method.ResponseTimeout ?? _timeout} to the call of {call}. The call may still run or have run."));
        // A call that is added from here on arms the timer itself.
        Interlocked.Exchange(ref _armed, 0);
        if (Array.Exists(_stripes, stripe => Volatile.Read(ref stripe.First) is not null))
            Arm();
    }

    private void Fail(Func<Call, long, bool> which, long argument, Func<Call, Exception> error)
    {
        List<Call>? failed = null;
        foreach (var stripe in _stripes)
        {
            lock (stripe.Lock)
            {
                for (var call = stripe.First; call is not null; call = call.Outstanding.Next)
                {
                    if (which(call, argument))
                        (failed ??= []).Add(call);
                }
            }
        }

        foreach (var call in failed ?? [])
            call.Fail(error(call));
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * _time.TimestampFrequency);
}
