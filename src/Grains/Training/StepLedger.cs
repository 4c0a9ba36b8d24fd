using OrleansCluster.Numerics.Training;

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

    private readonly Dictionary<string, Task<PooledBytes>> _steps = new(StringComparer.Ordinal);
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
        if (work.IsCompletedSuccessfully && work.Result is { IsReleased: false } result && result.Length - offset > WireLimits.PieceBytes)
            return Piece(result, offset, WireLimits.PieceBytes);
        if (_steps.TryGetValue(digest, out Task<PooledBytes>? known) && known == work)
            _steps.Remove(digest);
        // A grain that was let go of cancels whatever it is asked until it is gone. An answer to ask again at once would keep it too busy to go.
        if (work.IsCanceled)
            throw new UnavailableException($"The grain that computes the step {digest} was let go of; ask again.");
        PooledBytes statistic = await work;
        if (statistic.IsReleased)
            throw new UnavailableException($"The last piece of the step {digest} was handed out meanwhile; ask again.");
        StepReply last = Piece(statistic, Math.Min(offset, statistic.Length), statistic.Length - Math.Min(offset, statistic.Length));
        if (statistic.Length > WireLimits.PieceBytes)
            statistic.Dispose();
        return last;
    }

    /// <summary>A part of a long statistic is a copy: nobody knows how long a message that is on its way is read, and the statistic's array goes back to the pool.</summary>
    private static StepReply Piece(PooledBytes statistic, int offset, int length)
    {
        ReadOnlyMemory<byte> piece = statistic.Memory.Slice(offset, length);
        return new StepReply { Statistic = statistic.Length > WireLimits.PieceBytes ? piece.ToArray() : piece, Length = statistic.Length };
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
