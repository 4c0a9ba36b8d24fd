using System.Globalization;

namespace OrleansCluster.Cluster.Tests.Parts;

/// <summary>A Redis server of a test's own, which keeps what it is told across a stop.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cluster-redis-");
    private readonly int _port = ChildProcess.FreePort();
    private ChildProcess? _process;

    private RedisServer()
    {
    }

    public string Connection => $"127.0.0.1:{_port.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Starts one; skips the test where there is no redis-server.</summary>
    public static async Task<RedisServer> StartAsync()
    {
        Assert.SkipUnless(ChildProcess.OnPath("redis-server") is not null, "NOT RUN on Redis: redis-server is not on the path (Debian: apt install redis-server).");
        var server = new RedisServer();
        await server.ResumeAsync();
        return server;
    }

    public async Task ResumeAsync()
    {
        _process = new ChildProcess(
            "redis-server",
            ["--port", _port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", _folder.FullName, "--appendonly", "yes", "--appendfsync", "always", "--save", ""],
            _folder.FullName);
        await _process.ListensAsync(_port);
    }

    /// <summary>Takes it away.</summary>
    public async Task PauseAsync()
    {
        await _process!.StopAsync();
        _process.Dispose();
    }

    public ValueTask DisposeAsync()
    {
        _process!.Dispose();
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }
}
