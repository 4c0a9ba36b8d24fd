using System.Globalization;
using System.Text.Json;

namespace OrleansCluster.Silo.Storage;

/// <summary>
/// One process owns a home folder. The lock is the operating system's and goes with the process, however it ends;
/// beside it lies a note that says who the owner is.
/// </summary>
public sealed class HomeLock : IDisposable
{
    private readonly FileStream _lock;
    private readonly string _note;

    private HomeLock(FileStream file, string note) => (_lock, _note) = (file, note);

    /// <summary>Takes the home.</summary>
    /// <exception cref="ClusteringException">Another process has it; the message names it.</exception>
    public static HomeLock Take(HomeLayout home)
    {
        ArgumentNullException.ThrowIfNull(home);
        string path = Path.Combine(home.Root, "lock"), note = Path.Combine(home.Root, "owner.json");
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new ClusteringException($"The home folder {home.Root} cannot be used: {e.Message} Give this user access to it, or name another one.", e);
        }
        catch (IOException e)
        {
            throw new ClusteringException($"The home folder {home.Root} is in use by {Owner(note)}: wait until it ends, or use another home.", e);
        }

        using var process = System.Diagnostics.Process.GetCurrentProcess();
        try
        {
            File.WriteAllBytes(note, JsonSerializer.SerializeToUtf8Bytes(new OwnerNote(process.Id, process.StartTime.ToUniversalTime())));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            file.Dispose();
            throw new ClusteringException($"The home folder {home.Root} cannot be written to: {e.Message} Free some space, give this user access, or name another home.", e);
        }

        return new HomeLock(file, note);
    }

    public void Dispose()
    {
        try
        {
            File.Delete(_note);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // An old note is never believed while the lock can be taken.
        }

        _lock.Dispose();
    }

    private static string Owner(string note)
    {
        try
        {
            if (JsonSerializer.Deserialize<OwnerNote>(File.ReadAllBytes(note)) is { } owner)
                return string.Create(CultureInfo.InvariantCulture, $"process {owner.ProcessId} (started {owner.Started:yyyy-MM-dd HH:mm:ss} UTC)");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            // The owner is just starting or ending: there is nothing more to say about it.
        }

        return "another process";
    }

    private sealed record OwnerNote(int ProcessId, DateTime Started);
}
