using System.Runtime.CompilerServices;

namespace OrleansCluster.Datasets;

/// <summary>
/// Blobs as files <c>ROOT/ab/cd/abcd…</c>. New ones are written in <c>ROOT/tmp</c>, flushed, renamed, and the folder flushed, so a crash at any
/// moment leaves each blob whole or absent. What an earlier process left unfinished is removed when the store is opened; where several processes
/// share a root, only what is so old that nobody can be writing it. What was being collected then comes back: it is collected another time.
/// </summary>
public sealed class FileBlobStore : IBlobStore
{
    /// <summary>Behind the names of blobs that are being looked at once more before they go.</summary>
    private const string Going = ".going";

    private readonly string _root;
    private readonly string _temporary;

    /// <param name="root">The store's folder; created when it is not there.</param>
    /// <param name="shared">Whether other processes use the folder at the same time.</param>
    /// <exception cref="IOException">The folder cannot be used; the message says why.</exception>
    public FileBlobStore(string root, bool shared = false)
    {
        _root = Path.GetFullPath(root);
        _temporary = Path.Combine(_root, "tmp");
        try
        {
            Directory.CreateDirectory(_temporary);
            AtomicFile.RemoveLeftovers(_temporary, shared ? TimeSpan.FromDays(1) : TimeSpan.Zero);
            foreach (string going in Directory.EnumerateFiles(_temporary, "*" + Going))
                Return(going);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The blob store {_root} cannot be used: {FileFailure.Reason(e)}", e);
        }
    }

    public BlobWriter Create() => new Writer(this);

    public async Task<byte[]> ReadAsync(string hash, CancellationToken cancellation = default)
    {
        string path = PathOf(hash);
        byte[] content;
        try
        {
            content = await File.ReadAllBytesAsync(path, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Missing(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BlobStoreException($"{path} cannot be read: {FileFailure.Reason(e)}", e);
        }

        if (ContentHash.Of(content) != hash)
            throw new BlobStoreException($"{path} is damaged: its content is not what its name says. Restore it from a copy, or import or train again.");
        return content;
    }

    public Task<bool> ExistsAsync(string hash, CancellationToken cancellation = default) => Task.FromResult(File.Exists(PathOf(hash)));

    public Task<bool> DeleteAsync(string hash, CancellationToken cancellation = default)
    {
        string path = PathOf(hash);
        try
        {
            bool exists = File.Exists(path);
            if (exists)
                File.Delete(path);
            return Task.FromResult(exists);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{path} cannot be removed: {FileFailure.Reason(e)}", e);
        }
    }

    public Task<bool> DeleteAsync(string hash, DateTimeOffset before, CancellationToken cancellation = default)
    {
        string path = PathOf(hash), going = Path.Combine(_temporary, hash + Going);
        try
        {
            if (!File.Exists(path) || File.GetLastWriteTimeUtc(path) >= before.UtcDateTime)
                return Task.FromResult(false);
            // From here on nobody touches this file; who did in between is seen now, and who comes later finds none and writes it.
            File.Move(path, going, overwrite: true);
            bool old = File.GetLastWriteTimeUtc(going) < before.UtcDateTime;
            if (old)
                File.Delete(going);
            else
                Return(going);
            return Task.FromResult(old);
        }
        catch (FileNotFoundException)
        {
            return Task.FromResult(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{path} cannot be removed: {FileFailure.Reason(e)}", e);
        }
    }

    public Task<bool> TouchAsync(string hash, CancellationToken cancellation = default)
    {
        string path = PathOf(hash);
        try
        {
            if (!File.Exists(path))
                return Task.FromResult(false);
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow);
            return Task.FromResult(true);
        }
        catch (FileNotFoundException)
        {
            return Task.FromResult(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{path} cannot be touched: {FileFailure.Reason(e)}", e);
        }
    }

    public async IAsyncEnumerable<StoredBlob> DescribeAsync(string after = "", [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        foreach (FileInfo blob in Files(after))
        {
            cancellation.ThrowIfCancellationRequested();
            // One that went meanwhile has no length.
            if (blob.Exists)
                yield return new StoredBlob(blob.Name, blob.Length, blob.LastWriteTimeUtc);
        }

        await Task.CompletedTask.ConfigureAwait(false);
    }

    /// <summary>The files behind a hash; folders before it are not looked into.</summary>
    private IEnumerable<FileInfo> Files(string after) =>
        from first in Sorted(Directory.GetDirectories(_root, "??"))
        where IsBehind(Path.GetFileName(first), after)
        from second in Sorted(Directory.GetDirectories(first, "??"))
        where IsBehind(Path.GetFileName(first) + Path.GetFileName(second), after)
        from blob in Sorted(Directory.GetFiles(second))
        where string.CompareOrdinal(Path.GetFileName(blob), after) > 0
        select new FileInfo(blob);

    /// <summary>Whether hashes that begin so may come behind one.</summary>
    private static bool IsBehind(string start, string after) =>
        after.Length < start.Length || string.CompareOrdinal(start, 0, after, 0, start.Length) >= 0;

    /// <summary>Gives a blob its place again.</summary>
    private void Return(string going) => File.Move(going, PathOf(Path.GetFileName(going)[..^Going.Length]), overwrite: true);

    public async IAsyncEnumerable<string> ListAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        foreach (string first in Sorted(Directory.GetDirectories(_root, "??")))
        {
            foreach (string second in Sorted(Directory.GetDirectories(first, "??")))
            {
                cancellation.ThrowIfCancellationRequested();
                foreach (string blob in Sorted(Directory.GetFiles(second)))
                    yield return Path.GetFileName(blob);
            }
        }

        await Task.CompletedTask.ConfigureAwait(false);
    }

    public Task<string> LocalPathAsync(string hash, CancellationToken cancellation = default)
    {
        string path = PathOf(hash);
        return File.Exists(path) ? Task.FromResult(path) : Task.FromException<string>(Missing(path));
    }

    private static string[] Sorted(string[] names)
    {
        Array.Sort(names, StringComparer.Ordinal);
        return names;
    }

    private static BlobStoreException Missing(string path) =>
        new($"{path} is missing. Restore it from a copy, or import or train again.");

    private string PathOf(string hash)
    {
        ContentHash.Check(hash);
        return Path.Combine(_root, hash[..2], hash[2..4], hash);
    }

    private sealed class Writer(FileBlobStore store) : BlobWriter
    {
        private readonly AtomicFile _file = AtomicFile.CreateNameless(store._temporary);

        protected override ValueTask WriteCoreAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) =>
            _file.WriteAsync(bytes, cancellation);

        // Flushing can take long on a busy disk, so it leaves the caller's scheduler.
        protected override Task CommitCoreAsync(string hash, CancellationToken cancellation) => Task.Run(() => Commit(store.PathOf(hash)), cancellation);

        private void Commit(string path)
        {
            try
            {
                _file.CommitAs(path);
            }
            catch (IOException) when (OperatingSystem.IsWindows() && File.Exists(path))
            {
                // Windows replaces no file that is mapped, and one that is mapped was verified.
            }
        }

        protected override ValueTask DisposeCoreAsync()
        {
            _file.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
