using OrleansCluster.Client.Storage;
using OrleansCluster.Models;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Client;

/// <content>Models on their way to another home or cluster.</content>
internal sealed partial class ModelClient
{
    public Task<PackedModel?> PackAsync(string name, CancellationToken cancellation = default) =>
        Calls.Ask(() => Transfer(name).Pack(cancellation), cancellation);

    public IAsyncEnumerable<ReadOnlyMemory<byte>> ReadBlobAsync(string name, string hash, CancellationToken cancellation = default) =>
        BlobPieces.ReadAsync(hash, (offset, stop) => Transfer(name).Read(hash, offset, stop), cancellation);

    public Task WriteBlobAsync(string hash, IAsyncEnumerable<ReadOnlyMemory<byte>> pieces, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(pieces);
        return BlobPieces.WriteAsync(grains, tenant, newId(), hash, pieces, cancellation);
    }

    public Task<ModelInfo> UnpackAsync(string name, PackedModel model, CancellationToken cancellation = default) =>
        Calls.Ask(() => Transfer(name).Unpack(model, cancellation), cancellation);

    private IModelTransfer Transfer(string name) => grains.GetGrain<IModelTransfer>(GrainKeys.For(tenant, GrainKeys.CheckName("model", name)));
}
