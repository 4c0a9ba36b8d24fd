using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>Decides which waiting call may start, given those that run. Not thread-safe: used under the activation's lock.</summary>
internal struct CallGate
{
    private Call? _blocking;
    private Dictionary<Guid, int>? _reentrantSections;

    /// <summary>The number of calls that have started and not ended.</summary>
    public int Running { get; private set; }

    public readonly bool MayStart(Call call, bool reentrantClass)
    {
        // Only the call that has blocked the activation first is looked at, as Orleans does: once it ends, others that still interleave do not block.
        if (Running == 0 || call.IsAlwaysInterleave || _blocking is null || reentrantClass)
            return true;
        if (_blocking.IsReadOnly && call.IsReadOnly)
            return true;
        return _reentrantSections is not null
            && RequestContext.ReentrancyIn(call.Context) is var id
            && id != Guid.Empty
            && _reentrantSections.ContainsKey(id);
    }

    public void Start(Call call)
    {
        Running++;
        if (_blocking is null && !call.IsAlwaysInterleave)
            _blocking = call;
    }

    public void End(Call call)
    {
        Running--;
        if (ReferenceEquals(_blocking, call))
            _blocking = null;
    }

    public void EnterReentrantSection(Guid id)
    {
        _reentrantSections ??= [];
        _reentrantSections[id] = _reentrantSections.GetValueOrDefault(id) + 1;
    }

    public void ExitReentrantSection(Guid id)
    {
        if (_reentrantSections is null || !_reentrantSections.TryGetValue(id, out var count))
            return;
        if (count > 1)
            _reentrantSections[id] = count - 1;
        else
            _reentrantSections.Remove(id);
    }
}
