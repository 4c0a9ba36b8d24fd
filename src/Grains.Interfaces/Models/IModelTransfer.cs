using System.Collections.Immutable;
using Orleans.Concurrency;
using OrleansCluster.Datasets;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Models;

/// <summary>A model on its way to another home or cluster, with all its versions, names and history; key: <c>tenant/name</c>.</summary>
[Alias("oc.IModelTransfer")]
public interface IModelTransfer : IPackable
{
    /// <summary>The model as it is now; null when there is none.</summary>
    [Alias("Pack"), AlwaysInterleave]
    Task<PackedModel?> Pack(CancellationToken cancellation = default);

    /// <summary>A piece of a blob of the model.</summary>
    /// <exception cref="ClusteringException">The model names no such blob, or it cannot be read.</exception>
    [Alias("Read"), AlwaysInterleave, Audited("model.copy", Counted = true)]
    Task<BlobPiece> Read(string hash, int offset, CancellationToken cancellation = default);

    /// <summary>
    /// Becomes that model, whose blobs must be there. A model that is here already takes over what is newer, when all that it has itself is in what comes.
    /// Asked twice it changes once.
    /// </summary>
    /// <exception cref="ClusteringException">The model here has changes that are not in what comes, or that cannot be read. Nothing was changed.</exception>
    [Alias("Unpack"), Audited("model.unpack")]
    Task<ModelInfo> Unpack(PackedModel model, CancellationToken cancellation = default);
}

/// <summary>Takes a blob, piece by piece; key: <c>tenant/id</c>, a new one for each blob.</summary>
[Alias("oc.IBlobImportGrain")]
public interface IBlobImportGrain : IGrainWithStringKey
{
    /// <summary>Adds bytes. A piece that was taken already is passed over.</summary>
    /// <param name="offset">Where they belong.</param>
    /// <param name="bytes">A piece.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    [Alias("Append")]
    Task Append(long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellation = default);

    /// <summary>Stores what was added.</summary>
    /// <returns>Its content hash.</returns>
    [Alias("Commit")]
    Task<string> Commit(CancellationToken cancellation = default);
}

/// <summary>A model as it travels.</summary>
[GenerateSerializer, Immutable, Alias("oc.PackedModel")]
public sealed record PackedModel
{
    /// <summary>What the model remembers, as the storage of a cluster has it.</summary>
    [Id(0)] public required ReadOnlyMemory<byte> State { get; init; }

    /// <summary>Content hashes of all blobs that it names, each once.</summary>
    [Id(1)] public required ImmutableArray<string> Blobs { get; init; }

    [Id(2)] public required long Revision { get; init; }

    [Id(3)] public required int Versions { get; init; }
}

/// <summary>Part of a blob.</summary>
[GenerateSerializer, Immutable, Alias("oc.BlobPiece")]
public sealed record BlobPiece
{
    /// <summary>Bytes of the whole blob.</summary>
    [Id(0)] public required int Length { get; init; }

    [Id(1)] public required ReadOnlyMemory<byte> Bytes { get; init; }
}
