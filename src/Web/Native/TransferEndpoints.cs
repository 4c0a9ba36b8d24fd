using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansCluster.Client;
using OrleansCluster.Models;
using OrleansCluster.Web.Exchange;
using OrleansCluster.Web.Problems;

namespace OrleansCluster.Web.Native;

/// <summary>
/// Models on their way from one home, cluster or service to another, as the .NET client copies them: what a model remembers, as it is stored, and the blobs
/// that it names, each under the hash of its content.
/// </summary>
internal sealed class TransferEndpoints(NativeApi api)
{
    private const string Heading = "models", Packed = NativeApi.Root + "/models/{model}/packed", Blob = "/blobs/{hash}", Binary = "application/octet-stream";

    /// <summary>Most bytes of what a model remembers: thousands of versions take some megabytes.</summary>
    private const int MostStateBytes = 64 << 20;

    private IModelClient Models => api.Client.Models;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapWire("GET", Packed, "packModel", "What a model remembers, to be copied by the .NET client", http =>
        {
            Queries.Check(http.Request);
            return Models.PackAsync(Queries.Path(http, "model"), http.RequestAborted);
        }).Under(Heading);
        routes.Map("GET", NativeApi.Root + "/models/{model}" + Blob, "readBlob", "A blob that a model names, by the hash of its content", ReadAsync)
            .Under(Heading).WithMetadata(new BytesDescription(Binary));
        routes.Map("PUT", NativeApi.Root + Blob, "writeBlob", "Stores a blob of a model that is copied here, under the hash of its content", WriteAsync)
            .Under(Heading).Takes<Stream>(Binary).GivesNothing();
        routes.MapWire("PUT", Packed, "unpackModel", "Becomes a model that was packed elsewhere, whose blobs are here", UnpackAsync)
            .Under(Heading).Takes<Stream>(Binary);
    }

    private async Task ReadAsync(HttpContext http)
    {
        Queries.Check(http.Request);
        await foreach (ReadOnlyMemory<byte> piece in Models.ReadBlobAsync(Queries.Path(http, "model"), Hash(http), http.RequestAborted).ConfigureAwait(false))
        {
            http.Response.ContentType ??= Binary;
            await http.Response.BodyWriter.WriteAsync(piece, http.RequestAborted).ConfigureAwait(false);
        }

        http.Response.ContentType ??= Binary;
    }

    private async Task WriteAsync(HttpContext http)
    {
        Queries.Check(http.Request);
        await Models.WriteBlobAsync(Hash(http), PiecesAsync(http.Request.Body, http.RequestAborted), http.RequestAborted).ConfigureAwait(false);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async Task<ModelInfo> UnpackAsync(HttpContext http)
    {
        Queries.Check(http.Request);
        ReadOnlyMemory<byte> state = await Bodies.ReadAllAsync(http, MostStateBytes).ConfigureAwait(false);
        // What else a packed model says is in its state, and is believed of that alone.
        var model = new PackedModel { State = state, Blobs = [], Revision = 0, Versions = 0 };
        return await Models.UnpackAsync(Queries.Path(http, "model"), model, http.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>A content hash in the path.</summary>
    private static string Hash(HttpContext http) => Queries.Path(http, "hash") is { Length: 64 } hash && hash.All(char.IsAsciiHexDigitLower)
        ? hash
        : throw ProblemException.Bad($"'{Queries.Path(http, "hash")}' is no content hash: it has 64 digits from 0 to f.");

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> PiecesAsync(Stream body, [EnumeratorCancellation] CancellationToken cancellation)
    {
        while (true)
        {
            // A piece belongs to whoever gets it.
            var piece = new byte[WireLimits.PieceBytes];
            int length = await body.ReadAtLeastAsync(piece, piece.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
            if (length > 0)
                yield return piece.AsMemory(0, length);
            if (length < piece.Length)
                yield break;
        }
    }
}
