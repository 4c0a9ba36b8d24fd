using System.Net;
using Microsoft.Extensions.Configuration;
using OrleansCluster.Monitoring;
using OrleansCluster.Silo.Alerts;

namespace OrleansCluster.Silo.Clustering;

/// <summary>How silos find each other, and where grain state and reminders are.</summary>
public enum ClusteringKind
{
    /// <summary>Silos of one machine around a first one; state in files of a shared folder, reminders in memory. For development.</summary>
    Localhost,

    /// <summary>A Redis server.</summary>
    Redis,

    /// <summary>A PostgreSQL database with the tables of Orleans' ADO.NET providers.</summary>
    Postgres,

    /// <summary>Azure tables and blobs.</summary>
    Azure,
}

/// <summary>Where blobs are: shards, manifests, parameters, reports, checkpoints.</summary>
public enum BlobKind
{
    /// <summary>A folder that every silo sees at the same content.</summary>
    Folder,

    /// <summary>A PostgreSQL database, with a cache of shards beside every silo.</summary>
    Postgres,

    /// <summary>Azure Blob Storage, with a cache of shards beside every silo.</summary>
    Azure,
}

/// <summary>TLS between silos and to clients.</summary>
/// <param name="Certificate">PKCS #12 file with the certificate and its key.</param>
/// <param name="Password">Of the file; empty for none.</param>
/// <param name="Authority">PEM file with the authority that must have signed the other side's certificate; empty: the machine's authorities.</param>
/// <param name="Host">The name that the other side's certificate must bear.</param>
public sealed record TlsSettings(string Certificate, string Password, string Authority, string Host)
{
    /// <summary>Without the password.</summary>
    public override string ToString() => $"{Certificate} for {Host}";
}

/// <summary>
/// What a silo, or a client that asks the membership for its gateways, reads from the section <c>Cluster</c> of ordinary configuration
/// (<c>appsettings.json</c>, environment variables such as <c>Cluster__Clustering</c>, command line). Checked when read.
/// </summary>
public sealed record ClusterSettings
{
    public const string Section = "Cluster";

    private const string DefaultName = "orleanscluster";

    /// <summary>Name of the cluster: silos and clients of another name are refused.</summary>
    public required string Name { get; init; }

    public required ClusteringKind Clustering { get; init; }

    /// <summary>Of the Redis server, PostgreSQL database or Azure storage account; empty for <see cref="ClusteringKind.Localhost"/>.</summary>
    public required string Connection { get; init; }

    /// <summary>The address under which other silos and clients reach this silo.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>Whether to listen on every address of the machine instead of <see cref="Address"/> alone.</summary>
    public required bool ListenOnAny { get; init; }

    public required int SiloPort { get; init; }

    public required int GatewayPort { get; init; }

    /// <summary>The first silo of a <see cref="ClusteringKind.Localhost"/> cluster; this one when null.</summary>
    public required IPEndPoint? Primary { get; init; }

    public required BlobKind Blobs { get; init; }

    /// <summary>Connection of <see cref="BlobKind.Postgres"/> or <see cref="BlobKind.Azure"/> blobs.</summary>
    public required string BlobConnection { get; init; }

    /// <summary>The shared folder: blobs of <see cref="BlobKind.Folder"/>, state of <see cref="ClusteringKind.Localhost"/>.</summary>
    public required string Folder { get; init; }

    /// <summary>Folder of this silo's own for shards that were fetched from a store that is not local.</summary>
    public required string Cache { get; init; }

    /// <summary>Most bytes kept there.</summary>
    public required long CacheBytes { get; init; }

    /// <summary>Bytes of parameters that the silo keeps ready to answer.</summary>
    public required long ModelBytes { get; init; }

    /// <summary>Threads that compute; 0: one per core.</summary>
    public required int Threads { get; init; }

    /// <summary>Whether the code of trainings is compiled while the silo starts, so that its first job does not wait for it.</summary>
    public required bool Rehearse { get; init; }

    /// <summary>Length of the windows in which is observed what models are asked; null: nothing is.</summary>
    public required TimeSpan? Observes { get; init; }

    /// <summary>Where alerts are told besides the log.</summary>
    public required AlertSettings Alerts { get; init; }

    public required TlsSettings? Tls { get; init; }

    /// <summary>Reads the settings of a silo.</summary>
    /// <exception cref="SettingsException">A setting is missing, unknown or out of range; the message names its key and what it may be.</exception>
    public static ClusterSettings Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var section = new SettingsSection(configuration.GetSection(Section));
        section.RefuseUnknown(
            "Name", "Clustering", "Connection", "ConnectionFile", "Address", "ListenOnAny", "SiloPort", "GatewayPort", "Primary",
            "Blobs", "BlobConnection", "BlobConnectionFile", "Folder", "Cache", "CacheBytes", "ModelBytes", "Threads", "Rehearse", "Monitoring", "Alerts",
            "Tls");
        ClusteringKind clustering = section.Choice("Clustering", ClusteringKind.Localhost);
        string connection = section.Secret("Connection");
        if (clustering != ClusteringKind.Localhost && connection.Length == 0)
            throw section.Wrong("Connection", $"is missing: with Clustering={clustering} it names the server, as in {Example(clustering)}");
        BlobKind blobs = section.Choice("Blobs", BlobKind.Folder);
        string blobConnection = section.Secret("BlobConnection");
        if (blobConnection.Length == 0 && (blobs, clustering) is (BlobKind.Postgres, ClusteringKind.Postgres) or (BlobKind.Azure, ClusteringKind.Azure))
            blobConnection = connection;
        if (blobs != BlobKind.Folder && blobConnection.Length == 0)
            throw section.Wrong("BlobConnection", $"is missing: with Blobs={blobs} it names where blobs are kept");
        string folder = section.Text("Folder");
        if (folder.Length == 0 && (blobs == BlobKind.Folder || clustering == ClusteringKind.Localhost))
            throw section.Wrong("Folder", "is missing: name the folder that all silos share, or keep blobs elsewhere (Blobs=postgres or Blobs=azure)");
        string name = section.Text("Name", DefaultName);
        if ((clustering == ClusteringKind.Azure || blobs == BlobKind.Azure) && !AzureAccount.IsName(name))
            throw section.Wrong("Name",
                $"is '{name}': containers of a storage account are named after it, so give 1 to 57 lower-case letters and digits, with single hyphens");
        int siloPort = section.Number("SiloPort", 11111, 1, 65535);
        return new ClusterSettings
        {
            Name = name,
            Clustering = clustering,
            Connection = connection,
            Address = section.Address("Address", IPAddress.Loopback),
            ListenOnAny = section.Flag("ListenOnAny"),
            SiloPort = siloPort,
            GatewayPort = section.Number("GatewayPort", 30000, 1, 65535),
            Primary = section.Endpoint("Primary"),
            Blobs = blobs,
            BlobConnection = blobConnection,
            Folder = folder.Length == 0 ? "" : Path.GetFullPath(folder),
            Cache = Path.GetFullPath(section.Text("Cache", Path.Combine(Path.GetTempPath(), $"orleanscluster-cache-{siloPort}"))),
            CacheBytes = section.Long("CacheBytes", 16L << 30, 1L << 20),
            ModelBytes = section.Long("ModelBytes", 512L << 20, 1L << 20),
            Threads = section.Number("Threads", 0, 0, 1024),
            Rehearse = section.Flag("Rehearse", otherwise: true),
            Observes = ReadObserving(configuration),
            Alerts = ReadAlerts(configuration),
            Tls = ReadTls(configuration),
        };
    }

    /// <summary>Reads what a client needs to ask a membership for its gateways.</summary>
    /// <exception cref="SettingsException">A setting is out of range; the message names its key.</exception>
    public static (string Name, TlsSettings? Tls) ReadClient(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return (new SettingsSection(configuration.GetSection(Section)).Text("Name", DefaultName), ReadTls(configuration));
    }

    /// <summary>Reads the connection alone from files and environment; empty where there is none.</summary>
    /// <exception cref="SettingsException">The file that is to hold it cannot be used.</exception>
    public static string ReadConnection() => ReadConnection(ConfigurationOverrides.Ordinary([]));

    internal static string ReadConnection(IConfiguration configuration) => new SettingsSection(configuration.GetSection(Section)).Secret("Connection");

    /// <summary>Where a server is, as a message may show it.</summary>
    internal static string Example(ClusteringKind clustering) => clustering switch
    {
        ClusteringKind.Localhost => "nothing",
        ClusteringKind.Redis => "redis.example:6379",
        ClusteringKind.Postgres => "Host=db.example;Database=cluster;Username=cluster",
        ClusteringKind.Azure => "AccountName=NAME",
        _ => throw new ArgumentOutOfRangeException(nameof(clustering), clustering, null),
    };

    /// <summary>What nobody may be shown of these settings.</summary>
    internal IReadOnlyList<string> AllSecrets() =>
        [.. Secrets.In(Connection), .. Secrets.In(BlobConnection), .. Tls is { Password.Length: > 0 } ? [Tls.Password] : (string[])[]];

    /// <summary>The types' own way of writing a record would show the connections.</summary>
    public override string ToString() => $"{Name} at {Address}:{SiloPort}, {Clustering}";

    private static TimeSpan? ReadObserving(IConfiguration configuration)
    {
        var section = new SettingsSection(configuration.GetSection(Section).GetSection("Monitoring"));
        section.RefuseUnknown("Observe", "WindowMinutes");
        var window = TimeSpan.FromMinutes(section.Number("WindowMinutes", 60, 1, 24 * 60));
        if (!WindowNames.Check(window))
            throw section.Wrong("WindowMinutes", $"is {window.TotalMinutes}, which does not divide a day: give 15, 60, 360 or 1440, say");
        return section.Flag("Observe", otherwise: true) ? window : null;
    }

    private static AlertSettings ReadAlerts(IConfiguration configuration)
    {
        var section = new SettingsSection(configuration.GetSection(Section).GetSection("Alerts"));
        section.RefuseUnknown("Webhook", "WebhookSecretFile", "Alertmanager", "Mail", "MailPasswordFile");
        return new AlertSettings
        {
            Webhook = section.Text("Webhook", ""),
            WebhookSecretFile = section.Text("WebhookSecretFile", ""),
            Alertmanager = section.Text("Alertmanager", ""),
            Mail = section.Text("Mail", ""),
            MailPasswordFile = section.Text("MailPasswordFile", ""),
        };
    }

    private static TlsSettings? ReadTls(IConfiguration configuration)
    {
        var section = new SettingsSection(configuration.GetSection(Section).GetSection("Tls"));
        section.RefuseUnknown("Certificate", "Password", "PasswordFile", "Authority", "Host");
        string certificate = section.Text("Certificate");
        if (certificate.Length == 0)
            return section.IsEmpty ? null : throw section.Wrong("Certificate", "is missing: name a PKCS #12 file with the certificate and its key");
        foreach ((string key, string file) in ((string, string)[])[("Certificate", certificate), ("Authority", section.Text("Authority"))])
        {
            if (file.Length > 0 && !File.Exists(file))
                throw section.Wrong(key, $"names '{file}', where there is no file");
        }

        string host = section.Text("Host");
        if (host.Length == 0)
            throw section.Wrong("Host", "is missing: give the name that the certificates bear");
        return new TlsSettings(certificate, section.Secret("Password"), section.Text("Authority"), host);
    }
}
