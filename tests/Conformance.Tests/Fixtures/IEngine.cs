namespace OrleansCluster.Conformance.Tests;

/// <summary>An engine to be tested, with one silo. Each engine has a class <c>TestEngine</c> that makes one.</summary>
public interface IEngine : IAsyncDisposable
{
    /// <summary>The way in for a client.</summary>
    IGrainFactory Grains { get; }

    /// <summary>The services of the silo.</summary>
    IServiceProvider SiloServices { get; }

    /// <summary>Ends all activations that are idle now.</summary>
    Task CollectIdleAsync();
}

/// <summary>The silo that most tests share.</summary>
public sealed class SharedEngine : IAsyncLifetime
{
    private IEngine? _engine;

    public IEngine Engine => _engine!;

    public async ValueTask InitializeAsync() => _engine = await TestEngine.StartAsync(Configure);

    public async ValueTask DisposeAsync() => await _engine!.DisposeAsync();

    private static void Configure(ISiloBuilder silo)
    {
        silo.AddMemoryGrainStorageAsDefault();
        silo.AddMemoryGrainStorage("named");
        silo.UseInMemoryReminderService();
        silo.Configure<ReminderOptions>(options => options.MinimumReminderPeriod = TimeSpan.FromMilliseconds(50));
        BrokenStorage.AddTo(silo);
    }
}
