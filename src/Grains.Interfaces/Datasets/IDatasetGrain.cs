using System.Collections.Immutable;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Datasets;

/// <summary>Owns the versions of one dataset; key: <c>tenant/name</c>.</summary>
[Alias("oc.IDatasetGrain")]
public interface IDatasetGrain : IPackable
{
    /// <summary>
    /// Makes the manifest the newest version. Idempotent: when the newest version already has this manifest, and nothing else was expected of it, that version
    /// is answered.
    /// The manifest and its shards must be in the blob store already.
    /// </summary>
    [Alias("Commit"), Audited("dataset.commit")]
    Task<DatasetVersion> Commit(DatasetCommit commit, CancellationToken cancellation = default);

    /// <summary>As <see cref="Commit"/>, where the newest version is still the one that the manifest's first rows are of.</summary>
    /// <param name="commit">What is to become the newest version.</param>
    /// <param name="after">The manifest of the version that it goes on from.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="ClusteringException">Another version was made meanwhile.</exception>
    [Alias("CommitAfter"), Audited("dataset.append")]
    Task<DatasetVersion> CommitAfter(DatasetCommit commit, string after, CancellationToken cancellation = default);

    /// <summary>Version <paramref name="version"/>, or the newest when 0; null when there is none.</summary>
    [Alias("Get")]
    Task<DatasetVersion?> Get(int version, CancellationToken cancellation = default);

    /// <summary>All versions that there ever were, deleted ones too.</summary>
    [Alias("Entries")]
    Task<ImmutableArray<DatasetVersionEntry>> Entries(CancellationToken cancellation = default);

    /// <summary>Where the shards of a version came from, from one on: as many as fit one message; none behind the last.</summary>
    /// <exception cref="ClusteringException">There is no such version.</exception>
    [Alias("Origins")]
    Task<ImmutableArray<ShardOrigin>> Origins(int version, int first, CancellationToken cancellation = default);

    /// <summary>
    /// Lets go of a version, or of all when 0. Its number is not given again. What it alone named is garbage from then on. A second time changes nothing.
    /// </summary>
    /// <returns>The versions that were let go of now.</returns>
    [Alias("Delete"), Audited("dataset.delete", Tells = "version")]
    Task<ImmutableArray<int>> Delete(int version, CancellationToken cancellation = default);

    /// <summary>
    /// Lets go of versions whose rows are the first ones of later versions, in one step, and remembers where their rows are. A second time changes nothing.
    /// </summary>
    /// <returns>The versions that were let go of now.</returns>
    /// <exception cref="ClusteringException">One of the versions that begin with them is not here any more: nothing was changed.</exception>
    [Alias("Compact"), Audited("dataset.compact", Tells = "heads")]
    Task<ImmutableArray<int>> Compact(ImmutableArray<DatasetHead> heads, CancellationToken cancellation = default);

    /// <summary>
    /// Gives all versions another name. Under the old one they are still found by their numbers, until other rows are imported under it they are what it means.
    /// </summary>
    /// <exception cref="ClusteringException">There are none, or the name is or was that of another dataset. Nothing was changed.</exception>
    [Alias("Rename"), Audited("dataset.rename", Tells = "to")]
    Task Rename(string to, CancellationToken cancellation = default);

    /// <summary>Becomes a dataset with these versions, whose blobs are there; what is here already stays and must be the same.</summary>
    /// <param name="versions">From the first on.</param>
    /// <param name="from">The dataset that they were until now; empty: one elsewhere.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="ClusteringException">This dataset has other rows under one of the numbers, or a manifest is not there. Nothing was changed.</exception>
    [Alias("Adopt"), Audited("dataset.adopt", Tells = "from")]
    Task Adopt(ImmutableArray<DatasetVersionEntry> versions, string from, CancellationToken cancellation = default);
}

/// <summary>A manifest that is to become a version.</summary>
[GenerateSerializer, Immutable, Alias("oc.DatasetCommit")]
public sealed record DatasetCommit
{
    /// <summary>Content hash of the manifest's blob.</summary>
    [Id(0)] public required string Manifest { get; init; }

    /// <summary>Where the rows came from, for people.</summary>
    [Id(1)] public required string Source { get; init; }

    /// <summary>Who makes it.</summary>
    [Id(2)] public string By { get; init; } = "";

    /// <summary>What was expected of the rows that it adds.</summary>
    [Id(3)] public ImmutableArray<ExpectationResult> Expectations { get; init; } = [];
}
