namespace OrleansCluster.Training;

/// <summary>
/// A node of a job's reduction tree, which owns an aligned range of shards; key: <c>tenant/job/level/index</c>.
/// The tree depends on the number of shards and the fan-in only, and only regroups merges, never reorders them.
/// </summary>
[Alias("oc.IReducerGrain")]
public interface IReducerGrain : IGrainWithStringKey
{
    /// <summary>
    /// The statistic of a step merged over this node's shards, or Pending after <paramref name="wait"/>. Steps are pure, so it may be asked any number of
    /// times.
    /// </summary>
    [Alias("Reduce")]
    Task<StepReply> Reduce(StepName step, TimeSpan wait, CancellationToken cancellation = default);

    /// <summary>The job has ended: stops what is running, tells the children and lets go of all memory.</summary>
    [Alias("Release")]
    Task Release(JobShards job, CancellationToken cancellation = default);
}
