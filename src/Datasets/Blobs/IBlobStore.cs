namespace OrleansCluster.Datasets;

/// <summary>
/// Immutable bytes under the SHA-256 of their content (lower-case hex). A blob is there whole or not at all, and reading verifies it.
/// Putting the same content twice is harmless, and repairs a damaged copy. Thread-safe.
/// </summary>
public interface IBlobStore
{
    /// <summary>Begins a blob that is written piece by piece; it exists from <see cref="BlobWriter.CommitAsync"/> on.</summary>
    /// <exception cref="IOException">The store cannot be written to.</exception>
    BlobWriter Create();

    /// <summary>The blob's content, verified.</summary>
    /// <exception cref="BlobStoreException">There is no such blob, or it is damaged.</exception>
    Task<byte[]> ReadAsync(string hash, CancellationToken cancellation = default);

    Task<bool> ExistsAsync(string hash, CancellationToken cancellation = default);

    /// <summary>Removes the blob. Mappings of it that are open stay valid.</summary>
    /// <returns>Whether there was one.</returns>
    Task<bool> DeleteAsync(string hash, CancellationToken cancellation = default);

    /// <summary>
    /// Removes the blob if nobody has written or touched it since a moment; in one step, so that one that is written or touched meanwhile stays.
    /// </summary>
    /// <returns>Whether it was removed.</returns>
    Task<bool> DeleteAsync(string hash, DateTimeOffset before, CancellationToken cancellation = default);

    /// <summary>
    /// Removes what writers left that came to no end, and to which nothing was added since a moment; where the store does so by itself, nothing.
    /// </summary>
    /// <returns>Bytes that were removed.</returns>
    Task<long> RemoveUnfinishedAsync(DateTimeOffset before, CancellationToken cancellation = default) => Task.FromResult(0L);

    /// <summary>Makes the blob as young as if it were written now. Whoever is about to name one that was there before does so first.</summary>
    /// <returns>Whether there is one.</returns>
    Task<bool> TouchAsync(string hash, CancellationToken cancellation = default);

    /// <summary>Every blob behind a hash, in ordinal order.</summary>
    /// <param name="after">The hash; empty: from the first on.</param>
    /// <param name="cancellation">Ends the listing.</param>
    IAsyncEnumerable<StoredBlob> DescribeAsync(string after = "", CancellationToken cancellation = default);

    /// <summary>Every blob's hash, in ordinal order.</summary>
    IAsyncEnumerable<string> ListAsync(CancellationToken cancellation = default);

    /// <summary>
    /// A local file with the blob's content, to be mapped and never written. It is not verified here: a shard verifies itself when it is opened.
    /// </summary>
    /// <exception cref="BlobStoreException">There is no such blob.</exception>
    Task<string> LocalPathAsync(string hash, CancellationToken cancellation = default);

    /// <summary>As <see cref="LocalPathAsync"/>, with the content as it is stored now: a copy that was made before is replaced.</summary>
    /// <exception cref="BlobStoreException">There is no such blob.</exception>
    Task<string> StoredPathAsync(string hash, CancellationToken cancellation = default) => LocalPathAsync(hash, cancellation);
}

/// <summary>Common ways to put whole blobs.</summary>
public static class BlobStoreExtensions
{
    /// <summary>Stores <paramref name="content"/> and answers its hash.</summary>
    /// <exception cref="IOException">The store cannot be written to.</exception>
    public static async Task<string> PutAsync(this IBlobStore store, ReadOnlyMemory<byte> content, CancellationToken cancellation = default)
    {
        await using BlobWriter writer = store.Create();
        await writer.WriteAsync(content, cancellation).ConfigureAwait(false);
        return await writer.CommitAsync(cancellation).ConfigureAwait(false);
    }
}
