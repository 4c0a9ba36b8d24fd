using System.Collections.Immutable;
using OrleansCluster.Models;

namespace OrleansCluster.Datasets;

/// <summary>What is in the blob store, whoever's it is: for those who run the cluster; key: <see cref="IBlobOwnersGrain.Everybody"/><c>/id</c>.</summary>
[Alias("oc.IStorageGrain")]
public interface IStorageGrain : IGrainWithStringKey
{
    /// <summary>Some blobs, in the order of their hashes.</summary>
    /// <param name="after">The last of those before; empty: from the first on.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    [Alias("List")]
    Task<ImmutableArray<BlobInfo>> List(string after, CancellationToken cancellation = default);

    /// <summary>The shards that a manifest names, from one on: as many as fit one message; none behind the last.</summary>
    /// <exception cref="ClusteringException">The manifest cannot be read.</exception>
    [Alias("Shards")]
    Task<ImmutableArray<string>> Shards(string manifest, int first, CancellationToken cancellation = default);

    /// <summary>Removes those blobs that nobody has written or touched since a moment.</summary>
    /// <returns>Those that were removed.</returns>
    [Alias("Sweep")]
    Task<ImmutableArray<string>> Sweep(ImmutableArray<string> hashes, DateTimeOffset before, CancellationToken cancellation = default);

    /// <summary>Removes what writers left that came to no end, and to which nothing was added since a moment.</summary>
    /// <returns>Bytes that were removed.</returns>
    [Alias("SweepUnfinished")]
    Task<long> SweepUnfinished(DateTimeOffset before, CancellationToken cancellation = default);

    /// <summary>A piece of a blob.</summary>
    /// <exception cref="ClusteringException">There is none, or it cannot be read.</exception>
    [Alias("Read")]
    Task<BlobPiece> Read(string hash, int offset, CancellationToken cancellation = default);
}

/// <summary>A blob in a listing.</summary>
[GenerateSerializer, Immutable, Alias("oc.BlobInfo")]
public sealed record BlobInfo
{
    [Id(0)] public required string Hash { get; init; }

    [Id(1)] public required long Bytes { get; init; }

    /// <summary>When it was last written or touched.</summary>
    [Id(2)] public required DateTimeOffset Touched { get; init; }
}
