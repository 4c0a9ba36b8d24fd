namespace OrleansCluster.Datasets;

/// <summary>Owns the versions of one dataset; key: <c>tenant/name</c>.</summary>
[Alias("oc.IDatasetGrain")]
public interface IDatasetGrain : IGrainWithStringKey
{
    /// <summary>
    /// Makes the manifest the newest version. Idempotent: when the newest version already has this manifest, that version is answered.
    /// The manifest and its shards must be in the blob store already.
    /// </summary>
    [Alias("Commit")]
    Task<DatasetVersion> Commit(DatasetCommit commit, CancellationToken cancellation = default);

    /// <summary>As <see cref="Commit"/>, where the newest version is still the one that the manifest's first rows are of.</summary>
    /// <param name="commit">What is to become the newest version.</param>
    /// <param name="after">The manifest of the version that it goes on from.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="ClusteringException">Another version was made meanwhile.</exception>
    [Alias("CommitAfter")]
    Task<DatasetVersion> CommitAfter(DatasetCommit commit, string after, CancellationToken cancellation = default);

    /// <summary>Version <paramref name="version"/>, or the newest when 0; null when there is none.</summary>
    [Alias("Get")]
    Task<DatasetVersion?> Get(int version, CancellationToken cancellation = default);
}

/// <summary>A manifest that is to become a version.</summary>
[GenerateSerializer, Immutable, Alias("oc.DatasetCommit")]
public sealed record DatasetCommit
{
    /// <summary>Content hash of the manifest's blob.</summary>
    [Id(0)] public required string Manifest { get; init; }

    /// <summary>Where the rows came from, for people.</summary>
    [Id(1)] public required string Source { get; init; }
}
