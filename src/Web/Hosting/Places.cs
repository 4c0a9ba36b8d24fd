namespace OrleansCluster.Web.Hosting;

/// <summary>
/// How much is done at a time, so that memory and threads are bounded whoever asks. Small questions, which take next to nothing while they wait, may be more
/// than there are places, as long as they are answered before their senders give up.
/// </summary>
internal sealed class Places(WebOptions options, TimeProvider time) : IDisposable
{
    /// <summary>How long who names no time waits gladly.</summary>
    public static readonly TimeSpan UsualPatience = TimeSpan.FromSeconds(1);

    /// <summary>Over how long it is counted what is answered, and after how long that says nothing any more.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(50), Outdated = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private int _requests;
    private long _answered;

    /// <summary>What had been answered when the window began.</summary>
    private long _before;
    private long _begun;
    private double _perSecond;

    /// <summary>Tables that are read as they come.</summary>
    public SemaphoreSlim Tables { get; } = new(options.MostTables);

    /// <summary>Takes a place for a request.</summary>
    /// <param name="small">How long its sender waits, of one that takes little; null: it may take much.</param>
    /// <returns>False: there is none.</returns>
    public bool TryEnter(TimeSpan? small = null)
    {
        int requests = Interlocked.Increment(ref _requests);
        if (requests <= options.MostRequests || (small is { } patience && requests <= options.MostSmallRequests && IsInTime(requests, patience)))
            return true;
        Interlocked.Decrement(ref _requests);
        return false;
    }

    /// <summary>Gives the place back.</summary>
    public void Leave()
    {
        Interlocked.Increment(ref _answered);
        Interlocked.Decrement(ref _requests);
    }

    public void Dispose() => Tables.Dispose();

    /// <summary>Whether so many are answered in time, at the rate of the last moments. Where nothing is known of them yet, it is tried.</summary>
    private bool IsInTime(int requests, TimeSpan patience)
    {
        // One counts, and the others go by what was counted before.
        if (time.GetElapsedTime(Volatile.Read(ref _begun)) >= Window && _lock.TryEnter())
        {
            try
            {
                Count();
            }
            finally
            {
                _lock.Exit();
            }
        }

        return requests <= Volatile.Read(ref _perSecond) * patience.TotalSeconds;
    }

    private void Count()
    {
        TimeSpan since = time.GetElapsedTime(_begun);
        if (since < Window)
            return;
        long answered = Interlocked.Read(ref _answered);
        Volatile.Write(ref _perSecond, since > Outdated ? double.PositiveInfinity : (answered - _before) / since.TotalSeconds);
        _before = answered;
        Volatile.Write(ref _begun, time.GetTimestamp());
    }
}
