using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OrleansCluster.Bench.Engine;

/// <summary>Where the engine's grains run.</summary>
internal static partial class EngineHost
{
    public static async Task<IHost> StartAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.UseOrleans(Configure);
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }
}
