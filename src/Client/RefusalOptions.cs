namespace OrleansCluster.Client;

/// <summary>
/// What a client of a gateway, or of a silo in its process, does when a question about rows is refused for a while
/// (<see cref="ClusteringException.RetryAfter"/>): such a question has done nothing yet, so asking again is harmless.
/// <see cref="Http.ServiceOptions"/> says the same of a client over HTTP.
/// </summary>
public sealed record RefusalOptions
{
    /// <summary>Nothing: whoever asked is told at once.</summary>
    public static RefusalOptions Tell { get; } = new() { Retries = 0 };

    /// <summary>How often the question is asked again.</summary>
    public int Retries { get; init; } = 5;

    /// <summary>What is added to the wait, at random between nothing and this, so that those who were refused together do not ask together.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest wait; when the refusal says more, whoever asked is told at once.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The clock of the waits.</summary>
    internal TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>How long is waited after a refusal; null: it is told.</summary>
    /// <param name="refused">The refusal.</param>
    /// <param name="before">How many there were before it.</param>
    internal TimeSpan? Wait(ClusteringException refused, int before) =>
        before < Retries && refused.RetryAfter is { } seconds && TimeSpan.FromSeconds(seconds) <= LongestPause
            ? TimeSpan.FromSeconds(seconds) + (Pause * Random.Shared.NextDouble())
            : null;
}
