using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>The activations of one stateless worker. A call goes to the first idle one, else to a new one, else to the one with the fewest waiting calls.</summary>
internal sealed class StatelessWorkers(Silo silo, GrainClass grainClass, GrainId grainId) : ICallTarget
{
    private readonly Lock _lock = new();
    private readonly List<Activation> _workers = [];
    private bool _ended;

    public bool TryReceive(Call call)
    {
        lock (_lock)
        {
            if (_ended)
                return false;
            while (!Choose().TryReceive(call)) { }
            return true;
        }
    }

    public Activation[] Snapshot()
    {
        lock (_lock)
            return [.. _workers];
    }

    /// <summary>A worker has ended.</summary>
    public void Remove(Activation worker)
    {
        lock (_lock)
        {
            _workers.Remove(worker);
            if (_workers.Count > 0)
                return;
            _ended = true;
        }

        silo.Catalog.Unregister(grainId, this);
    }

    private Activation Choose()
    {
        Activation? leastBusy = null;
        var valid = 0;
        foreach (var worker in _workers)
        {
            if (worker.IsEnding)
                continue;
            valid++;
            if (worker.IsInactive)
                return worker;
            if (leastBusy is null || worker.WaitingCount < leastBusy.WaitingCount)
                leastBusy = worker;
        }

        if (leastBusy is not null && valid >= grainClass.MaxLocalWorkers)
            return leastBusy;
        var added = new Activation(silo, grainClass, grainId, this);
        _workers.Add(added);
        return added;
    }
}
