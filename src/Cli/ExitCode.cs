namespace OrleansCluster.Cli;

/// <summary>What the process answers to its caller.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>The work could not be done: a damaged file, a full disk, a home in use, a failed job.</summary>
    public const int Failure = 1;

    /// <summary>The request cannot be carried out as given: wrong arguments, unknown names, unusable input.</summary>
    public const int Usage = 2;

    /// <summary>Trained and published, but the model's policy did not make it the champion: a pipeline can stop here.</summary>
    public const int NotPromoted = 3;

    /// <summary>Looked, and found what was looked for: rows that have drifted, a segment that is worse. The same, so that a pipeline can stop here.</summary>
    public const int Found = NotPromoted;

    /// <summary>Stopped by Ctrl-C or a polite request to end.</summary>
    public const int Interrupted = 130;
}
