using OrleansCluster.Numerics.Parallelism;

namespace OrleansCluster.Bench;

/// <summary>Threads that wait for slices and take them in turn, the caller among them. Allocates nothing per call.</summary>
internal sealed class BenchThreads : IParallel, IDisposable
{
    private readonly Thread[] _threads;
    private readonly SemaphoreSlim _start = new(0);
    private readonly SemaphoreSlim _done = new(0);
    private Action<int>? _body;
    private int _slices;
    private int _next;
    private volatile bool _closing;

    public BenchThreads(int workers)
    {
        Workers = workers;
        _threads = new Thread[workers - 1];
        for (int i = 0; i < _threads.Length; i++)
        {
            _threads[i] = new Thread(Loop) { IsBackground = true };
            _threads[i].Start();
        }
    }

    public int Workers { get; }

    public void For(int slices, Action<int> body)
    {
        (_body, _slices, _next) = (body, slices, 0);
        if (_threads.Length > 0)
            _start.Release(_threads.Length);
        Work();
        for (int i = 0; i < _threads.Length; i++)
            _done.Wait();
    }

    public void Dispose()
    {
        _closing = true;
        if (_threads.Length > 0)
            _start.Release(_threads.Length);
        foreach (Thread thread in _threads)
            thread.Join();
        _start.Dispose();
        _done.Dispose();
    }

    private void Loop()
    {
        while (true)
        {
            _start.Wait();
            if (_closing)
                return;
            Work();
            _done.Release();
        }
    }

    private void Work()
    {
        while (true)
        {
            int slice = Interlocked.Increment(ref _next) - 1;
            if (slice >= _slices)
                return;
            _body!(slice);
        }
    }
}
