namespace OrleansCluster.Client;

/// <summary>What the asker gets to see of a call.</summary>
internal static class Answers
{
    private const int Attempts = 3;

    /// <summary>The call's answer; when it failed because of something that people can mend (a damaged file, no permission), that failure itself and not the engine's wrapping of it.</summary>
    public static async Task<T> Plainly<T>(this Task<T> call)
    {
        try
        {
            return await call.ConfigureAwait(false);
        }
        catch (Exception e) when (Cause(e) is { } cause)
        {
            throw cause;
        }
    }

    /// <inheritdoc cref="Plainly{T}(Task{T})"/>
    public static async Task Plainly(this Task call)
    {
        try
        {
            await call.ConfigureAwait(false);
        }
        catch (Exception e) when (Cause(e) is { } cause)
        {
            throw cause;
        }
    }

    /// <summary>Asks again after a lost answer: for calls that may be repeated with the same effect.</summary>
    public static async Task<T> Repeatedly<T>(Func<Task<T>> call)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await call().Plainly().ConfigureAwait(false);
            }
            catch (TimeoutException) when (attempt < Attempts)
            {
                // The call may have run all the same, which is why it may be repeated.
            }
        }
    }

    /// <inheritdoc cref="Repeatedly{T}(Func{Task{T}})"/>
    public static Task Repeatedly(Func<Task> call) => Repeatedly(async () =>
    {
        await call().ConfigureAwait(false);
        return true;
    });

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
