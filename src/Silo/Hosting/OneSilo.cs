using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Timers;
using OrleansCluster.Silo.Joining;
using OrleansCluster.Silo.Storage;

namespace OrleansCluster.Silo;

/// <summary>A cluster of one silo, for a home folder: no port, membership in memory, state and reminders in files.</summary>
internal static class OneSilo
{
    /// <summary>Endpoints are names here, because nothing listens at a port.</summary>
    public static readonly IPEndPoint Address = new(IPAddress.Loopback, 1);

    /// <inheritdoc cref="Address"/>
    public static readonly IPEndPoint Gateway = new(IPAddress.Loopback, 2);

    private const string Service = "orleanscluster";

    /// <summary>No home has so many grains at work that it needs the default of a million entries, whose table alone takes 16 MB.</summary>
    private const int DirectoryCacheSize = 1024;

    public static void UseHome(this ISiloBuilder silo, HomeLayout home, string cluster, HomeGateway gateway, bool reminds)
    {
        silo.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (cluster, Service));
        silo.ConfigureEndpoints(Address.Address, Address.Port, Gateway.Port);
        silo.Configure<GrainDirectoryOptions>(options => options.CacheSize = DirectoryCacheSize);
        silo.Services.AddSingleton<IMembershipTable, OneSiloMembership>();
        silo.Services.ReplaceKeyed<IConnectionListenerFactory>(gateway);
        silo.Services.AddSingleton<IReminderTable>(new FileReminderTable(home.Reminders));
        if (reminds)
            silo.AddReminders();
        else
            silo.Services.AddSingleton<IReminderRegistry, FileReminders>();
    }

    public static void UseOwner(this IClientBuilder client, string cluster, IConnectionFactory connections)
    {
        client.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (cluster, Service));
        client.UseStaticClustering(Gateway);
        client.Services.ReplaceKeyed(connections);
    }

    /// <summary>Puts a service in the place of those that are registered under keys, which are Orleans' own.</summary>
    private static void ReplaceKeyed<T>(this IServiceCollection services, T service)
        where T : class
    {
        for (int i = 0; i < services.Count; i++)
        {
            if (services[i].IsKeyedService && services[i].ServiceType == typeof(T))
                services[i] = ServiceDescriptor.KeyedSingleton(services[i].ServiceKey, service);
        }
    }
}
