using System.Collections.Immutable;
using OrleansCluster.Datasets;

namespace OrleansCluster.Client;

/// <summary>What compacting a dataset came to, or would.</summary>
/// <param name="Versions">The versions that went, each with the later one that begins with its rows.</param>
/// <param name="Kept">What needs versions that could have gone.</param>
/// <param name="Before">What the dataset's versions took.</param>
/// <param name="After">What those that are left take.</param>
/// <param name="IsDone">Whether they are gone.</param>
public sealed record DatasetCompaction(
    ImmutableArray<DatasetHead> Versions, ImmutableArray<DatasetUse> Kept, StoredVersions Before, StoredVersions After, bool IsDone);

/// <summary>What versions of a dataset take; a shard that several have is counted once.</summary>
/// <param name="Versions">How many versions.</param>
/// <param name="Shards">How many shards.</param>
/// <param name="Bytes">Their bytes.</param>
public sealed record StoredVersions(int Versions, int Shards, long Bytes);
