using OrleansCluster.Numerics.Parallelism;

namespace OrleansCluster.Bench;

/// <summary>Threads that wait for slices and take them in turn, the caller among them. Allocates nothing per call.</summary>
internal sealed class BenchThreads : IParallel, IDisposable
{
    private readonly Thread[] threads;
    private readonly SemaphoreSlim start = new(0);
    private readonly SemaphoreSlim done = new(0);
    private Action<int>? body;
    private int slices;
    private int next;
    private volatile bool closing;

    public BenchThreads(int workers)
    {
        Workers = workers;
        threads = new Thread[workers - 1];
        for (int i = 0; i < threads.Length; i++)
        {
            threads[i] = new Thread(Loop) { IsBackground = true };
            threads[i].Start();
        }
    }

    public int Workers { get; }

    public void For(int slices, Action<int> body)
    {
        (this.body, this.slices, next) = (body, slices, 0);
        if (threads.Length > 0)
            start.Release(threads.Length);
        Work();
        for (int i = 0; i < threads.Length; i++)
            done.Wait();
    }

    public void Dispose()
    {
        closing = true;
        if (threads.Length > 0)
            start.Release(threads.Length);
        foreach (Thread thread in threads)
            thread.Join();
        start.Dispose();
        done.Dispose();
    }

    private void Loop()
    {
        while (true)
        {
            start.Wait();
            if (closing)
                return;
            Work();
            done.Release();
        }
    }

    private void Work()
    {
        while (true)
        {
            int slice = Interlocked.Increment(ref next) - 1;
            if (slice >= slices)
                return;
            body!(slice);
        }
    }
}
