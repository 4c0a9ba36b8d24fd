using OrleansCluster.Models;

namespace OrleansCluster.Client.Http;

/// <content>Models on their way to another home, cluster or service.</content>
internal sealed partial class HttpModelClient
{
    public Task<PackedModel?> PackAsync(string name, CancellationToken cancellation = default) => GetAsync<PackedModel?>(name, "/packed", cancellation);

    public IAsyncEnumerable<ReadOnlyMemory<byte>> ReadBlobAsync(string name, string hash, CancellationToken cancellation = default) =>
        service.BytesAsync($"{Of(name)}/{Blob(hash)}", cancellation);

    public Task WriteBlobAsync(string hash, IAsyncEnumerable<ReadOnlyMemory<byte>> pieces, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(pieces);
        return service.TellAsync(HttpMethod.Put, Blob(hash), cancellation, () => new PiecesContent(pieces));
    }

    public Task<ModelInfo> UnpackAsync(string name, PackedModel model, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        return service.AskAsync<ModelInfo>(HttpMethod.Put, Of(name) + "/packed", cancellation, Requests.Bytes(model.State));
    }

    private static string Blob(string hash) => "blobs/" + Uri.EscapeDataString(hash);
}
