using System.Globalization;
using StackExchange.Redis;

namespace OrleansCluster.Cluster.Tests.Parts;

/// <summary>Redis. It holds no blobs: they are in the silos' folder.</summary>
internal sealed class RedisServer() : Server("redis")
{
    private readonly int _port = ChildProcess.FreePort();
    private ChildProcess? _process;

    public override string Kind => "redis";

    public override string Connection => $"127.0.0.1:{_port.ToString(CultureInfo.InvariantCulture)},password={Secret}";

    public override string Secret { get; } = Guid.NewGuid().ToString("N");

    public override string[] Settings => ["Clustering=redis", "Connection=" + Connection];

    /// <summary>Starts one; skips the test where there is no redis-server.</summary>
    public static Task<RedisServer> StartAsync()
    {
        Needs("Redis", "redis-server is not on the path (Debian: apt-get install redis-server)", ChildProcess.OnPath("redis-server"));
        return Started(new RedisServer(), server => server.ResumeAsync());
    }

    public override async Task<int> RemindersAsync()
    {
        await using ConnectionMultiplexer redis = await ConnectionMultiplexer.ConnectAsync(Connection);
        RedisKey[] keys = [.. redis.GetServers()[0].Keys(pattern: "*reminders*")];
        return keys.Length == 0 ? 0 : (int)await redis.GetDatabase().SortedSetLengthAsync(keys.ShouldHaveSingleItem());
    }

    public override async Task ResumeAsync()
    {
        string settings = Path.Combine(Folder, "redis.conf");
        await File.WriteAllTextAsync(settings, $"""
            port {_port.ToString(CultureInfo.InvariantCulture)}
            bind 127.0.0.1
            dir {Folder}
            requirepass {Secret}
            appendonly yes
            appendfsync always
            save ""
            """);
        _process = new ChildProcess("redis-server", [settings], Folder);
        await _process.ListensAsync(_port);
    }

    public override async Task PauseAsync()
    {
        await _process!.StopAsync();
        _process.Dispose();
    }

    protected override Task EndAsync()
    {
        _process?.Dispose();
        return Task.CompletedTask;
    }
}
