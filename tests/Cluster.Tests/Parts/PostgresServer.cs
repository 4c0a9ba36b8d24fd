using System.Globalization;

namespace OrleansCluster.Cluster.Tests.Parts;

/// <summary>A PostgreSQL server of a test's own. It refuses to run as root, so it runs as an unprivileged user then.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private static readonly string[] Unprivileged = Environment.UserName == "root" ? ["runuser", "-u", "nobody", "--"] : [];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cluster-postgres-");
    private readonly int _port = ChildProcess.FreePort();

    private PostgresServer()
    {
    }

    public string Connection => $"Host=127.0.0.1;Port={_port.ToString(CultureInfo.InvariantCulture)};Database=postgres;Username=cluster;Timeout=5;Command Timeout=10";

    private string Data => Path.Combine(_folder.FullName, "data");

    /// <summary>Starts one; skips the test where there is no PostgreSQL.</summary>
    public static async Task<PostgresServer> StartAsync()
    {
        Assert.SkipUnless(ChildProcess.OnPath("initdb") is not null && ChildProcess.OnPath("pg_ctl") is not null, "NOT RUN on PostgreSQL: initdb and pg_ctl are not on the path.");
        var server = new PostgresServer();
        try
        {
            if (Unprivileged.Length > 0)
                await ChildProcess.RunAsync("chown", ["nobody", server._folder.FullName], server._folder.FullName);
            await server.Run("initdb", "-D", server.Data, "-U", "cluster", "-A", "trust", "-E", "UTF8", "--no-locale", "-N");
            await server.ResumeAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public Task ResumeAsync() => Run(
        "pg_ctl", "-D", Data, "-w", "-t", "30", "-l", Path.Combine(_folder.FullName, "log"),
        "-o", $"-p {_port.ToString(CultureInfo.InvariantCulture)} -c listen_addresses=127.0.0.1 -c unix_socket_directories={_folder.FullName} -c fsync=off -c shared_buffers=32MB", "start");

    /// <summary>Takes it away.</summary>
    public Task PauseAsync() => Run("pg_ctl", "-D", Data, "-w", "-m", "immediate", "stop");

    public async ValueTask DisposeAsync()
    {
        if (File.Exists(Path.Combine(Data, "postmaster.pid")))
            await PauseAsync();
        _folder.Delete(recursive: true);
    }

    private Task Run(params string[] command)
    {
        string[] all = [.. Unprivileged, .. command];
        return ChildProcess.RunAsync(all[0], all[1..], _folder.FullName);
    }
}
