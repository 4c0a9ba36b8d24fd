namespace Orleans.Embedded;

/// <summary>The calls that wait at an activation, in order of arrival. Any of them may be taken out: one that may interleave overtakes those that may not.</summary>
internal struct CallLine
{
    private Call? _first;
    private Call? _last;

    public int Count { get; private set; }

    public void Add(Call call)
    {
        if (_last is null)
            _first = call;
        else
            _last.NextWaiting = call;
        _last = call;
        Count++;
    }

    /// <summary>Takes out the first call that fits.</summary>
    public Call? Take<TState>(Func<Call, TState, bool> fits, TState state)
    {
        Call? previous = null;
        for (var call = _first; call is not null; previous = call, call = call.NextWaiting)
        {
            if (!fits(call, state))
                continue;
            if (previous is null)
                _first = call.NextWaiting;
            else
                previous.NextWaiting = call.NextWaiting;
            if (ReferenceEquals(_last, call))
                _last = previous;
            call.NextWaiting = null;
            Count--;
            return call;
        }

        return null;
    }

    /// <summary>Whether a call fits.</summary>
    public readonly bool Any<TState>(Func<Call, TState, bool> fits, TState state)
    {
        for (var call = _first; call is not null; call = call.NextWaiting)
        {
            if (fits(call, state))
                return true;
        }

        return false;
    }

    /// <summary>Takes out all calls.</summary>
    public List<Call> Clear()
    {
        var all = new List<Call>(Count);
        for (var call = _first; call is not null;)
        {
            all.Add(call);
            var next = call.NextWaiting;
            call.NextWaiting = null;
            call = next;
        }

        this = default;
        return all;
    }
}
