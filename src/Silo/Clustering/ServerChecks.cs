using System.Data.Common;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using StackExchange.Redis;

namespace OrleansCluster.Silo.Clustering;

/// <summary>Looks at the servers and ports that a silo stands on before it starts, so that a wrong setting is one message and not a page of retries.</summary>
internal static class ServerChecks
{
    private const string Setting = "that the setting Cluster:Connection names";

    /// <exception cref="ClusteringException">A port is taken; the message names the setting.</exception>
    public static void Ports(ClusterSettings settings)
    {
        IPAddress listening = settings.ListenOnAny ? IPAddress.Any : settings.Address;
        Port("SiloPort", listening, settings.SiloPort);
        Port("GatewayPort", listening, settings.GatewayPort);
    }

    /// <exception cref="ClusteringException">A server does not answer or lacks its tables; the message names the setting.</exception>
    public static Task Run(ClusterSettings settings, CancellationToken cancellation) => Server(settings.Clustering, settings.Connection, Setting, cancellation);

    /// <summary>As a client looks at the server where the silos find each other.</summary>
    /// <exception cref="ClusteringException">It does not answer or lacks its tables.</exception>
    public static Task Server(ClusteringKind clustering, string connection, string named, CancellationToken cancellation) => clustering switch
    {
        ClusteringKind.Redis => Redis(connection, named),
        ClusteringKind.Postgres => Postgres(connection, named, cancellation),
        ClusteringKind.Azure => AzureParts.Check(connection, named, cancellation),
        ClusteringKind.Localhost => Task.CompletedTask,
        _ => throw new ArgumentOutOfRangeException(nameof(clustering), clustering, null),
    };

    private static void Port(string key, IPAddress address, int port)
    {
        try
        {
            using var listener = new TcpListener(address, port);
            listener.Start();
        }
        catch (SocketException e)
        {
            string why = e.SocketErrorCode == SocketError.AddressAlreadyInUse ? "another program listens there already" : e.Message;
            throw new ClusteringException($"The silo cannot listen at {address}:{port}, as the setting Cluster:{key} (environment: Cluster__{key}) wants: "
                + $"{why}. Give another port{(key == "SiloPort" ? " or another Cluster:Address" : "")}.", e);
        }
    }

    private static async Task Redis(string connection, string named)
    {
        try
        {
            ConfigurationOptions options = ConfigurationOptions.Parse(connection);
            options.AbortOnConnectFail = true;
            await using ConnectionMultiplexer redis = await ConnectionMultiplexer.ConnectAsync(options).ConfigureAwait(false);
            await redis.GetDatabase().PingAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is RedisException or ArgumentException or TimeoutException)
        {
            throw new ClusteringException($"The Redis server {named} does not answer: {Secrets.Hide(e.Message, Secrets.In(connection))}", e);
        }
    }

    private static async Task Postgres(string connection, string named, CancellationToken cancellation)
    {
        try
        {
            await using NpgsqlDataSource database = NpgsqlDataSource.Create(connection);
            await using NpgsqlCommand command = database.CreateCommand(
                "select string_agg(name, ', ' order by name) from unnest(array['orleansquery', 'orleansmembershiptable', 'orleansstorage', "
                    + "'orleansreminderstable']) as wanted(name) where to_regclass(name) is null");
            if (await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false) is string missing)
            {
                throw new ClusteringException(
                    $"The database {named} lacks Orleans' tables ({missing}): make them with 'storage init --scripts DIR', where DIR holds Orleans' "
                        + "SQL scripts.");
            }
        }
        catch (Exception e) when (e is DbException or ArgumentException or TimeoutException)
        {
            throw new ClusteringException($"The database {named} cannot be used: {Secrets.Hide(e.Message, Secrets.In(connection))}", e);
        }
    }
}
