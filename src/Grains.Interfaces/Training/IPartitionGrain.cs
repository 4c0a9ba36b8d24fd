using System.Collections.Immutable;

namespace OrleansCluster.Training;

/// <summary>
/// Computes a job's steps over one shard; key: <c>tenant/manifest/shard/job</c>. Its caches change time, never bits, so it may be lost at any moment.
/// </summary>
[Alias("oc.IPartitionGrain")]
public interface IPartitionGrain : IGrainWithStringKey
{
    /// <summary>The statistic of a step over this shard, or Pending after <paramref name="wait"/>; asking again joins the running work.</summary>
    /// <exception cref="ClusteringException">The shard cannot be read; the message names its file.</exception>
    [Alias("Execute")]
    Task<StepReply> Execute(StepName step, TimeSpan wait, CancellationToken cancellation = default);

    /// <summary>Some rows of this shard, with their weights.</summary>
    /// <param name="rows">Positions in the shard, as many as fit a message.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ClusteringException">The shard cannot be read; the message names its file.</exception>
    [Alias("Read")]
    Task<ShardSample> Read(ImmutableArray<int> rows, CancellationToken cancellation = default);

    /// <summary>The job has ended: stops what is running and lets go of all memory.</summary>
    [Alias("Release")]
    Task Release(CancellationToken cancellation = default);
}

/// <summary>Rows taken from a shard.</summary>
[GenerateSerializer, Immutable, Alias("oc.ShardSample")]
public sealed record ShardSample
{
    /// <summary>rows × columns values in the dataset's precision, row-major, little-endian.</summary>
    [Id(0)] public required ReadOnlyMemory<byte> Values { get; init; }

    /// <summary>One float64 a row; empty when the dataset has no weights.</summary>
    [Id(1)] public required ReadOnlyMemory<byte> Weights { get; init; }
}
