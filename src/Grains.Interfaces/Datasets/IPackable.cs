using System.Collections.Immutable;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Datasets;

/// <summary>Something that a backup takes along: a dataset, a model, the windows that were observed under it, a job.</summary>
[Alias("oc.IPackable")]
public interface IPackable : IGrainWithStringKey
{
    /// <summary>What it remembers as of now; null when there is nothing.</summary>
    [Alias("PackState"), Audited("backup.take", Counted = true)]
    Task<PackedState?> PackState(CancellationToken cancellation = default);

    /// <summary>Remembers that again, where there is nothing yet; the blobs that it names must be there. A second time changes nothing.</summary>
    /// <exception cref="ClusteringException">There is something else, the state cannot be read, or a blob is not there. Nothing was changed.</exception>
    [Alias("UnpackState"), Audited("backup.restore")]
    Task UnpackState(ReadOnlyMemory<byte> packed, CancellationToken cancellation = default);
}

/// <summary>Something as a backup has it.</summary>
[GenerateSerializer, Immutable, Alias("oc.PackedState")]
public sealed record PackedState
{
    /// <summary>What it remembers, as the storage of a cluster has it.</summary>
    [Id(0)] public required ReadOnlyMemory<byte> State { get; init; }

    /// <summary>Content hashes of the blobs that it names.</summary>
    [Id(1)] public ImmutableArray<string> Blobs { get; init; } = [];

    /// <summary>Content hashes of the manifests that it names, which name shards.</summary>
    [Id(2)] public ImmutableArray<string> Manifests { get; init; } = [];

    /// <summary>The datasets that it speaks of by name; they may be gone.</summary>
    [Id(3)] public ImmutableArray<string> Datasets { get; init; } = [];

    /// <summary>The models that it speaks of by name; they may be gone.</summary>
    [Id(4)] public ImmutableArray<string> Models { get; init; } = [];
}
