namespace OrleansCluster.Training;

/// <summary>What states of jobs are called.</summary>
public static class JobStates
{
    /// <summary>A state as it is typed and read: <c>succeeded</c>.</summary>
    public static string Word(this JobState state) => state switch
    {
        JobState.Queued => "queued",
        JobState.Running => "running",
        JobState.Interrupted => "interrupted",
        JobState.Succeeded => "succeeded",
        JobState.Failed => "failed",
        JobState.Cancelled => "cancelled",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "Not a state of a job."),
    };
}
