using OrleansCluster.Web.Problems;

namespace OrleansCluster.Web.Access;

/// <summary>
/// Rows that a tenant may ask about in a second (a token bucket that holds one second's). A question is answered while anything is left, however many rows it
/// has; what it took too much is waited for before the next.
/// </summary>
internal sealed class RowAllowance(TimeProvider time)
{
    private readonly Lock _lock = new();
    private double _left;
    private long? _at;

    /// <summary>Takes what a question needs.</summary>
    /// <param name="rows">Its rows.</param>
    /// <param name="perSecond">How many there may be; 0: any number.</param>
    /// <exception cref="ProblemException">Nothing is left: it says when to ask again.</exception>
    public void Take(long rows, long perSecond)
    {
        if (perSecond == 0)
            return;
        lock (_lock)
        {
            long now = time.GetTimestamp();
            _left = _at is { } before ? Math.Min(_left + (time.GetElapsedTime(before, now).TotalSeconds * perSecond), perSecond) : perSecond;
            _at = now;
            if (_left <= 0)
            {
                throw new ProblemException(429, ProblemKinds.TooMany, $"This tenant may ask about {perSecond} rows a second, and has: ask again later.")
                {
                    RetryAfter = (int)Math.Min(Math.Ceiling((1 - _left) / perSecond), 3600)
                };
            }

            _left -= rows;
        }
    }
}
