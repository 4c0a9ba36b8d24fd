using System.Data.Common;
using Npgsql;
using StackExchange.Redis;

namespace OrleansCluster.Silo.Clustering;

/// <summary>Looks at the servers that a silo stands on before it starts, so that a wrong setting is one message and not a page of retries.</summary>
internal static class ServerChecks
{
    /// <exception cref="ClusteringException">A server does not answer or lacks its tables; the message names the setting.</exception>
    public static Task Run(ClusterSettings settings, CancellationToken cancellation) => settings.Clustering switch
    {
        ClusteringKind.Redis => Redis(settings.Connection),
        ClusteringKind.Postgres => Postgres(settings.Connection, cancellation),
        _ => Task.CompletedTask,
    };

    private static async Task Redis(string connection)
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
            throw new ClusteringException($"The Redis server that the setting Cluster:Connection names does not answer: {e.Message}", e);
        }
    }

    private static async Task Postgres(string connection, CancellationToken cancellation)
    {
        try
        {
            await using NpgsqlDataSource database = NpgsqlDataSource.Create(connection);
            await using NpgsqlCommand command = database.CreateCommand(
                "select string_agg(name, ', ' order by name) from unnest(array['orleansquery', 'orleansmembershiptable', 'orleansstorage', 'orleansreminderstable']) as wanted(name) where to_regclass(name) is null");
            if (await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false) is string missing)
            {
                throw new ClusteringException(
                    $"The database that the setting Cluster:Connection names lacks Orleans' tables ({missing}): make them with 'storage init --scripts DIR', where DIR holds Orleans' SQL scripts.");
            }
        }
        catch (Exception e) when (e is DbException or ArgumentException or TimeoutException)
        {
            throw new ClusteringException($"The database that the setting Cluster:Connection names cannot be used: {e.Message}", e);
        }
    }
}
