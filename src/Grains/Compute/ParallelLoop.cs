using System.Runtime.ExceptionServices;

namespace OrleansCluster.Compute;

/// <summary>One loop whose slices are taken by whoever has time; the thread that started it takes part and waits for the last slice.</summary>
/// <param name="account">What the loop is for.</param>
/// <param name="slices">How many there are.</param>
/// <param name="body">Computes one.</param>
/// <param name="goesOn">Asked between two slices, of whether the thread owns the loop: whether it goes on; null: it does.</param>
/// <param name="cancellation">Ends it between two slices.</param>
internal sealed class ParallelLoop(
    ComputeAccount account, int slices, Action<int> body, Func<ParallelLoop, bool, bool>? goesOn, CancellationToken cancellation)
{
    private readonly object _lock = new();
    private int _next;
    private int _running;
    private ExceptionDispatchInfo? _failure;

    public ComputeAccount Account => account;

    /// <summary>Whether it gives way between slices.</summary>
    public bool IsTraining => goesOn is not null;

    public bool HasSlices => Volatile.Read(ref _next) < slices;

    /// <summary>Computes slices until there are none left to take. After a failure the remaining slices are skipped.</summary>
    /// <param name="owns">Whether the thread started the loop.</param>
    /// <param name="one">Whether it takes one slice only.</param>
    public void TakePart(bool owns, bool one = false)
    {
        // Counted before a slice is taken, so that Finish cannot miss a slice that is about to run.
        lock (_lock)
            _running++;
        try
        {
            while (true)
            {
                int slice = Interlocked.Increment(ref _next) - 1;
                if (slice >= slices || slice < 0)
                {
                    // Never let the counter run over, however many threads look in.
                    Volatile.Write(ref _next, slices);
                    return;
                }

                cancellation.ThrowIfCancellationRequested();
                body(slice);
                if (one || (goesOn is not null && !goesOn(this, owns)))
                    return;
            }
        }
#pragma warning disable CA1031 // The caller of the loop gets the exception, whatever it is.
        catch (Exception e)
#pragma warning restore CA1031
        {
            lock (_lock)
                _failure ??= ExceptionDispatchInfo.Capture(e);
            Volatile.Write(ref _next, slices);
        }
        finally
        {
            lock (_lock)
            {
                if (--_running == 0)
                    Monitor.PulseAll(_lock);
            }
        }
    }

    /// <summary>Waits until no slice is running and throws the first failure.</summary>
    public void Finish()
    {
        lock (_lock)
        {
            while (_running != 0)
                Monitor.Wait(_lock);
        }

        _failure?.Throw();
    }
}
