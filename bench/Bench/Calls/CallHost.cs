using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OrleansCluster.Bench.Calls;

/// <summary>One Orleans silo for grains that call each other.</summary>
internal static class CallHost
{
    public static async Task<IHost> StartAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.UseOrleans(silo => silo.UseLocalhostClustering().AddMemoryGrainStorageAsDefault());
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }
}
