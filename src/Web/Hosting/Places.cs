namespace OrleansCluster.Web.Hosting;

/// <summary>How much is done at a time, so that memory and threads are bounded whoever asks.</summary>
internal sealed class Places(WebOptions options) : IDisposable
{
    private int _requests;

    /// <summary>Tables that are read as they come.</summary>
    public SemaphoreSlim Tables { get; } = new(options.MostTables);

    /// <summary>Takes a place for a request.</summary>
    /// <returns>False: there is none.</returns>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _requests) <= options.MostRequests)
            return true;
        Leave();
        return false;
    }

    /// <summary>Gives the place back.</summary>
    public void Leave() => Interlocked.Decrement(ref _requests);

    public void Dispose() => Tables.Dispose();
}
