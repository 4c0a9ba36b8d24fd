namespace OrleansCluster.Cluster.Tests.Parts;

/// <summary>
/// A server of a test's own, on free ports of the loopback and in a temporary folder, on which silos stand. It has a password or key, and keeps what it is
/// told across a stop.
/// </summary>
internal abstract class Server : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;

    protected Server(string name) => _folder = Directory.CreateTempSubdirectory($"cluster-{name}-");

    /// <summary>How silos and clients call it, as in <c>Clustering=</c> and <c>--cluster</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>The connection, with the secret.</summary>
    public abstract string Connection { get; }

    /// <summary>What nobody may be shown.</summary>
    public abstract string Secret { get; }

    /// <summary>Settings of silos that keep everything there that the provider can keep, as <c>KEY=VALUE</c>.</summary>
    public virtual string[] Settings => [$"Clustering={Kind}", $"Blobs={Kind}", $"Connection={Connection}"];

    protected string Folder => _folder.FullName;

    /// <summary>Reminders that are written down there.</summary>
    public abstract Task<int> RemindersAsync();

    /// <summary>Brings it back.</summary>
    public abstract Task ResumeAsync();

    /// <summary>Takes it away.</summary>
    public abstract Task PauseAsync();

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _folder.Delete(recursive: true);
    }

    protected abstract Task EndAsync();

    /// <summary>Skips the test where a program is missing.</summary>
    protected static void Needs(string what, string program, string? found) => Assert.SkipWhen(found is null, $"NOT RUN on {what}: {program}.");

    /// <summary>Resumes a server that was just made, or leaves nothing of it.</summary>
    protected static async Task<T> Started<T>(T server, Func<T, Task> start)
        where T : Server
    {
        try
        {
            await start(server);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }
}
