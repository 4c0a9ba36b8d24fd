namespace OrleansCluster.Tenancy;

/// <summary>
/// Rows that a tenant may ask about in a second (a token bucket that holds one second's). A question is answered while anything is left, however many rows it
/// has; what it took too much is waited for before the next. Thread-safe.
/// </summary>
internal sealed class RowAllowance(TimeProvider time)
{
    private readonly Lock _lock = new();
    private double _left;
    private long? _at;

    /// <summary>Takes what a question needs.</summary>
    /// <param name="rows">Its rows.</param>
    /// <param name="perSecond">How many there may be, at least 1.</param>
    /// <param name="goesOn">Whether it is a part of a question that was admitted: then it is counted, and not refused.</param>
    /// <exception cref="ClusteringException">Nothing is left: it says when to ask again.</exception>
    public void Take(long rows, long perSecond, bool goesOn = false)
    {
        lock (_lock)
        {
            long now = time.GetTimestamp();
            _left = _at is { } before ? Math.Min(_left + (time.GetElapsedTime(before, now).TotalSeconds * perSecond), perSecond) : perSecond;
            _at = now;
            if (_left <= 0 && !goesOn)
            {
                throw new ClusteringException($"This tenant may ask about {perSecond} rows a second, and has: ask again later, or for fewer.")
                {
                    RetryAfter = (int)Math.Min(Math.Ceiling((1 - _left) / perSecond), 3600),
                };
            }

            _left -= rows;
        }
    }
}
