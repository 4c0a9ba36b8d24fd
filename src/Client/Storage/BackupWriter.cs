using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace OrleansCluster.Client.Storage;

/// <summary>
/// Writes a backup, front to back. A file is <c>OCBK</c>, a byte with the version of the format, and parts. A part is its kind (a byte), the length of its
/// name (uint16) and the name, pieces, each its length (uint32) and its bytes, the mark 0 or, when it was given up, 2³² − 1, and the SHA-256 of all that.
/// Numbers are little-endian.
/// </summary>
internal sealed class BackupWriter(Stream stream) : IDisposable
{
    public const string Magic = "OCBK";
    public const byte Version = 1;
    public const uint GivenUp = uint.MaxValue;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Parts that were written, those that were given up among them.</summary>
    public long Parts { get; private set; }

    public async Task BeginAsync(CancellationToken cancellation) =>
        await stream.WriteAsync((byte[])[.. Encoding.ASCII.GetBytes(Magic), Version], cancellation).ConfigureAwait(false);

    /// <summary>Writes a part whose pieces come one after the other.</summary>
    /// <exception cref="ClusteringException">The pieces ended badly: the part was given up, and others may follow.</exception>
    public async Task WriteAsync(BackupPart part, string name, IAsyncEnumerable<ReadOnlyMemory<byte>> pieces, CancellationToken cancellation)
    {
        byte[] text = Encoding.UTF8.GetBytes(name), head = new byte[3 + text.Length];
        head[0] = (byte)part;
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(1), checked((ushort)text.Length));
        text.CopyTo(head, 3);
        await PutAsync(head, cancellation).ConfigureAwait(false);
        try
        {
            await foreach (ReadOnlyMemory<byte> piece in pieces.WithCancellation(cancellation).ConfigureAwait(false))
            {
                if (piece.IsEmpty)
                    continue;
                await PutAsync((uint)piece.Length, cancellation).ConfigureAwait(false);
                await PutAsync(piece, cancellation).ConfigureAwait(false);
            }
        }
        catch (ClusteringException)
        {
            await CloseAsync(GivenUp, cancellation).ConfigureAwait(false);
            throw;
        }

        await CloseAsync(0, cancellation).ConfigureAwait(false);
    }

    /// <summary>Writes a part as a whole.</summary>
    public Task WriteAsync(BackupPart part, string name, ReadOnlyMemory<byte> content, CancellationToken cancellation) =>
        WriteAsync(part, name, new[] { content }.ToAsyncEnumerable(), cancellation);

    /// <summary>Says that nothing follows.</summary>
    public async Task EndAsync(CancellationToken cancellation)
    {
        var count = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(count, Parts);
        await WriteAsync(BackupPart.End, "", count, cancellation).ConfigureAwait(false);
        await stream.FlushAsync(cancellation).ConfigureAwait(false);
    }

    public void Dispose() => _hash.Dispose();

    private async Task CloseAsync(uint mark, CancellationToken cancellation)
    {
        await PutAsync(mark, cancellation).ConfigureAwait(false);
        await stream.WriteAsync(_hash.GetHashAndReset(), cancellation).ConfigureAwait(false);
        Parts++;
    }

    private Task PutAsync(uint number, CancellationToken cancellation)
    {
        var bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, number);
        return PutAsync(bytes, cancellation);
    }

    private async Task PutAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        _hash.AppendData(bytes.Span);
        await stream.WriteAsync(bytes, cancellation).ConfigureAwait(false);
    }
}
