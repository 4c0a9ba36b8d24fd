using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Persistence;
using OrleansCluster.Silo.Storage;
using StackExchange.Redis;

namespace OrleansCluster.Silo.Clustering;

/// <summary>Membership, grain state and reminders of a silo, and the membership of a client, by kind of clustering.</summary>
internal static class ProviderParts
{
    /// <summary>The name by which ADO.NET finds PostgreSQL's provider.</summary>
    public const string PostgresInvariant = "Npgsql";

    public static void UseProviders(this ISiloBuilder silo, ClusterSettings settings)
    {
        switch (settings.Clustering)
        {
            case ClusteringKind.Localhost:
                silo.UseDevelopmentClustering(settings.Primary!);
                silo.UseInMemoryReminderService();
                break;
            case ClusteringKind.Redis:
                silo.UseRedisClustering(options => options.ConfigurationOptions = Redis(settings.Connection));
                silo.AddRedisGrainStorage(StorageNames.Grains,
                    (OptionsBuilder<RedisStorageOptions> builder) => builder.Configure<IServiceProvider>((options, services) =>
                {
                    options.ConfigurationOptions = Redis(settings.Connection);
                    options.GrainStorageSerializer = StateEncoding.Wire(services);
                }));
                silo.UseRedisReminderService(options => options.ConfigurationOptions = Redis(settings.Connection));
                break;
            case ClusteringKind.Postgres:
                silo.UseAdoNetClustering((AdoNetClusteringSiloOptions options) =>
                    (options.Invariant, options.ConnectionString) = (PostgresInvariant, settings.Connection));
                silo.AddAdoNetGrainStorage(StorageNames.Grains,
                    (OptionsBuilder<AdoNetGrainStorageOptions> builder) => builder.Configure<IServiceProvider>((options, services) =>
                {
                    (options.Invariant, options.ConnectionString) = (PostgresInvariant, settings.Connection);
                    options.GrainStorageSerializer = StateEncoding.Wire(services);
                }));
                silo.UseAdoNetReminderService((AdoNetReminderTableOptions options) =>
                    (options.Invariant, options.ConnectionString) = (PostgresInvariant, settings.Connection));
                break;
            case ClusteringKind.Azure:
                AzureParts.UseProviders(silo, settings);
                break;
            default:
                throw Unknown(settings.Clustering);
        }

        if (settings.Clustering != ClusteringKind.Localhost)
        {
            TracedReads.AddTo(silo.Services);
            silo.Services.GuardReminders();
            silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, LostSilos>();
        }
    }

    public static void UseGateways(this IClientBuilder client, ClusteringKind clustering, string connection)
    {
        switch (clustering)
        {
            case ClusteringKind.Redis:
                client.UseRedisClustering(options => options.ConfigurationOptions = Redis(connection));
                break;
            case ClusteringKind.Postgres:
                client.UseAdoNetClustering((AdoNetClusteringClientOptions options) =>
                    (options.Invariant, options.ConnectionString) = (PostgresInvariant, connection));
                break;
            case ClusteringKind.Azure:
                AzureParts.UseGateways(client, connection);
                break;
            case ClusteringKind.Localhost:
            default:
                throw Unknown(clustering);
        }
    }

    /// <summary>A server that goes away is waited for instead of given up.</summary>
    public static ConfigurationOptions Redis(string connection)
    {
        ConfigurationOptions options = ConfigurationOptions.Parse(connection);
        options.AbortOnConnectFail = false;
        return options;
    }

    private static ArgumentOutOfRangeException Unknown(ClusteringKind clustering) =>
        new(nameof(clustering), clustering, "There are no providers for this kind of clustering.");
}
