using System.Security.Cryptography;
using OrleansCluster.Silo.Clustering;

namespace OrleansCluster.Cli.Clusters;

/// <summary>Where the silos of <c>up</c> find each other and keep their state.</summary>
/// <param name="Place">For messages: what the silos are on; empty for files of the home.</param>
/// <param name="Server">The server that was started for them; null when there is none.</param>
/// <param name="Settings">Settings of all silos, without secrets.</param>
/// <param name="Environment">What the silos' environment has besides, and what it must not have (null).</param>
internal sealed record LocalStore(string Place, LocalProcess? Server, IReadOnlyList<string> Settings, IReadOnlyDictionary<string, string?> Environment)
{
    private const string Account = "orleanscluster";

    /// <summary>Settings that <c>up</c> decides on, so that those of the surroundings do not reach the silos.</summary>
    private static readonly string[] Decided =
    [
        "Clustering", "Connection", "ConnectionFile", "Blobs", "BlobConnection", "BlobConnectionFile",
        "Folder", "Primary", "Address", "ListenOnAny", "SiloPort", "GatewayPort",
    ];

    /// <summary>Starts what a kind of store needs.</summary>
    /// <param name="kind">auto, redis, files or azure.</param>
    /// <param name="folder">For the server's data and log.</param>
    /// <param name="primary">Silo port of the first silo.</param>
    /// <exception cref="CommandException">It cannot be had; the message says how.</exception>
    public static async Task<LocalStore> StartAsync(string kind, string folder, int primary, CancellationToken cancellation)
    {
        string? redis = Launcher.OnPath("redis-server");
        switch (kind)
        {
            case "redis" or "auto" when redis is not null:
                return await Redis(redis, folder, cancellation).ConfigureAwait(false);
            case "redis":
                throw CommandException.Failure("redis-server is not on the path: install it (Debian: redis-server), or use --store files.");
            case "files" or "auto":
                return new LocalStore("", null, ["Clustering=localhost", "Primary=127.0.0.1:" + Launcher.Text(primary)], Surroundings());
            case "azure":
                return await Azure(folder, cancellation).ConfigureAwait(false);
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, null);
        }
    }

    private static async Task<LocalStore> Redis(string program, string folder, CancellationToken cancellation)
    {
        string data = Path.Combine(folder, "redis"), log = Path.Combine(folder, "redis.log");
        Directory.CreateDirectory(data);
        int port = Launcher.FreePorts(1)[0];
        string[] arguments = ["--port", Launcher.Text(port), "--bind", "127.0.0.1", "--dir", data, "--appendonly", "yes", "--save", ""];
        LocalProcess server = await Serve("redis", port, log, new Dictionary<string, string?>(), program, arguments, cancellation).ConfigureAwait(false);
        return new LocalStore(" on Redis", server, ["Clustering=redis", "Connection=127.0.0.1:" + Launcher.Text(port)], Surroundings());
    }

    /// <summary>The account that the settings name, or else Azurite with a key that is made for this run and that its silos alone know.</summary>
    private static async Task<LocalStore> Azure(string folder, CancellationToken cancellation)
    {
        Dictionary<string, string?> environment = Surroundings();
        string[] settings = ["Clustering=azure", "Blobs=azure"];
        if (ClusterSupport.WithSettings(ClusterSettings.ReadConnection) is { Length: > 0 } given)
        {
            environment["Cluster__Connection"] = given;
            return new LocalStore(" on the storage account of Cluster:Connection", null, settings, environment);
        }

        string program = Launcher.OnPath("azurite")
            ?? throw CommandException.Failure("No storage account is given and azurite is not on the path: set Cluster__Connection or Cluster__ConnectionFile, "
                + "or install Azurite (npm install -g azurite), or use --store files.");
        string data = Path.Combine(folder, "azurite"), log = Path.Combine(folder, "azurite.log");
        Directory.CreateDirectory(data);
        string key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(64));
        int[] ports = Launcher.FreePorts(3);
        (string blobs, string queues, string tables) = (Launcher.Text(ports[0]), Launcher.Text(ports[1]), Launcher.Text(ports[2]));
        string[] arguments =
        [
            "--silent", "--location", data, "--skipApiVersionCheck", "--disableTelemetry", "--blobPort", blobs, "--queuePort", queues, "--tablePort", tables,
        ];
        var account = new Dictionary<string, string?> { ["AZURITE_ACCOUNTS"] = $"{Account}:{key}" };
        // The tables are the last to listen.
        LocalProcess server = await Serve("azurite", ports[2], log, account, program, arguments, cancellation).ConfigureAwait(false);
        environment["Cluster__Connection"] =
            $"AccountName={Account};AccountKey={key};BlobEndpoint=http://127.0.0.1:{blobs}/{Account};TableEndpoint=http://127.0.0.1:{tables}/{Account}";
        return new LocalStore(" on Azurite", server, settings, environment);
    }

    private static async Task<LocalProcess> Serve(
        string name,
        int port,
        string log,
        IReadOnlyDictionary<string, string?> environment,
        string program,
        string[] arguments,
        CancellationToken cancellation)
    {
        LocalProcess server = Launcher.Start(name, port, log, environment, program, arguments);
        try
        {
            await Launcher.ListensAsync(server, port, log, cancellation).ConfigureAwait(false);
            return server;
        }
        catch
        {
            await Launcher.EndAsync(server, TimeSpan.Zero).ConfigureAwait(false);
            throw;
        }
    }

    private static Dictionary<string, string?> Surroundings()
    {
        IEnumerable<string> present = System.Environment.GetEnvironmentVariables().Keys.Cast<string>();
        return present.Where(name => Decided.Any(key => name.Equals("Cluster__" + key, StringComparison.OrdinalIgnoreCase)))
            .ToDictionary(name => name, _ => (string?)null);
    }
}
