using OrleansCluster.Numerics.Encoding;

namespace OrleansCluster.Training;

/// <summary>The asking side of the Pending protocol.</summary>
internal static class StepCalls
{
    /// <summary>
    /// Asks until the statistic is there, piece by piece. Lost replies and lost silos are asked again: a step is pure, so pieces of one that was
    /// computed twice fit together. Each ask names the first byte wanted and how long to wait for it. The statistic is the caller's to give back.
    /// </summary>
    /// <param name="ask">Asks.</param>
    /// <param name="take">Finds a long statistic that lies on this silo (<see cref="LocalStatistics.Take"/>); null when it does not.</param>
    /// <param name="options">How long to wait, and how often to ask again.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Ends the asking.</param>
    /// <param name="failed">Told of each failure after which is asked again, and how many there were in a row; nobody when null.</param>
    public static async Task<PooledBytes> Await(
        Func<int, TimeSpan, Task<StepReply>> ask, Func<PooledBytes?> take, TrainingOptions options, TimeProvider time, CancellationToken cancellation,
        Action<Exception, int>? failed = null)
    {
        int failures = 0, filled = 0;
        PooledBytes? whole = null;
        Memory<byte> unfilled = default;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                long asked = time.GetTimestamp();
                StepReply reply = await ask(filled, options.StepWait).WaitAsync(cancellation);
                failures = 0;
                if (reply.Pending)
                {
                    await PauseUntilDue(asked, options, time, cancellation);
                    continue;
                }

                if (whole is null && reply.Statistic.Length >= reply.Length)
                    return PooledBytes.Of(reply.Statistic);
                if (whole is null && take() is { } taken)
                    return taken;
                whole ??= PooledBytes.Rent(reply.Length, out unfilled);
                if (reply.Length != whole.Length || reply.Statistic.IsEmpty)
                    throw new InvalidOperationException($"A statistic of {whole.Length} bytes went on with {reply.Statistic.Length} of {reply.Length} bytes "
                        + $"after {filled}.");
                reply.Statistic.CopyTo(unfilled);
                unfilled = unfilled[reply.Statistic.Length..];
                filled += reply.Statistic.Length;
                if (filled == whole.Length)
                    return whole;
            }
            catch (Exception e) when (IsTransient(e) && failures++ < options.StepRetries)
            {
                failed?.Invoke(e, failures);
                await Task.Delay(options.RetryDelay, time, cancellation);
            }
        }
    }

    /// <summary>
    /// Who is asked waits for the work before it answers that it goes on. Should it ever not, this side still asks no more often than it would after failures:
    /// two grains that ask and answer without a pause leave a silo no time for anything else.
    /// </summary>
    private static async Task PauseUntilDue(long asked, TrainingOptions options, TimeProvider time, CancellationToken cancellation)
    {
        TimeSpan early = options.RetryDelay - time.GetElapsedTime(asked);
        if (early > TimeSpan.Zero)
            await Task.Delay(early, time, cancellation);
    }

    /// <summary>Whether the failure is of the way there and not of the work.</summary>
    public static bool IsTransient(Exception e) => e is TimeoutException or Orleans.Runtime.OrleansException or UnavailableException;
}
