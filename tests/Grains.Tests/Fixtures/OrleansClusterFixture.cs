using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.TestingHost;
using OrleansCluster.Datasets;
using OrleansCluster.Silo;
using OrleansCluster.Silo.Storage;
using OrleansCluster.Training;

namespace OrleansCluster.Grains.Tests.Fixtures;

/// <content>On two Orleans silos that share a home, so that every message between them is serialized.</content>
internal abstract partial class ClusterFixture
{
    public static async Task<ClusterFixture> StartAsync(ClusterSetup setup)
    {
        var home = new HomeLayout(setup.Home);
        home.Create();
        var storage = new FileGrainStorage(home.Grains);
        var blobs = new FileBlobStore(home.Blobs);
        var builder = new InProcessTestClusterBuilder(2);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.UseInMemoryReminderService();
            silo.Services.AddSingleton<IBlobStore>(blobs);
            silo.Services.AddCluster(home, setup.Threads, storage);
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

            setup.Shared?.Use(silo.Services);
            setup.Faults?.Wrap(silo.Services);
        });
        InProcessTestCluster cluster = builder.Build();
        await cluster.DeployAsync();
        return new OrleansClusterFixture(cluster);
    }

    private sealed class OrleansClusterFixture(InProcessTestCluster cluster) : ClusterFixture
    {
        public override IGrainFactory Grains => cluster.Client;

        public override IServiceProvider Services => cluster.GetSiloServiceProvider();

        public override IReadOnlyList<IServiceProvider> Silos => [.. cluster.Silos.Select(silo => cluster.GetSiloServiceProvider(silo.SiloAddress))];

        public override async Task KillAsync()
        {
            foreach (InProcessSiloHandle silo in cluster.Silos.ToArray())
                await cluster.KillSiloAsync(silo);
            await cluster.DisposeAsync();
        }

        public override ValueTask DisposeAsync() => cluster.DisposeAsync();
    }
}
