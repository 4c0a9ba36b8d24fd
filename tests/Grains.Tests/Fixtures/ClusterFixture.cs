using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.TestingHost;
using OrleansCluster.Client;
using OrleansCluster.Datasets;
using OrleansCluster.Silo;
using OrleansCluster.Silo.Storage;
using OrleansCluster.Training;

namespace OrleansCluster.Grains.Tests.Fixtures;

/// <summary>A cluster under test: Orleans silos that share a home. Messages to and between them are serialized.</summary>
internal sealed class ClusterFixture : IAsyncDisposable
{
    /// <summary>The default of a million entries takes 16 MB a silo, cleared at every start.</summary>
    private const int DirectoryCacheSize = 1024;

    private readonly InProcessTestCluster _cluster;

    private ClusterFixture(InProcessTestCluster cluster) => _cluster = cluster;

    public IGrainFactory Grains => _cluster.Client;

    /// <summary>The services of one silo.</summary>
    public IServiceProvider Services => _cluster.GetSiloServiceProvider();

    /// <summary>The services of every silo.</summary>
    public IReadOnlyList<IServiceProvider> Silos => [.. _cluster.Silos.Select(silo => _cluster.GetSiloServiceProvider(silo.SiloAddress))];

    public ClusteringClient Client(string tenant = "default") => new(Grains, tenant);

    public T Service<T>()
        where T : notnull => (T)Services.GetService(typeof(T))!;

    public static async Task<ClusterFixture> StartAsync(ClusterSetup setup)
    {
        var home = new HomeLayout(setup.Home);
        home.Create();
        var files = new StateFiles(home.Grains);
        var blobs = new FileBlobStore(home.Blobs);
        var builder = new InProcessTestClusterBuilder(setup.Silos);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.UseInMemoryReminderService();
            // Whoever tests what a reminder brings need not wait for a minute.
            silo.Configure<ReminderOptions>(options => options.MinimumReminderPeriod = TimeSpan.FromSeconds(1));
            silo.Configure<GrainDirectoryOptions>(options => options.CacheSize = DirectoryCacheSize);
            silo.Services.AddSingleton<IBlobStore>(blobs);
            silo.Services.AddCluster(home, setup.Threads, files);
            silo.Services.Configure<TrainingOptions>(options => options.AutoResume = setup.AutoResume);
            if (setup.Training is not null)
                silo.Services.Configure(setup.Training);
            if (setup.Serving is not null)
                silo.Services.Configure(setup.Serving);
            if (setup.Time is not null)
            {
                // The grains' clock alone: Orleans' own loops mix theirs with the machine's.
                silo.Services.Replace(ServiceDescriptor.Singleton(setup.Time));
                silo.Services.UseTimeProviderForBackgroundAreas(TimeProvider.System);
            }

            if (setup.Filter is not null)
                silo.AddIncomingGrainCallFilter(setup.Filter);
            if (setup.Log is not null)
                silo.Services.AddLogging(logging => logging.AddProvider(setup.Log).AddFilter<LogLines>("OrleansCluster", LogLevel.Trace));
            setup.Shared?.Use(silo.Services);
            setup.Faults?.Wrap(silo.Services);
        });
        InProcessTestCluster cluster = builder.Build();
        await cluster.DeployAsync();
        return new ClusterFixture(cluster);
    }

    /// <summary>Ends the cluster without telling any activation.</summary>
    public async Task KillAsync()
    {
        foreach (InProcessSiloHandle silo in _cluster.Silos.ToArray())
            await _cluster.KillSiloAsync(silo);
        await _cluster.DisposeAsync();
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();
}
