using System.Security.Cryptography;

namespace OrleansCluster.Datasets;

/// <summary>A blob being written. Disposing it before <see cref="CommitAsync"/> leaves nothing behind. Not thread-safe.</summary>
public abstract class BlobWriter : IAsyncDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Bytes written so far.</summary>
    public long Length { get; private set; }

    /// <summary>Adds bytes at the end.</summary>
    /// <exception cref="IOException">The store cannot be written to.</exception>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation = default)
    {
        _hash.AppendData(bytes.Span);
        Length += bytes.Length;
        return WriteCoreAsync(bytes, cancellation);
    }

    /// <summary>Makes the blob exist, lasting, and answers its hash.</summary>
    /// <exception cref="IOException">The store cannot be written to; no blob appeared.</exception>
    public async Task<string> CommitAsync(CancellationToken cancellation = default)
    {
        string hash = Convert.ToHexStringLower(_hash.GetHashAndReset());
        await CommitCoreAsync(hash, cancellation).ConfigureAwait(false);
        return hash;
    }

    public async ValueTask DisposeAsync()
    {
        _hash.Dispose();
        await DisposeCoreAsync().ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }

    protected abstract ValueTask WriteCoreAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation);

    protected abstract Task CommitCoreAsync(string hash, CancellationToken cancellation);

    protected abstract ValueTask DisposeCoreAsync();
}
