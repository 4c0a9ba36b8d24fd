using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using OrleansCluster.Datasets;
using OrleansCluster.Silo.Storage;

namespace OrleansCluster.Silo.Clustering;

/// <summary>
/// Blobs in one container of Azure Blob Storage, under their hashes. What is being written waits in a local file, because its name is known at the end only.
/// </summary>
internal sealed class AzureBlobStore(BlobContainerClient container, LocalBlobCache cache) : IBlobStore
{
    public BlobWriter Create() => new Writer(container);

    public Task<byte[]> ReadAsync(string hash, CancellationToken cancellation = default) => Guard($"blob {hash}", async () =>
    {
        BlobDownloadResult result = await container.GetBlobClient(hash).DownloadContentAsync(cancellation).ConfigureAwait(false);
        byte[] content = result.Content.ToArray();
        return ContentHash.Of(content) == hash
            ? content
            : throw new BlobStoreException($"The blob {hash} in the container {container.Name} is damaged. Restore it from a copy, or import or train again.");
    }, cancellation);

    public Task<bool> ExistsAsync(string hash, CancellationToken cancellation = default) =>
        Guard($"blob {hash}", async () => (await container.GetBlobClient(hash).ExistsAsync(cancellation).ConfigureAwait(false)).Value, cancellation);

    public Task<bool> DeleteAsync(string hash, CancellationToken cancellation = default) =>
        Guard(
            $"blob {hash}",
            async () => (await container.GetBlobClient(hash).DeleteIfExistsAsync(cancellationToken: cancellation).ConfigureAwait(false)).Value,
            cancellation);

    public Task<bool> DeleteAsync(string hash, DateTimeOffset before, CancellationToken cancellation = default) => Guard($"blob {hash}", async () =>
    {
        try
        {
            // The condition is of whole seconds: one of the last of them stays.
            var unchanged = new BlobRequestConditions { IfUnmodifiedSince = before.AddSeconds(-1) };
            Response<bool> gone = await container.GetBlobClient(hash).DeleteIfExistsAsync(
                DeleteSnapshotsOption.None, unchanged, cancellation).ConfigureAwait(false);
            return gone.Value;
        }
        catch (RequestFailedException e) when (e.Status == 412)
        {
            return false;
        }
    }, cancellation);

    public async Task<bool> TouchAsync(string hash, CancellationToken cancellation = default)
    {
        try
        {
            return await Guard($"blob {hash}", async () =>
            {
                // Whatever changes it makes it young.
                await container.GetBlobClient(hash).SetMetadataAsync(
                    new Dictionary<string, string>(StringComparer.Ordinal) { ["touched"] = "1" }, cancellationToken: cancellation).ConfigureAwait(false);
                return true;
            }, cancellation).ConfigureAwait(false);
        }
        catch (BlobStoreException)
        {
            return false;
        }
    }

    public async IAsyncEnumerable<StoredBlob> DescribeAsync(string after = "", [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await using IAsyncEnumerator<BlobItem> blobs = container.GetBlobsAsync(cancellationToken: cancellation).GetAsyncEnumerator(cancellation);
        while (await Guard($"container {container.Name}", async () => await blobs.MoveNextAsync().ConfigureAwait(false), cancellation).ConfigureAwait(false))
        {
            if (string.CompareOrdinal(blobs.Current.Name, after) > 0)
                yield return new StoredBlob(
                    blobs.Current.Name, blobs.Current.Properties.ContentLength ?? 0, blobs.Current.Properties.LastModified ?? DateTimeOffset.MaxValue);
        }
    }

    public async IAsyncEnumerable<string> ListAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await using IAsyncEnumerator<BlobItem> blobs = container.GetBlobsAsync(cancellationToken: cancellation).GetAsyncEnumerator(cancellation);
        while (await Guard($"container {container.Name}", async () => await blobs.MoveNextAsync().ConfigureAwait(false), cancellation).ConfigureAwait(false))
            yield return blobs.Current.Name;
    }

    public Task<string> LocalPathAsync(string hash, CancellationToken cancellation = default) => cache.Get(hash, file => CopyAsync(hash, file, cancellation));

    public Task<string> StoredPathAsync(string hash, CancellationToken cancellation = default) =>
        cache.GetAgain(hash, file => CopyAsync(hash, file, cancellation));

    private Task<bool> CopyAsync(string hash, AtomicFile file, CancellationToken cancellation) => Guard($"blob {hash}", async () =>
    {
        using BlobDownloadStreamingResult result = await container.GetBlobClient(hash).DownloadStreamingAsync(cancellationToken: cancellation)
            .ConfigureAwait(false);
        var buffer = new byte[1 << 16];
        for (int read; (read = await result.Content.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0;)
            await file.WriteAsync(buffer.AsMemory(0, read), cancellation).ConfigureAwait(false);
        return true;
    }, cancellation);

    /// <summary>An account that does not answer is away, not wrong.</summary>
    private static async Task<T> Guard<T>(string what, Func<Task<T>> action, CancellationToken cancellation)
    {
        try
        {
            return await action().ConfigureAwait(false);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            throw new BlobStoreException($"The {what} is missing. Restore it from a copy, or import or train again.", e);
        }
        catch (Exception e) when (AzureAccount.IsAway(e, cancellation))
        {
            throw new UnavailableException($"The storage account that holds the blobs does not answer: {AzureAccount.Reason(e)}.", e);
        }
    }

    private sealed class Writer(BlobContainerClient container) : BlobWriter
    {
        private readonly FileStream _file = new(
            Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16,
                FileOptions.DeleteOnClose);

        protected override ValueTask WriteCoreAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => _file.WriteAsync(bytes, cancellation);

        protected override Task CommitCoreAsync(string hash, CancellationToken cancellation) => Guard($"blob {hash}", async () =>
        {
            _file.Position = 0;
            await container.GetBlobClient(hash).UploadAsync(_file, overwrite: true, cancellation).ConfigureAwait(false);
            return true;
        }, cancellation);

        protected override ValueTask DisposeCoreAsync() => _file.DisposeAsync();
    }
}
