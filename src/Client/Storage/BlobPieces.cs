using System.Runtime.CompilerServices;
using OrleansCluster.Models;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Client.Storage;

/// <summary>Blobs on their way, piece by piece.</summary>
internal static class BlobPieces
{
    /// <summary>A blob's content, asked for piece by piece.</summary>
    /// <param name="hash">Its content hash.</param>
    /// <param name="read">Asks for the piece from an offset on.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(
        string hash, Func<int, CancellationToken, Task<BlobPiece>> read, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        for (int offset = 0; ;)
        {
            int at = offset;
            BlobPiece piece = await Calls.Ask(() => read(at, cancellation), cancellation).ConfigureAwait(false);
            if (!piece.Bytes.IsEmpty)
                yield return piece.Bytes;
            offset += piece.Bytes.Length;
            if (offset >= piece.Length)
                yield break;
            if (piece.Bytes.IsEmpty)
                throw new ClusteringException($"The blob {hash} ended after {offset} of {piece.Length} bytes.");
        }
    }

    /// <summary>Stores a blob.</summary>
    /// <param name="grains">Where grains are reached.</param>
    /// <param name="tenant">Who stores it.</param>
    /// <param name="id">Tells this blob from others on their way.</param>
    /// <param name="hash">The content hash that it must have.</param>
    /// <param name="pieces">Its content.</param>
    /// <param name="cancellation">Ends the writing.</param>
    /// <returns>Its length in bytes.</returns>
    /// <exception cref="ClusteringException">It has another content.</exception>
    public static async Task<long> WriteAsync(
        IGrainFactory grains, string tenant, string id, string hash, IAsyncEnumerable<ReadOnlyMemory<byte>> pieces, CancellationToken cancellation)
    {
        IBlobImportGrain import = grains.GetGrain<IBlobImportGrain>(GrainKeys.For(tenant, id));
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
        return offset;
    }
}
