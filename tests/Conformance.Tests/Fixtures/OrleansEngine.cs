using Microsoft.Extensions.Logging;
using Orleans.TestingHost;

namespace OrleansCluster.Conformance.Tests;

/// <summary>Orleans itself.</summary>
internal sealed class TestEngine(InProcessTestCluster cluster) : IEngine
{
    public IGrainFactory Grains => cluster.Client;

    public IServiceProvider SiloServices => cluster.GetSiloServiceProvider();

    public static async Task<IEngine> StartAsync(Action<ISiloBuilder> configure)
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) => configure(silo));
        builder.ConfigureHost(host => host.Logging.SetMinimumLevel(LogLevel.None));
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return new TestEngine(cluster);
    }

    public Task CollectIdleAsync() => Grains.GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero);

    public async ValueTask DisposeAsync()
    {
        await cluster.StopAllSilosAsync();
        await cluster.DisposeAsync();
    }
}
