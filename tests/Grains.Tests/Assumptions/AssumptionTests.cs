using Microsoft.Extensions.Logging;
using Orleans.TestingHost;

namespace OrleansCluster.Grains.Tests.Assumptions;

/// <summary>
/// One silo for what the grains take for granted of Orleans. These tests are of Orleans, not of ours: one that fails after an upgrade names a rule that
/// changed.
/// </summary>
public sealed class BareSilo : IAsyncLifetime
{
    private InProcessTestCluster? _cluster;

    public IGrainFactory Grains => _cluster!.Client;

    public IServiceProvider Services => _cluster!.GetSiloServiceProvider();

    public async ValueTask InitializeAsync()
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) => silo.AddMemoryGrainStorageAsDefault());
        builder.ConfigureHost(host => host.Logging.SetMinimumLevel(LogLevel.None));
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    public async ValueTask DisposeAsync() => await _cluster!.DisposeAsync();
}

[CollectionDefinition(Name)]
public sealed class Assumptions : ICollectionFixture<BareSilo>
{
    public const string Name = "Assumptions";
}

[Collection(Assumptions.Name)]
public abstract class AssumptionTests(BareSilo silo)
{
    private static int _count;

    protected BareSilo Silo => silo;

    protected IGrainFactory Grains => silo.Grains;

    /// <summary>A key that no other test uses, nor makes by adding to its own.</summary>
    protected string Key { get; } = $"k{Interlocked.Increment(ref _count)}-";

    /// <summary>Completes with the task, or fails when it takes too long.</summary>
    protected static Task Soon(Task task) => task.WaitAsync(Signals.Patience);

    protected static Task<T> Soon<T>(Task<T> task) => task.WaitAsync(Signals.Patience);
}
