using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans;
using Orleans.Configuration;
using Orleans.Embedded;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Microsoft.Extensions.Hosting;

/// <summary>Adds the engine to a host.</summary>
public static class OrleansSiloGenericHostExtensions
{
    /// <summary>Adds the engine to the host.</summary>
    /// <param name="hostAppBuilder">The host.</param>
    /// <param name="configureDelegate">Sets it up.</param>
    public static IHostApplicationBuilder UseOrleans(this IHostApplicationBuilder hostAppBuilder, Action<ISiloBuilder> configureDelegate)
    {
        ArgumentNullException.ThrowIfNull(configureDelegate);
        var builder = new SiloBuilder(hostAppBuilder.Services, hostAppBuilder.Configuration);
        AddEngine(builder.Services);
        configureDelegate(builder);
        return hostAppBuilder;
    }

    /// <inheritdoc cref="UseOrleans(IHostApplicationBuilder, Action{ISiloBuilder})"/>
    public static HostApplicationBuilder UseOrleans(this HostApplicationBuilder hostAppBuilder, Action<ISiloBuilder> configureDelegate)
    {
        ((IHostApplicationBuilder)hostAppBuilder).UseOrleans(configureDelegate);
        return hostAppBuilder;
    }

    /// <inheritdoc cref="UseOrleans(IHostApplicationBuilder, Action{ISiloBuilder})"/>
    public static IHostBuilder UseOrleans(this IHostBuilder hostBuilder, Action<ISiloBuilder> configureDelegate)
    {
        ArgumentNullException.ThrowIfNull(configureDelegate);
        return hostBuilder.ConfigureServices((context, services) =>
        {
            AddEngine(services);
            configureDelegate(new SiloBuilder(services, context.Configuration));
        });
    }

    private static void AddEngine(IServiceCollection services)
    {
        if (services.Any(s => s.ServiceType == typeof(Silo)))
            return;
        services.AddOptions();
        services.AddLogging();
        services.AddOptions<GrainTypeOptions>().Configure(static types => types.Classes.UnionWith(GrainClassMap.Discover()));
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IActivationDirectory, ActivationDirectory>();
        services.TryAddSingleton<ITurnScheduler, ThreadPoolTurnScheduler>();
        services.AddSingleton<Silo>();
        services.AddSingleton<ICallReceiver>(static provider => provider.GetRequiredService<Silo>().Catalog);
        services.AddSingleton<IClusterClient>(static provider => provider.GetRequiredService<Silo>().GrainFactory);
        services.AddSingleton<IGrainFactory>(static provider => provider.GetRequiredService<Silo>().GrainFactory);
        services.AddSingleton<IGrainContextAccessor, GrainContextAccessor>();
        services.AddHostedService<SiloHostedService>();
    }
}
