using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace OrleansCluster.Datasets;

/// <summary>
/// Blobs in memory, for tests and simulations: every call completes before it returns. Local paths are files in a private folder,
/// made on first use and removed by <see cref="Dispose"/>.
/// </summary>
public sealed class MemoryBlobStore : IBlobStore, IDisposable
{
    private readonly ConcurrentDictionary<string, byte[]> _blobs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _touched = new(StringComparer.Ordinal);
    private readonly object _lock = new();
    private readonly Lazy<DirectoryInfo> _folder = new(() => Directory.CreateTempSubdirectory("blobs-"));

    public BlobWriter Create() => new Writer(this);

    public Task<byte[]> ReadAsync(string hash, CancellationToken cancellation = default)
    {
        ContentHash.Check(hash);
        if (!_blobs.TryGetValue(hash, out byte[]? content))
            return Task.FromException<byte[]>(new BlobStoreException($"There is no blob {hash}."));
        if (ContentHash.Of(content) != hash)
            return Task.FromException<byte[]>(new BlobStoreException($"The blob {hash} is damaged."));
        return Task.FromResult(content.AsSpan().ToArray());
    }

    public Task<bool> ExistsAsync(string hash, CancellationToken cancellation = default) => Task.FromResult(_blobs.ContainsKey(hash));

    public Task<bool> DeleteAsync(string hash, CancellationToken cancellation = default)
    {
        if (_folder.IsValueCreated)
            File.Delete(Path.Combine(_folder.Value.FullName, hash));
        return Task.FromResult(_blobs.TryRemove(hash, out _));
    }

    public Task<bool> DeleteAsync(string hash, DateTimeOffset before, CancellationToken cancellation = default)
    {
        lock (_lock)
        {
            return _touched.GetValueOrDefault(hash) < before ? DeleteAsync(hash, cancellation) : Task.FromResult(false);
        }
    }

    public Task<bool> TouchAsync(string hash, CancellationToken cancellation = default)
    {
        lock (_lock)
        {
            bool exists = _blobs.ContainsKey(hash);
            if (exists)
                _touched[hash] = DateTimeOffset.UtcNow;
            return Task.FromResult(exists);
        }
    }

    public async IAsyncEnumerable<StoredBlob> DescribeAsync(string after = "", [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        foreach ((string hash, byte[] content) in _blobs.OrderBy(blob => blob.Key, StringComparer.Ordinal))
        {
            DateTimeOffset touched;
            lock (_lock)
                touched = _touched.GetValueOrDefault(hash);
            if (string.CompareOrdinal(hash, after) > 0)
                yield return new StoredBlob(hash, content.Length, touched);
        }

        await Task.CompletedTask.ConfigureAwait(false);
    }

    public async IAsyncEnumerable<string> ListAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        foreach (string hash in _blobs.Keys.Order(StringComparer.Ordinal))
            yield return hash;
        await Task.CompletedTask.ConfigureAwait(false);
    }

    public Task<string> LocalPathAsync(string hash, CancellationToken cancellation = default)
    {
        ContentHash.Check(hash);
        if (!_blobs.TryGetValue(hash, out byte[]? content))
            return Task.FromException<string>(new BlobStoreException($"There is no blob {hash}."));
        string path = Path.Combine(_folder.Value.FullName, hash);
        if (!File.Exists(path))
            AtomicFile.Write(path, content);
        return Task.FromResult(path);
    }

    public void Dispose()
    {
        if (_folder.IsValueCreated)
            _folder.Value.Delete(recursive: true);
    }

    private sealed class Writer(MemoryBlobStore store) : BlobWriter
    {
        private readonly MemoryStream _content = new();

        protected override ValueTask WriteCoreAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
        {
            _content.Write(bytes.Span);
            return ValueTask.CompletedTask;
        }

        protected override Task CommitCoreAsync(string hash, CancellationToken cancellation)
        {
            lock (store._lock)
            {
                store._blobs[hash] = _content.ToArray();
                store._touched[hash] = DateTimeOffset.UtcNow;
            }

            return Task.CompletedTask;
        }

        protected override ValueTask DisposeCoreAsync() => _content.DisposeAsync();
    }
}
