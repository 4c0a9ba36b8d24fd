using OrleansCluster.Numerics.Parallelism;

namespace OrleansCluster.Compute;

/// <summary>
/// One thread per core. Serving goes before training, and of each whoever has had least for their weight (<see cref="ComputeShare"/>); of one share whole
/// computations are taken before slices of somebody else's loop. A thread that is inside a training loop serves between two slices, and there gives way to
/// shares that are behind, so that nobody waits for more than a slice (about a millisecond) of what is not theirs to wait for.
/// </summary>
public sealed partial class ComputePool : ICompute, IDisposable
{
    /// <summary>About 100 µs on a machine with nothing else to do; a waiting thread that has something to do gets the core at once.</summary>
    private const int AwakeSpins = 60;

    /// <summary>How deep a thread gives way within what it gave way to: computations once, and slices, which are short, a few times.</summary>
    private const int MostNested = 4;

    /// <summary>What the thread works for, and since when; null: it waits.</summary>
    [ThreadStatic]
    private static ComputeAccount? _working;

    [ThreadStatic]
    private static long _since;

    [ThreadStatic]
    private static int _nested;

    private readonly object _lock = new();
    private readonly Thread[] _threads;
    private readonly TimeProvider _time;
    private readonly Func<ComputeAccount?>? _whose;
    private readonly ComputeAccount _nobodys = new(new ComputeShare());

    /// <summary>Shares that have something to do, by priority.</summary>
    private readonly List<ComputeShare> _served = [], _trained = [];

    /// <summary>Serving computations that wait, and shares with training to do: looked at without the lock.</summary>
    private int _servingCount, _trainedCount;

    /// <summary>The latest clock of a share that something was taken of.</summary>
    private long _clock;

    /// <summary>Counts what came: whoever waits awake looks at it without the lock.</summary>
    private int _arrivals;
    private bool _stopped;

    /// <param name="threads">How many threads; 0: one per core.</param>
    /// <param name="time">The clock that work is measured by; null: the machine's.</param>
    /// <param name="whose">Whose what is computed on nobody's account is, asked where it is handed over; null: nobody's.</param>
    /// <param name="givesWay">Whether its threads give way to what else the process does, which is answering.</param>
    public ComputePool(int threads = 0, TimeProvider? time = null, Func<ComputeAccount?>? whose = null, bool givesWay = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        (_time, _whose, _givesWay) = (time ?? TimeProvider.System, whose, givesWay);
        Workers = threads == 0 ? Environment.ProcessorCount : threads;
        _threads = new Thread[Workers];
        for (int i = 0; i < _threads.Length; i++)
        {
            _threads[i] = new Thread(givesWay ? WorkBehindOthers : Work) { IsBackground = true, Name = $"compute {i}" };
            _threads[i].Start();
        }
    }

    public int Workers { get; }

    public Task<T> Run<T>(ComputePriority priority, ComputeAccount? account, Func<IParallel, T> work, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (cancellation.IsCancellationRequested)
            return Task.FromCanceled<T>(cancellation);
        account ??= _whose?.Invoke() ?? _nobodys;
        var item = new ComputeItem<T>(account, work, new PoolParallel(this, priority, account, cancellation), cancellation);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_stopped, this);
            Occupy(account.Share, priority);
            account.Share.Of(priority).Items.Enqueue(item);
            if (priority == ComputePriority.Serving)
                Volatile.Write(ref _servingCount, _servingCount + 1);
            _arrivals++;
            Monitor.Pulse(_lock);
        }

        if (priority == ComputePriority.Serving)
        {
            NoteQuestion();
            EndRests();
        }

        return item.Task;
    }

    public T RunHere<T>(ComputeAccount account, Func<IParallel, T> work)
    {
        ArgumentNullException.ThrowIfNull(account);
        ArgumentNullException.ThrowIfNull(work);
        NoteQuestion();
        long begun = _time.GetTimestamp();
        try
        {
            return work(Sequential.Instance);
        }
        finally
        {
            account.Charge(_time.GetTimestamp() - begun);
        }
    }

    /// <summary>Takes no more work, cancels what has not begun and waits for what has.</summary>
    public void Dispose()
    {
        Abandon();
        foreach (Thread thread in _threads)
        {
            if (thread != Thread.CurrentThread)
                thread.Join();
        }
    }

    /// <summary>As <see cref="Dispose"/>, without waiting for anybody.</summary>
    internal void Abandon()
    {
        var waiting = new List<ComputeItem>();
        lock (_lock)
        {
            _stopped = true;
            foreach (ComputePriority priority in (ComputePriority[])[ComputePriority.Serving, ComputePriority.Training])
            {
                foreach (ComputeShare share in Busy(priority).ToArray())
                {
                    waiting.AddRange(share.Of(priority).Items);
                    share.Of(priority).Items.Clear();
                    Leave(share, priority);
                }
            }

            Volatile.Write(ref _servingCount, 0);
            Monitor.PulseAll(_lock);
        }

        EndRests();
        foreach (ComputeItem item in waiting)
            item.Cancel();
    }

    private void WorkBehindOthers()
    {
        Niceness.GiveWay();
        Work();
    }

    private void Work()
    {
        while (Take() is { IsNothing: false } found)
        {
            Do(found);
            if (found.IsHelp)
                Rest(null);
        }
    }

    /// <summary>Waits for something to do; nothing when the pool was stopped.</summary>
    private Found Take()
    {
        bool awake = true;
        while (true)
        {
            int seen;
            lock (_lock)
            {
                Found found = Find(ComputePriority.Serving);
                if (found.IsNothing)
                    found = Find(ComputePriority.Training);
                if (!found.IsNothing || _stopped)
                    return found;
                if (!awake)
                    Monitor.Wait(_lock);
                seen = _arrivals;
            }

            // Steps of an iteration follow each other within microseconds, and waking a thread takes tens of them.
            awake = awake && WaitAwake(seen);
        }
    }

    /// <summary>Whether something came before patience ended.</summary>
    private bool WaitAwake(int seen)
    {
        for (var spin = default(SpinWait); spin.Count < AwakeSpins; spin.SpinOnce(sleep1Threshold: -1))
        {
            if (Volatile.Read(ref _arrivals) != seen)
                return true;
        }

        return false;
    }

    /// <summary>What goes next of a priority: of the share that is furthest behind.</summary>
    /// <param name="priority">The priority.</param>
    /// <param name="before">Only of shares that are behind this one; null: of any.</param>
    /// <param name="computations">Whether whole computations are wanted.</param>
    /// <param name="loops">Whether slices of loops are wanted.</param>
    private Found Find(ComputePriority priority, ComputeShare? before = null, bool computations = true, bool loops = true)
    {
        (ComputeShare? first, long clock) = (null, before?.Clock ?? long.MaxValue);
        foreach (ComputeShare share in Busy(priority))
        {
            ComputeShare.Lane its = share.Of(priority);
            if (share != before && share.Clock < clock && ((computations && its.Items.Count > 0) || (loops && its.Loop() is not null)))
                (first, clock) = (share, share.Clock);
        }

        if (first is null)
            return default;
        _clock = Math.Max(_clock, clock);
        ComputeShare.Lane lane = first.Of(priority);
        if (!computations || !lane.Items.TryDequeue(out ComputeItem? item))
            return new Found(null, lane.Loop());
        if (priority == ComputePriority.Serving)
            Volatile.Write(ref _servingCount, _servingCount - 1);
        Leave(first, priority);
        return new Found(item, null);
    }

    private void Do(Found found)
    {
        ComputeAccount? before = Switch(found.Item?.Account ?? found.Loop!.Account);
        if (found.Item is { } item)
            item.Execute();
        else
            found.Loop!.TakePart(owns: false, one: before is not null);
        Switch(before);
    }

    private List<ComputeShare> Busy(ComputePriority priority) => priority == ComputePriority.Serving ? _served : _trained;

    /// <summary>Before something of a share begins to wait. Under the lock.</summary>
    private void Occupy(ComputeShare share, ComputePriority priority)
    {
        if (share.IsIdle)
            share.Begin(_clock);
        if (!share.Of(priority).IsIdle)
            return;
        Busy(priority).Add(share);
        Volatile.Write(ref _trainedCount, _trained.Count);
    }

    /// <summary>After something of a share was taken. Under the lock.</summary>
    private void Leave(ComputeShare share, ComputePriority priority)
    {
        if (!share.Of(priority).IsIdle)
            return;
        Busy(priority).Remove(share);
        Volatile.Write(ref _trainedCount, _trained.Count);
    }

    /// <summary>Charges what the thread did since the last time, and says what it works for from now on.</summary>
    /// <returns>What it worked for.</returns>
    private ComputeAccount? Switch(ComputeAccount? account)
    {
        long now = _time.GetTimestamp();
        ComputeAccount? before = _working;
        before?.Charge(now - _since);
        (_working, _since) = (account, now);
        return before;
    }

    /// <summary>Something to do.</summary>
    private readonly record struct Found(ComputeItem? Item, ParallelLoop? Loop)
    {
        public bool IsNothing => Item is null && Loop is null;

        /// <summary>Slices of a training that another thread began.</summary>
        public bool IsHelp => Loop is { IsTraining: true };
    }
}
