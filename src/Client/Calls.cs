namespace OrleansCluster.Client;

/// <summary>
/// Calls as the asker gets to see them. One whose answer was lost, with a gateway or a silo, say, is asked again, which moves on to another gateway.
/// It may have been carried out, so everything that a client can ask is harmless when it is asked twice.
/// </summary>
internal static class Calls
{
    /// <summary>Long enough for a cluster to notice a lost silo.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    /// <summary>
    /// The call's answer; when it failed because of something that people can mend (a damaged file, no permission), that failure itself and not Orleans'
    /// wrapping of it.
    /// </summary>
    /// <param name="call">The call.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="refusals">How often it is asked again where it is told to come later, and has done nothing yet; null: never.</param>
    public static async Task<T> Ask<T>(Func<Task<T>> call, CancellationToken cancellation, RefusalOptions? refusals = null)
    {
        long begin = Environment.TickCount64;
        for (int refused = 0; ;)
        {
            try
            {
                return await call().ConfigureAwait(false);
            }
            catch (ClusteringException e) when (refusals?.Wait(e, refused) is not null)
            {
                await Task.Delay(refusals.Wait(e, refused++)!.Value, refusals.Time, cancellation).ConfigureAwait(false);
            }
            catch (Exception e) when (Cause(e) is { } cause)
            {
                throw cause;
            }
            catch (Exception e) when (e is TimeoutException or OrleansException or UnavailableException)
            {
                if (Environment.TickCount64 - begin > Patience.TotalMilliseconds)
                    throw;
                // Those whom one silo left without an answer shall not all ask at the same moment again.
                await Task.Delay(Pause * (0.5 + Random.Shared.NextDouble()), cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <inheritdoc cref="Ask{T}(Func{Task{T}}, CancellationToken, RefusalOptions?)"/>
    public static Task Ask(Func<Task> call, CancellationToken cancellation) => Ask(
        async () =>
        {
            await call().ConfigureAwait(false);
            return true;
        },
        cancellation);

    private static ClusteringException? Cause(Exception e)
    {
        if (e is not (OrleansException or IOException or UnauthorizedAccessException))
            return null;
        for (Exception? inner = e; inner is not null; inner = inner.InnerException)
        {
            if (inner is ClusteringException told)
                return told;
            if (inner is IOException or UnauthorizedAccessException)
                return new ClusteringException(inner.Message, e);
        }

        return null;
    }
}
