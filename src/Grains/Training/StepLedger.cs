namespace OrleansCluster.Training;

/// <summary>
/// The steps that one grain is computing. Asking for a step starts it or joins it; the answer is kept until its last piece was handed out:
/// a lost reply costs a repetition, which gives the same bits, instead of memory for every step.
/// Used on one grain's scheduler only.
/// </summary>
internal sealed class StepLedger(TimeProvider time)
{
    private const int Kept = 4;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(8);

    private readonly Dictionary<string, Task<ReadOnlyMemory<byte>>> _steps = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    public async Task<StepReply> Join(string digest, Func<Task<ReadOnlyMemory<byte>>> start, TimeSpan wait, CancellationToken cancellation, int offset = 0)
    {
        if (!_steps.TryGetValue(digest, out Task<ReadOnlyMemory<byte>>? work))
        {
            Forget();
            work = start();
            _steps.Add(digest, work);
            _order.Enqueue(digest);
        }

        if (!work.IsCompleted && !await CompletesWithin(work, wait, cancellation))
            return StepReply.StillRunning;
        if (work.IsCompletedSuccessfully && work.Result.Length - offset > WireLimits.PieceBytes)
            return new StepReply { Statistic = work.Result.Slice(offset, WireLimits.PieceBytes), Length = work.Result.Length };
        if (_steps.TryGetValue(digest, out Task<ReadOnlyMemory<byte>>? known) && known == work)
            _steps.Remove(digest);
        // Cancelled because the job let go of it: whoever still asks begins it anew.
        if (work.IsCanceled)
            return StepReply.StillRunning;
        ReadOnlyMemory<byte> statistic = await work;
        return new StepReply { Statistic = statistic[Math.Min(offset, statistic.Length)..], Length = statistic.Length };
    }

    public void Clear()
    {
        _steps.Clear();
        _order.Clear();
    }

    /// <summary>Answers nobody came back for.</summary>
    private void Forget()
    {
        while (_order.Count >= Kept)
            _steps.Remove(_order.Dequeue());
    }

    private async Task<bool> CompletesWithin(Task work, TimeSpan wait, CancellationToken cancellation)
    {
        if (wait > LongestWait)
            wait = LongestWait;
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await Task.WhenAny(work, Task.Delay(wait, time, timer.Token));
        await timer.CancelAsync();
        cancellation.ThrowIfCancellationRequested();
        return work.IsCompleted;
    }
}
