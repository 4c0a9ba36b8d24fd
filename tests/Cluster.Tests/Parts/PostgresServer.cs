using System.Globalization;
using Npgsql;
using OrleansCluster.Silo.Clustering;

namespace OrleansCluster.Cluster.Tests.Parts;

/// <summary>
/// PostgreSQL with the tables of Orleans, made from the scripts that ORLEANS_SQL_SCRIPTS names. It refuses to run as root, so it runs as an unprivileged user
/// then.
/// </summary>
internal sealed class PostgresServer() : Server("postgres")
{
    private static readonly string[] Unprivileged = Environment.UserName == "root" ? ["runuser", "-u", "nobody", "--"] : [];

    private readonly int _port = ChildProcess.FreePort();

    public override string Kind => "postgres";

    public override string Connection =>
        $"Host=127.0.0.1;Port={_port.ToString(CultureInfo.InvariantCulture)};Database=postgres;Username=cluster;Password={Secret};Timeout=15;Command "
            + "Timeout=15";

    public override string Secret { get; } = Guid.NewGuid().ToString("N");

    private string Data => Path.Combine(Folder, "data");

    /// <summary>The address of a table or query there, for commands, with how to log in.</summary>
    public string Address(string asked) =>
        $"postgres://cluster@127.0.0.1:{_port.ToString(CultureInfo.InvariantCulture)}/postgres?passfile={Path.Combine(Folder, "pgpass")}&{asked}";

    /// <summary>Starts one; skips the test where there is no PostgreSQL, or no script.</summary>
    public static async Task<PostgresServer> StartAsync()
    {
        string? scripts = Environment.GetEnvironmentVariable("ORLEANS_SQL_SCRIPTS") is { Length: > 0 } folder ? folder : null;
        Needs("PostgreSQL", "ORLEANS_SQL_SCRIPTS does not name a folder with Orleans' SQL scripts, which are in its sources only", scripts);
        PostgresServer server = await StartEmptyAsync();
        KeyValuePair<string, string?>[] settings = [KeyValuePair.Create("Connection", (string?)server.Connection)];
        (await OrleansTables.CreateAsync(settings, scripts!)).Count.ShouldBeGreaterThan(0);
        (await OrleansTables.CreateAsync(settings, scripts!)).ShouldBeEmpty();
        return server;
    }

    /// <summary>Starts one without tables; skips the test where there is no PostgreSQL.</summary>
    public static Task<PostgresServer> StartEmptyAsync()
    {
        Needs("PostgreSQL", "initdb is neither on the path nor in /usr/lib/postgresql (Debian: apt-get install postgresql)", Find("initdb"));
        return Started(new PostgresServer(), async server =>
        {
            if (Unprivileged.Length > 0)
                await ChildProcess.RunAsync("chown", ["nobody", server.Folder], server.Folder);
            string password = Path.Combine(server.Folder, "password");
            await File.WriteAllTextAsync(password, server.Secret);
            await server.Run("initdb", "-D", server.Data, "-U", "cluster", "-A", "scram-sha-256", "--pwfile", password, "-E", "UTF8", "--no-locale", "-N");
            string pass = Path.Combine(server.Folder, "pgpass");
            await File.WriteAllTextAsync(pass, $"*:*:*:cluster:{server.Secret}\n");
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(pass, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            await server.ResumeAsync();
        });
    }

    public override async Task<int> RemindersAsync()
    {
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(Connection);
        await using NpgsqlCommand command = database.CreateCommand("select count(*)::int from orleansreminderstable");
        return (int)(await command.ExecuteScalarAsync())!;
    }

    public override Task ResumeAsync() => Run(
        "pg_ctl", "-D", Data, "-w", "-t", "60", "-l", Path.Combine(Folder, "log"),
        "-o", $"-p {_port.ToString(CultureInfo.InvariantCulture)} -c listen_addresses=127.0.0.1 -c unix_socket_directories={Folder} -c fsync=off -c "
            + "shared_buffers=32MB", "start");

    public override Task PauseAsync() => Run("pg_ctl", "-D", Data, "-w", "-m", "immediate", "stop");

    protected override async Task EndAsync()
    {
        if (File.Exists(Path.Combine(Data, "postmaster.pid")))
            await PauseAsync();
    }

    /// <summary>On the path, or where Debian puts the newest version.</summary>
    private static string? Find(string program) => ChildProcess.OnPath(program)
        ?? (Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql") : [])
            .OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out int version) ? version : 0)
            .Select(folder => Path.Combine(folder, "bin", program)).FirstOrDefault(File.Exists);

    private Task Run(string program, params string[] arguments)
    {
        string[] all = [.. Unprivileged, Find(program)!, .. arguments];
        return ChildProcess.RunAsync(all[0], all[1..], Folder);
    }
}
