using OrleansCluster.Numerics.Parallelism;

namespace OrleansCluster.Compute;

/// <summary>
/// One thread per core. Whole computations are taken before slices of somebody else's loop, serving before training; a thread that
/// is inside a training loop serves between two slices, so that a question waits for one slice (about a millisecond), not for an iteration.
/// </summary>
public sealed class ComputePool : ICompute, IDisposable
{
    /// <summary>About 100 µs on a machine with nothing else to do; a waiting thread that has something to do gets the core at once.</summary>
    private const int AwakeSpins = 60;

    private readonly object _lock = new();
    private readonly Queue<ComputeItem> _serving = new();
    private readonly Queue<ComputeItem> _training = new();
    private readonly List<ParallelLoop> _loops = [];
    private readonly Thread[] _threads;
    private int _servingCount;

    /// <summary>Counts what came: whoever waits awake looks at it without the lock.</summary>
    private int _arrivals;
    private bool _stopped;

    /// <param name="threads">How many threads; 0: one per core.</param>
    public ComputePool(int threads = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        Workers = threads == 0 ? Environment.ProcessorCount : threads;
        _threads = new Thread[Workers];
        for (int i = 0; i < _threads.Length; i++)
        {
            _threads[i] = new Thread(Work) { IsBackground = true, Name = $"compute {i}" };
            _threads[i].Start();
        }
    }

    public int Workers { get; }

    public Task<T> Run<T>(ComputePriority priority, Func<IParallel, T> work, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (cancellation.IsCancellationRequested)
            return Task.FromCanceled<T>(cancellation);
        var item = new ComputeItem<T>(work, new PoolParallel(this, priority), cancellation);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_stopped, this);
            (priority == ComputePriority.Serving ? _serving : _training).Enqueue(item);
            if (priority == ComputePriority.Serving)
                Volatile.Write(ref _servingCount, _serving.Count);
            _arrivals++;
            Monitor.Pulse(_lock);
        }

        return item.Task;
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
        List<ComputeItem> waiting;
        lock (_lock)
        {
            _stopped = true;
            waiting = [.. _serving, .. _training];
            _serving.Clear();
            _training.Clear();
            Volatile.Write(ref _servingCount, 0);
            Monitor.PulseAll(_lock);
        }

        foreach (ComputeItem item in waiting)
            item.Cancel();
    }

    private void Work()
    {
        while (Take() is { } task)
            task();
    }

    /// <summary>Waits for something to do; null when the pool was stopped.</summary>
    private Action? Take()
    {
        bool awake = true;
        while (true)
        {
            int seen;
            lock (_lock)
            {
                if (Find() is { } task)
                    return task;
                if (_stopped)
                    return null;
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

    private Action? Find()
    {
        if (_serving.TryDequeue(out ComputeItem? item))
        {
            Volatile.Write(ref _servingCount, _serving.Count);
            return item.Execute;
        }

        if (FindLoop(ComputePriority.Serving) is { } serving)
            return serving.TakePart;
        if (_training.TryDequeue(out item))
            return item.Execute;
        return FindLoop(ComputePriority.Training) is { } training ? training.TakePart : null;
    }

    private ParallelLoop? FindLoop(ComputePriority priority)
    {
        foreach (ParallelLoop loop in _loops)
        {
            if (loop.Priority == priority && loop.HasSlices)
                return loop;
        }

        return null;
    }

    /// <summary>Serves whoever waits; called between two slices of a training loop.</summary>
    private void ServeWaiting()
    {
        while (Volatile.Read(ref _servingCount) != 0)
        {
            ComputeItem? item;
            lock (_lock)
            {
                if (!_serving.TryDequeue(out item))
                    return;
                Volatile.Write(ref _servingCount, _serving.Count);
            }

            item.Execute();
        }
    }

    private void RunLoop(ComputePriority priority, int slices, Action<int> body)
    {
        var loop = new ParallelLoop(priority, slices, body, priority == ComputePriority.Training ? ServeWaiting : null);
        bool shared = slices > 1 && Workers > 1;
        if (shared)
        {
            lock (_lock)
            {
                _loops.Add(loop);
                _arrivals++;
                Monitor.PulseAll(_lock);
            }
        }

        loop.TakePart();
        if (shared)
        {
            lock (_lock)
                _loops.Remove(loop);
        }

        loop.Finish();
    }

    private sealed class PoolParallel(ComputePool pool, ComputePriority priority) : IParallel
    {
        public int Workers => pool.Workers;

        public void For(int slices, Action<int> body)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(slices);
            ArgumentNullException.ThrowIfNull(body);
            if (slices > 0)
                pool.RunLoop(priority, slices, body);
        }
    }
}
