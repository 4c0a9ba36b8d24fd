using OrleansCluster.Datasets;

namespace OrleansCluster.Silo.Storage;

/// <summary>Where things are in a home folder.</summary>
public sealed class HomeLayout
{
    /// <param name="home">The folder; need not exist yet.</param>
    public HomeLayout(string home)
    {
        ArgumentException.ThrowIfNullOrEmpty(home);
        Root = Path.GetFullPath(home);
    }

    public string Root { get; }

    /// <summary>State of grains, a file each.</summary>
    public string Grains => Path.Combine(Root, "grains");

    /// <summary>Shards, manifests, parameters, reports and checkpoints, by content.</summary>
    public string Blobs => Path.Combine(Root, "blobs");

    /// <summary>Reminders, a file each.</summary>
    public string Reminders => Path.Combine(Root, "reminders");

    /// <summary>Locked by the process that owns the home.</summary>
    internal string Lock => Path.Combine(Root, "lock");

    /// <summary>Says who that process is.</summary>
    internal string Owner => Path.Combine(Root, "owner.json");

    /// <summary>Whether a process has the home open, or was killed while it had.</summary>
    public bool SaysOwner => File.Exists(Owner);

    /// <summary>Holds the socket at which that process is joined; for the user of that process alone.</summary>
    internal string Gateway => Path.Combine(Root, "gateway");

    /// <summary>Makes the folders that are missing.</summary>
    /// <exception cref="ClusteringException">The home cannot be used; the message says why.</exception>
    public void Create()
    {
        try
        {
            foreach (string folder in (string[])[Root, Grains, Blobs, Reminders])
                Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(e);
        }
    }

    /// <summary>
    /// Removes what writes of a killed process never finished. Call it as the owner, before anything is written. The blob store looks after itself.
    /// </summary>
    public void RemoveLeftovers()
    {
        foreach (string folder in (string[])[Root, Reminders, .. Directory.GetDirectories(Grains)])
            AtomicFile.RemoveLeftovers(folder);
    }

    /// <summary>What to say when the home cannot be read or written.</summary>
    internal ClusteringException Unusable(Exception e) =>
        new($"The home folder {Root} cannot be used: {(File.Exists(Root) ? "it is a file. Name a folder." : FileFailure.Reason(e))}", e);
}
