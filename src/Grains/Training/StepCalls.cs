namespace OrleansCluster.Training;

/// <summary>The asking side of the Pending protocol.</summary>
internal static class StepCalls
{
    /// <summary>Asks until the statistic is there. Lost replies and lost silos are asked again: a step is pure.</summary>
    public static async Task<ReadOnlyMemory<byte>> Await(Func<TimeSpan, Task<StepReply>> ask, TrainingOptions options, TimeProvider time, CancellationToken cancellation)
    {
        int failures = 0;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                StepReply reply = await ask(options.StepWait).WaitAsync(cancellation);
                if (!reply.Pending)
                    return reply.Statistic;
                failures = 0;
            }
            catch (Exception e) when (IsTransient(e) && failures++ < options.StepRetries)
            {
                await Task.Delay(options.RetryDelay, time, cancellation);
            }
        }
    }

    /// <summary>Whether the failure is of the way there and not of the work.</summary>
    public static bool IsTransient(Exception e) => e is TimeoutException or Orleans.Runtime.OrleansException or UnavailableException;
}
