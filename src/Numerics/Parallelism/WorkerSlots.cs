namespace OrleansCluster.Numerics.Parallelism;

/// <summary>Scratch objects that slices borrow while they run: as many as slices of a loop run at the same time.</summary>
/// <param name="take">Where they come from.</param>
internal sealed class WorkerSlots<T>(Func<T> take)
    where T : class
{
    private readonly Lock _gate = new();
    private readonly List<T> _all = [];
    private readonly Stack<T> _free = new();

    /// <summary>Every scratch object borrowed so far. Not while slices run.</summary>
    public List<T> All => _all;

    /// <summary>A scratch object that no other slice holds.</summary>
    /// <param name="prepare">Called on one that was taken just now.</param>
    public T Borrow(Action<T> prepare)
    {
        lock (_gate)
        {
            if (_free.TryPop(out T? slot))
                return slot;
        }

        T taken = take();
        prepare(taken);
        lock (_gate)
            _all.Add(taken);
        return taken;
    }

    public void Return(T slot)
    {
        lock (_gate)
            _free.Push(slot);
    }

    /// <summary>Makes every object free again, after slices that may have failed.</summary>
    public void Reset()
    {
        _free.Clear();
        foreach (T slot in _all)
            _free.Push(slot);
    }

    /// <summary>Gives every object away. Not while slices run.</summary>
    public void Empty(Action<T> to)
    {
        foreach (T slot in _all)
            to(slot);
        _all.Clear();
        _free.Clear();
    }
}
