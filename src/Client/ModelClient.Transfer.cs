using System.Runtime.CompilerServices;
using OrleansCluster.Models;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Client;

/// <content>Models on their way to another home or cluster.</content>
internal sealed partial class ModelClient
{
    public Task<PackedModel?> PackAsync(string name, CancellationToken cancellation = default) =>
        Calls.Ask(() => Transfer(name).Pack(cancellation), cancellation);

    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadBlobAsync(string name, string hash,
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        for (int offset = 0; ;)
        {
            BlobPiece piece = await Calls.Ask(() => Transfer(name).Read(hash, offset, cancellation), cancellation).ConfigureAwait(false);
            if (!piece.Bytes.IsEmpty)
                yield return piece.Bytes;
            offset += piece.Bytes.Length;
            if (offset >= piece.Length)
                yield break;
            if (piece.Bytes.IsEmpty)
                throw new ClusteringException($"The blob {hash} ended after {offset} of {piece.Length} bytes.");
        }
    }

    public async Task WriteBlobAsync(string hash, IAsyncEnumerable<ReadOnlyMemory<byte>> pieces, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(pieces);
        IBlobImportGrain import = grains.GetGrain<IBlobImportGrain>(GrainKeys.For(tenant, newId()));
        long offset = 0;
        await foreach (ReadOnlyMemory<byte> piece in pieces.WithCancellation(cancellation).ConfigureAwait(false))
        {
            long at = offset;
            await Calls.Ask(() => import.Append(at, piece, cancellation), cancellation).ConfigureAwait(false);
            offset += piece.Length;
        }

        string written = await Calls.Ask(() => import.Commit(cancellation), cancellation).ConfigureAwait(false);
        if (written != hash)
            throw new ClusteringException($"The blob {hash} arrived damaged (its content is {written}): copy it again.");
    }

    public Task<ModelInfo> UnpackAsync(string name, PackedModel model, CancellationToken cancellation = default) =>
        Calls.Ask(() => Transfer(name).Unpack(model, cancellation), cancellation);

    private IModelTransfer Transfer(string name) => grains.GetGrain<IModelTransfer>(GrainKeys.For(tenant, GrainKeys.CheckName("model", name)));
}
