using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace OrleansCluster.Datasets;

/// <summary>
/// A file that is seen whole or not at all: written under a temporary name in the same folder, flushed to the disk, renamed, and the
/// folder flushed. Until <see cref="Commit"/> an earlier file of that name stays as it was; without it nothing remains.
/// </summary>
public sealed class AtomicFile : IByteSink
{
    private const string Suffix = ".tmp";

    private const int OwnerDigits = 12;

    // Process ids repeat across containers that share a folder.
    private static readonly string Owner = RandomNumberGenerator.GetHexString(OwnerDigits, lowercase: true);

    private static long _counter;

    private readonly string _target;
    private readonly string _temporary;
    private readonly FileStream _stream;
    private bool _finished;

    private AtomicFile(string target, string temporary)
    {
        (_target, _temporary) = (target, temporary);
        // Unbuffered: what is written has reached the system, so that a full disk is met here and not in Dispose.
        _stream = Guard(() => new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0));
    }

    /// <summary>Begins the file <paramref name="path"/>, whose folder must exist. Of a link, what it leads to is written.</summary>
    /// <exception cref="IOException">The file cannot be created; the message says why.</exception>
    public static AtomicFile Create(string path)
    {
        string target = Path.GetFullPath(path);
        if (new FileInfo(target).LinkTarget is not null)
            target = File.ResolveLinkTarget(target, returnFinalTarget: true)!.FullName;
        if (Directory.Exists(target))
            throw new IOException($"{target} cannot be written: it is a folder. Give the name of a file.");
        // A rename would put a file in the place of the device.
        if (!OperatingSystem.IsWindows() && (target.StartsWith("/dev/", StringComparison.Ordinal) || target.StartsWith("/proc/", StringComparison.Ordinal)))
            throw new IOException($"{path} cannot be written: it is a device or a pipe, and files here appear whole by being renamed. Give the name "
                + "of a file.");
        return new AtomicFile(target, TemporaryName(target));
    }

    /// <summary>Writes the whole file <paramref name="path"/>: afterwards it holds <paramref name="bytes"/>, before and on any failure what it held.</summary>
    /// <exception cref="IOException">The file cannot be written (no permission, no such folder, disk full); the message says why.</exception>
    /// <param name="path">The file.</param>
    /// <param name="bytes">What it is to hold.</param>
    /// <param name="lasts">Whether it has to be there after a power cut, which takes milliseconds.</param>
    public static void Write(string path, ReadOnlySpan<byte> bytes, bool lasts = true)
    {
        using AtomicFile file = Create(path);
        file.Write(bytes);
        file.CommitAs(file._target, lasts);
    }

    /// <summary>Removes what writes that never finished left in <paramref name="folder"/>. Call it before anything else of this process writes there.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="age">How long nothing must have been written to a file: younger ones may be another process's.</param>
    public static void RemoveLeftovers(string folder, TimeSpan age = default)
    {
        foreach (string file in Directory.EnumerateFiles(folder, "*" + Suffix))
        {
            if (age == TimeSpan.Zero || DateTime.UtcNow - File.GetLastWriteTimeUtc(file) > age)
                File.Delete(file);
        }
    }

    /// <summary>What writers of a file left that never finished and are no more: their temporary files, which nobody has open.</summary>
    /// <param name="path">The file that they were writing.</param>
    /// <returns>Their paths.</returns>
    public static IReadOnlyList<string> Abandoned(string path)
    {
        string target = Path.GetFullPath(path), folder = Path.GetDirectoryName(target)!;
        if (!Directory.Exists(folder))
            return [];
        return [.. Directory.EnumerateFiles(folder, "*" + Suffix).Where(file => IsTemporaryOf(file, target) && !IsOpen(file)).Order(StringComparer.Ordinal)];
    }

    /// <summary>Adds bytes at the end.</summary>
    /// <exception cref="IOException">The disk is full or fails; the message says which file.</exception>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _stream.Write(bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Explain(e);
        }
    }

    /// <inheritdoc cref="Write(ReadOnlySpan{byte})"/>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation = default)
    {
        try
        {
            await _stream.WriteAsync(bytes, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Explain(e);
        }
    }

    /// <summary>The file as a stream that is written front to back. What goes through it is there once it was flushed.</summary>
    public Stream AsStream() => new BufferedStream(new SinkStream(this), 1 << 20);

    /// <summary>Makes the file appear under its name, lasting.</summary>
    /// <exception cref="IOException">It could not be made lasting; the earlier file is untouched.</exception>
    public void Commit() => CommitAs(_target);

    /// <summary>As <see cref="Commit"/>, under a name found only after the content was known.</summary>
    internal void CommitAs(string target, bool lasts = true) => Guard(() =>
    {
        string folder = Path.GetDirectoryName(target)!;
        CreateFolder(folder);
        _stream.Flush(flushToDisk: lasts);
        _stream.Dispose();
        File.Move(_temporary, target, overwrite: true);
        _finished = true;
        if (lasts)
            FlushFolder(folder);
        return true;
    });

    /// <summary>Begins a file in <paramref name="folder"/> whose final name <see cref="CommitAs"/> will give (same volume).</summary>
    internal static AtomicFile CreateNameless(string folder) => new(folder, TemporaryName(Path.Combine(folder, "new")));

    public void Dispose()
    {
        _stream.Dispose();
        if (_finished)
            return;
        _finished = true;
        try
        {
            File.Delete(_temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The leftover is harmless and removed at the next start; the failure that led here is the one to report.
        }
    }

    private static string TemporaryName(string target) => string.Create(
        CultureInfo.InvariantCulture, $"{target}.{Owner}-{Interlocked.Increment(ref _counter)}{Suffix}");

    /// <summary>Whether a name is one that <see cref="TemporaryName"/> gives.</summary>
    private static bool IsTemporaryOf(string file, string target)
    {
        if (file.Length <= target.Length + 1 + Suffix.Length || !file.StartsWith(target + ".", StringComparison.Ordinal)
            || !file.EndsWith(Suffix, StringComparison.Ordinal))
            return false;
        string[] parts = file[(target.Length + 1)..^Suffix.Length].Split('-');
        return parts is [{ Length: OwnerDigits } owner, { Length: > 0 } count] && owner.All(char.IsAsciiHexDigitLower) && count.All(char.IsAsciiDigit);
    }

    /// <summary>A writer has its file for itself as long as it lives.</summary>
    private static bool IsOpen(string file)
    {
        try
        {
            using var opened = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    private T Guard<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Explain(e);
        }
    }

    private IOException Explain(Exception e) => new($"{_target} cannot be written: {FileFailure.Reason(e)}", e);

    /// <summary>Makes a folder, lasting, with those above it.</summary>
    private static void CreateFolder(string folder)
    {
        if (Directory.Exists(folder))
            return;
        string parent = Path.GetDirectoryName(folder)!;
        CreateFolder(parent);
        Directory.CreateDirectory(folder);
        FlushFolder(parent);
    }

    /// <summary>Makes renames in a folder lasting. On Windows the rename is, and a folder cannot be flushed.</summary>
    private static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        // File.OpenHandle refuses folders, so the handle comes from open(2); read-only is 0 everywhere.
        using var handle = new SafeFileHandle(OpenFolder(folder, 0), ownsHandle: true);
        if (handle.IsInvalid)
            throw new IOException($"the folder {folder} cannot be flushed (error {Marshal.GetLastPInvokeError()})");
        RandomAccess.FlushToDisk(handle);
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int OpenFolder([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);
}
