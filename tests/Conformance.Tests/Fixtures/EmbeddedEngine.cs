using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Embedded;

namespace OrleansCluster.Conformance.Tests;

/// <summary>The in-process engine.</summary>
internal sealed class TestEngine(IHost host) : IEngine
{
    public IGrainFactory Grains { get; } = host.Services.GetRequiredService<IClusterClient>();

    public IServiceProvider SiloServices => host.Services;

    public static async Task<IEngine> StartAsync(Action<ISiloBuilder> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.UseOrleans(configure);
        var host = builder.Build();
        await host.StartAsync();
        return new TestEngine(host);
    }

    public Task CollectIdleAsync()
    {
        host.Services.GetRequiredService<Silo>().Collect(TimeSpan.Zero);
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await host.StopAsync(patience.Token);
        host.Dispose();
    }
}
