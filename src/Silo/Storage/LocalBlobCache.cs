using OrleansCluster.Datasets;

namespace OrleansCluster.Silo.Storage;

/// <summary>
/// Copies of blobs in a folder of this silo's own, so that a shard is fetched once however many jobs use it. Bounded in bytes: when it is full, what was
/// used longest ago goes. A copy that is mapped stays readable after its file is gone. Copies are not trusted: whoever maps a shard verifies it. Thread-safe.
/// </summary>
internal sealed class LocalBlobCache
{
    private readonly string _folder;
    private readonly long _capacity;
    private readonly object _lock = new();
    private readonly Dictionary<string, Task<string>> _fetching = new(StringComparer.Ordinal);

    /// <param name="folder">The folder; created when it is not there, and not shared with other silos.</param>
    /// <param name="capacity">Most bytes kept; one blob that is larger is kept all the same.</param>
    /// <exception cref="ClusteringException">The folder cannot be used.</exception>
    public LocalBlobCache(string folder, long capacity)
    {
        (_folder, _capacity) = (folder, capacity);
        try
        {
            Directory.CreateDirectory(folder);
            AtomicFile.RemoveLeftovers(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ClusteringException($"The setting Cluster:Cache names {folder}, which cannot be used: {e.Message}", e);
        }
    }

    /// <summary>The file with the blob's content, fetched by the first who asks.</summary>
    /// <param name="hash">The blob.</param>
    /// <param name="fetch">Writes its content piece by piece.</param>
    public async Task<string> Get(string hash, Func<AtomicFile, Task> fetch)
    {
        string path = Path.Combine(_folder, hash);
        if (File.Exists(path))
        {
            // The time of the last use decides who goes first.
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow);
            return path;
        }

        Task<string> fetching;
        lock (_lock)
        {
            if (!_fetching.TryGetValue(hash, out fetching!))
                _fetching.Add(hash, fetching = Task.Run(() => Fetch(hash, path, fetch)));
        }

        return await fetching.ConfigureAwait(false);
    }

    /// <summary>The file with the blob's content as it is stored now. Mappings of an earlier copy stay valid.</summary>
    /// <inheritdoc cref="Get"/>
    public Task<string> GetAgain(string hash, Func<AtomicFile, Task> fetch) => Fetch(hash, Path.Combine(_folder, hash), fetch);

    private async Task<string> Fetch(string hash, string path, Func<AtomicFile, Task> fetch)
    {
        try
        {
            using AtomicFile file = AtomicFile.Create(path);
            await fetch(file).ConfigureAwait(false);
            file.Commit();
            MakeRoom(path);
            return path;
        }
        finally
        {
            lock (_lock)
                _fetching.Remove(hash);
        }
    }

    private void MakeRoom(string newest)
    {
        FileInfo[] files = [.. new DirectoryInfo(_folder).EnumerateFiles().OrderBy(file => file.LastWriteTimeUtc)];
        long bytes = files.Sum(file => file.Length);
        foreach (FileInfo file in files)
        {
            if (bytes <= _capacity)
                return;
            if (file.FullName == newest)
                continue;
            bytes -= file.Length;
            file.Delete();
        }
    }
}
