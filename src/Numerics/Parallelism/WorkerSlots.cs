namespace OrleansCluster.Numerics.Parallelism;

/// <summary>Scratch objects that slices borrow while they run: as many exist as slices ever ran at the same time.</summary>
internal sealed class WorkerSlots<T>
    where T : class, new()
{
    private readonly Lock gate = new();
    private readonly List<T> all = [];
    private readonly Stack<T> free = new();

    /// <summary>Every scratch object made so far. Not while slices run.</summary>
    public List<T> All => all;

    /// <summary>A scratch object that no other slice holds.</summary>
    /// <param name="prepare">Called on one that is new.</param>
    public T Borrow(Action<T> prepare)
    {
        lock (gate)
        {
            if (free.TryPop(out T? slot))
                return slot;
        }

        var made = new T();
        prepare(made);
        lock (gate)
            all.Add(made);
        return made;
    }

    public void Return(T slot)
    {
        lock (gate)
            free.Push(slot);
    }

    /// <summary>Makes every object free again, after slices that may have failed.</summary>
    public void Reset()
    {
        free.Clear();
        foreach (T slot in all)
            free.Push(slot);
    }
}
