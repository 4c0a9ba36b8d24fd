using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Embedded;
using Orleans.Hosting;

namespace OrleansCluster.Embedded.Tests;

/// <summary>A host of the engine with time made by hand.</summary>
internal sealed class TestHost(IHost host, ManualTime time) : IAsyncDisposable
{
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(20);

    public ManualTime Time => time;

    public IServiceProvider Services => host.Services;

    public IGrainFactory Grains => host.Services.GetRequiredService<IGrainFactory>();

    public Silo Silo => host.Services.GetRequiredService<Silo>();

    public Journal Journal => host.Services.GetRequiredService<Journal>();

    public static async Task<TestHost> StartAsync(Action<ISiloBuilder>? configure = null, ManualTime? time = null)
    {
        time ??= new ManualTime();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.AddSingleton<Journal>();
        builder.UseOrleans(silo =>
        {
            silo.AddMemoryGrainStorageAsDefault();
            configure?.Invoke(silo);
        });
        var host = builder.Build();
        await host.StartAsync();
        return new TestHost(host, time);
    }

    public Task StopAsync(CancellationToken token = default) => host.StopAsync(token);

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await host.StopAsync(patience.Token);
        host.Dispose();
    }
}

/// <summary>What grains of one host tell the test, and barriers between them.</summary>
internal sealed class Journal
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _signals = new();
    private readonly ConcurrentQueue<string> _notes = new();

    public string[] Notes => [.. _notes];

    public void Note(string entry)
    {
        _notes.Enqueue(entry);
        Raise(entry);
    }

    public void Raise(string name) => Signal(name).TrySetResult();

    public bool IsRaised(string name) => Signal(name).Task.IsCompleted;

    public Task Of(string name) => Signal(name).Task.WaitAsync(TestHost.Patience);

    private TaskCompletionSource Signal(string name) => _signals.GetOrAdd(name, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}
