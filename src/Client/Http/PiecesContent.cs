using System.Net;
using System.Net.Http.Headers;

namespace OrleansCluster.Client.Http;

/// <summary>A body that is made while it is sent.</summary>
internal sealed class PiecesContent : HttpContent
{
    private readonly IAsyncEnumerable<ReadOnlyMemory<byte>> _pieces;

    /// <param name="pieces">Its pieces; begun anew when it is sent again.</param>
    public PiecesContent(IAsyncEnumerable<ReadOnlyMemory<byte>> pieces)
    {
        _pieces = pieces;
        Headers.ContentType = new MediaTypeHeaderValue(Requests.Binary);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await foreach (ReadOnlyMemory<byte> piece in _pieces.WithCancellation(cancellationToken).ConfigureAwait(false))
            await stream.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
