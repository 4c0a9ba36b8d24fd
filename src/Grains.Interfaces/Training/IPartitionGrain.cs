namespace OrleansCluster.Training;

/// <summary>Computes a job's steps over one shard; key: <c>tenant/manifest/shard/job</c>. Its caches change time, never bits, so it may be lost at any moment.</summary>
[Alias("oc.IPartitionGrain")]
public interface IPartitionGrain : IGrainWithStringKey
{
    /// <summary>The statistic of a step over this shard, or Pending after <paramref name="wait"/>; asking again joins the running work.</summary>
    /// <exception cref="ClusteringException">The shard cannot be read; the message names its file.</exception>
    [Alias("Execute")]
    Task<StepReply> Execute(StepName step, TimeSpan wait, CancellationToken cancellation = default);

    /// <summary>The job has ended: stops what is running and lets go of all memory.</summary>
    [Alias("Release")]
    Task Release(CancellationToken cancellation = default);
}
