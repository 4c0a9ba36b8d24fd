using OrleansCluster.Numerics.Encoding;

namespace OrleansCluster.Training;

/// <summary>
/// The steps that one grain is computing. Asking for a step starts it or joins it; the answer is kept until it was taken or its last piece was handed out:
/// a lost reply costs a repetition, which gives the same bits, instead of memory for every step.
/// Used on one grain's scheduler only.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="local">Where grains of this silo find long statistics; null: nowhere.</param>
/// <param name="grain">The grain.</param>
internal sealed class StepLedger(TimeProvider time, LocalStatistics? local = null, GrainId grain = default)
{
    private const int Kept = 4;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(8);

    private readonly Dictionary<string, Task<PooledBytes>> _steps = new(StringComparer.Ordinal);
    private readonly Dictionary<string, LocalStatistic> _long = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    /// <summary>The statistic from a byte on, or that it is still running after a wait.</summary>
    /// <exception cref="UnavailableException">The grain was let go of: its next activation begins the step anew.</exception>
    public async Task<StepReply> Join(string digest, Func<Task<PooledBytes>> start, TimeSpan wait, CancellationToken cancellation, int offset = 0)
    {
        if (!_steps.TryGetValue(digest, out Task<PooledBytes>? work))
        {
            Forget();
            work = start();
            _steps.Add(digest, work);
            _order.Enqueue(digest);
        }

        if (!work.IsCompleted && !await CompletesWithin(work, wait, cancellation))
            return StepReply.StillRunning;
        bool known = _steps.TryGetValue(digest, out Task<PooledBytes>? current) && current == work;
        if (work is { IsCompletedSuccessfully: true, Result: { Length: > WireLimits.PieceBytes } result } && known)
            return Piece(digest, result, Math.Min(offset, result.Length));
        if (known)
            _steps.Remove(digest);
        // A grain that was let go of cancels whatever it is asked until it is gone. An answer to ask again at once would keep it too busy to go.
        if (work.IsCanceled)
            throw new UnavailableException($"The grain that computes the step {digest} was let go of; ask again.");
        PooledBytes statistic = await work;
        if (statistic.Length > WireLimits.PieceBytes)
            throw new UnavailableException($"The last piece of the step {digest} was handed out meanwhile; ask again.");
        return new StepReply { Statistic = statistic.Memory[Math.Min(offset, statistic.Length)..], Length = statistic.Length };
    }

    public void Clear()
    {
        _steps.Clear();
        _order.Clear();
        foreach (string digest in _long.Keys)
            Withdraw(digest)?.Dispose();
    }

    /// <summary>A part of a long statistic. With the first, it is there for whoever takes it whole; with the last, it goes back to the pool.</summary>
    private StepReply Piece(string digest, PooledBytes statistic, int offset)
    {
        if (!_long.TryGetValue(digest, out LocalStatistic? shared))
        {
            _long.Add(digest, shared = new LocalStatistic(statistic));
            local?.Offer(grain, digest, shared);
        }

        byte[]? piece = shared.Copy(offset, WireLimits.PieceBytes);
        if (piece is null || offset + piece.Length == statistic.Length)
        {
            _steps.Remove(digest);
            Withdraw(digest)?.Dispose();
        }

        return piece is null
            ? throw new UnavailableException($"The statistic of the step {digest} was taken meanwhile; ask again.")
            : new StepReply { Statistic = piece, Length = statistic.Length };
    }

    /// <summary>What nobody has taken, and nobody can take any more.</summary>
    private PooledBytes? Withdraw(string digest)
    {
        if (!_long.Remove(digest, out LocalStatistic? shared))
            return null;
        local?.Withdraw(grain, digest, shared);
        return shared.Take();
    }

    /// <summary>Answers nobody came back for.</summary>
    private void Forget()
    {
        while (_order.Count >= Kept)
        {
            string oldest = _order.Dequeue();
            _steps.Remove(oldest);
            Withdraw(oldest)?.Dispose();
        }
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
