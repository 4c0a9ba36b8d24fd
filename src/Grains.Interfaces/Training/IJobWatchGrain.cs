using Orleans.Concurrency;

namespace OrleansCluster.Training;

/// <summary>
/// Knows which jobs of a cluster are running, and wakes their coordinators when somebody asks it to look: every silo does so every few seconds,
/// so a job whose coordinator went down with its silo goes on within seconds. One for the whole cluster; key: <see cref="Key"/>.
/// </summary>
[Alias("oc.IJobWatchGrain")]
public interface IJobWatchGrain : IGrainWithStringKey
{
    /// <summary>The key of the one watch of a cluster.</summary>
    public const string Key = "running";

    /// <summary>Watches the job whose coordinator has this key from now on.</summary>
    [Alias("Add")]
    Task Add(string job, CancellationToken cancellation = default);

    /// <summary>Asks all watched jobs whether they are driven, and answers without waiting for them. Jobs that have ended are not watched any longer.</summary>
    [Alias("Look"), AlwaysInterleave]
    Task Look(CancellationToken cancellation = default);
}
