namespace OrleansCluster.Training;

/// <summary>How trainings are driven. None of it changes a result.</summary>
public sealed class TrainingOptions
{
    /// <summary>
    /// Whether an unfinished job that nobody drives is gone on with when its grain is activated or reminded. Off where a person decides (the command line).
    /// </summary>
    public bool AutoResume { get; set; } = true;

    /// <summary>Children of a node of the reduction tree: a power of two, at least 2. More: flatter trees, larger bursts of statistics at one grain.</summary>
    public int FanIn { get; set; } = 16;

    /// <summary>Checkpoints are written at every change of phase and otherwise at most this often.</summary>
    public TimeSpan CheckpointInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long one call waits for running work before it answers Pending. Well below the call timeout.</summary>
    public TimeSpan StepWait { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a step is asked for again after a lost reply or a lost silo before the job gives up.</summary>
    public int StepRetries { get; set; } = 5;

    /// <summary>Pause before asking again.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How often the reminder looks whether a running job is still driven. Orleans allows no less than a minute.</summary>
    public TimeSpan ReminderPeriod { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Whether the cluster's silos look after running jobs (<see cref="IJobWatchGrain"/>), so that a lost coordinator is followed within seconds.
    /// </summary>
    public bool Watched { get; set; }

    /// <summary>Most bytes of step contents kept on a silo.</summary>
    public long StepCacheBytes { get; set; } = 256L << 20;
}
