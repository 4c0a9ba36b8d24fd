using OrleansCluster.Datasets;

namespace OrleansCluster.Silo.Storage;

/// <summary>
/// One process owns a home folder. The lock is the operating system's and goes with the process, however it ends;
/// beside it lies a note that says who the owner is and how it is reached.
/// </summary>
internal sealed class HomeLock : IDisposable
{
    /// <summary>What Linux, macOS and Windows say when another process holds the lock.</summary>
    private static readonly int[] HeldByAnother = [11, 35, unchecked((int)0x80070020)];

    private readonly FileStream _lock;
    private readonly HomeLayout _home;

    private HomeLock(FileStream file, HomeLayout home) => (_lock, _home, Before) = (file, home, Owner(home));

    /// <summary>What an owner that was killed left written about itself.</summary>
    public OwnerNote? Before { get; }

    /// <summary>Takes the home; null when another process has it.</summary>
    /// <exception cref="ClusteringException">The home cannot be used; the message says why.</exception>
    public static HomeLock? TryTake(HomeLayout home, OwnerNote note)
    {
        FileStream file;
        try
        {
            file = new FileStream(home.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException e) when (HeldByAnother.Contains(e.HResult))
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw home.Unusable(e);
        }

        var taken = new HomeLock(file, home);
        try
        {
            taken.Write(note);
            return taken;
        }
        catch
        {
            taken.Dispose();
            throw;
        }
    }

    /// <summary>Who has the home, as far as it has been written down.</summary>
    public static OwnerNote? Owner(HomeLayout home)
    {
        try
        {
            // Asked first, because most homes have no owner, and an exception costs milliseconds.
            if (!File.Exists(home.Owner))
                return null;
            return OwnerNote.Decode(File.ReadAllBytes(home.Owner));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The owner is just starting or ending: there is nothing more to say about it.
            return null;
        }
    }

    /// <summary>Tells others about this owner.</summary>
    /// <exception cref="ClusteringException">The home cannot be written to.</exception>
    public void Write(OwnerNote note)
    {
        try
        {
            // Replaced as a whole, because others read it at any moment. Worth nothing after a power cut.
            AtomicFile.Write(_home.Owner, note.Encode(), lasts: false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw _home.Unusable(e.GetBaseException());
        }
    }

    /// <summary>Takes the note away. The home stays locked.</summary>
    public void Forget()
    {
        try
        {
            File.Delete(_home.Owner);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // An old note is never believed while the lock can be taken.
        }
    }

    public void Dispose()
    {
        Forget();
        _lock.Dispose();
    }
}
