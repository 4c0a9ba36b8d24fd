namespace OrleansCluster.Numerics.Parallelism;

/// <summary>Scratch objects that slices borrow while they run: as many exist as slices ever ran at the same time.</summary>
internal sealed class WorkerSlots<T>
    where T : class, new()
{
    private readonly Lock _gate = new();
    private readonly List<T> _all = [];
    private readonly Stack<T> _free = new();

    /// <summary>Every scratch object made so far. Not while slices run.</summary>
    public List<T> All => _all;

    /// <summary>A scratch object that no other slice holds.</summary>
    /// <param name="prepare">Called on one that is new.</param>
    public T Borrow(Action<T> prepare)
    {
        lock (_gate)
        {
            if (_free.TryPop(out T? slot))
                return slot;
        }

        var made = new T();
        prepare(made);
        lock (_gate)
            _all.Add(made);
        return made;
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
}
