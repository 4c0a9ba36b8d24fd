using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OrleansCluster.Client.Http;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Client;

/// <summary>Registers <see cref="IClusteringClient"/> with a program's services.</summary>
public static class ClusteringClientServices
{
    /// <summary>A client over HTTP.</summary>
    /// <param name="services">The services.</param>
    /// <param name="address">A service over HTTP: <c>https://host:port</c>.</param>
    /// <param name="key">The key that says who asks; null: the service asks nobody who they are.</param>
    public static IServiceCollection AddClusteringClient(this IServiceCollection services, Uri address, string? key = null) =>
        services.AddClusteringClient(new ServiceOptions { Address = address, Key = key });

    /// <summary>A client over HTTP.</summary>
    /// <param name="services">The services.</param>
    /// <param name="service">A service over HTTP, and how it is asked.</param>
    public static IServiceCollection AddClusteringClient(this IServiceCollection services, ServiceOptions service)
    {
        ArgumentNullException.ThrowIfNull(service);
        return services.AddClusteringClient(_ => new ClusteringClient(service));
    }

    /// <summary>
    /// A client over the grain factory that the program has: of its connection to a gateway (Orleans' <c>UseOrleansClient</c>), or of the silo in its process.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="tenant">Whose datasets, jobs and models are meant.</param>
    /// <param name="refusals">What is done when a question is refused for a while; null: it is asked again, as <see cref="RefusalOptions"/> says.</param>
    public static IServiceCollection AddClusteringClient(
        this IServiceCollection services, string tenant = GrainKeys.DefaultTenant, RefusalOptions? refusals = null) =>
        services.AddClusteringClient(provider => new ClusteringClient(provider.GetRequiredService<IGrainFactory>(), tenant, refusals: refusals));

    /// <summary>Has the program's health be that of what it asks.</summary>
    /// <param name="checks">The program's checks (<c>services.AddHealthChecks()</c>).</param>
    /// <param name="model">A model that must be there; null: the cluster is only reached.</param>
    /// <param name="name">What the check is called.</param>
    public static IHealthChecksBuilder AddClusteringClient(this IHealthChecksBuilder checks, string? model = null, string name = "clustering")
    {
        ArgumentNullException.ThrowIfNull(checks);
        return checks.AddTypeActivatedCheck<ClusteringHealthCheck>(name, args: [model ?? ""]);
    }

    private static IServiceCollection AddClusteringClient(this IServiceCollection services, Func<IServiceProvider, ClusteringClient> make)
    {
        // Made by the provider, and so ended with it.
        services.TryAddSingleton(make);
        services.TryAddSingleton<IClusteringClient>(provider => provider.GetRequiredService<ClusteringClient>());
        return services;
    }
}
