namespace Orleans.Embedded;

/// <summary>Since when an activation is idle, and until when it asked to be kept all the same. Not thread-safe: used under the activation's lock.</summary>
internal struct Idleness
{
    private long _lastUse;
    private DateTimeOffset _keptUntil;

    /// <summary>The activation is used now.</summary>
    public void Touch(TimeProvider time) => _lastUse = time.GetTimestamp();

    /// <summary>Keeps the activation for some time from now; not positive withdraws that, infinite means for ever.</summary>
    public void Delay(TimeSpan span, TimeProvider time) =>
        _keptUntil = span == Timeout.InfiniteTimeSpan || span == TimeSpan.MaxValue ? DateTimeOffset.MaxValue
            : span <= TimeSpan.Zero ? default
            : time.GetUtcNow() + span;

    /// <summary>Whether the activation has been idle for the time and may go.</summary>
    public readonly bool Exceeds(TimeSpan limit, TimeProvider time) =>
        time.GetElapsedTime(_lastUse) >= limit && _keptUntil <= time.GetUtcNow();
}
