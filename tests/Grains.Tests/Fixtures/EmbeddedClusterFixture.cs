using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OrleansCluster.Silo;

namespace OrleansCluster.Grains.Tests.Fixtures;

/// <content>On the in-process engine.</content>
internal abstract partial class ClusterFixture
{
    public static async Task<ClusterFixture> StartAsync(ClusterSetup setup) => new EmbeddedClusterFixture(await ClusterHost.StartAsync(new ClusterHostOptions
    {
        Home = setup.Home,
        Threads = setup.Threads,
        AutoResume = setup.AutoResume,
        Training = setup.Training,
        Services = services =>
        {
            if (setup.Serving is not null)
                services.Configure(setup.Serving);
            if (setup.Time is not null)
                services.Replace(ServiceDescriptor.Singleton(setup.Time));
            setup.Shared?.Use(services);
            setup.Faults?.Wrap(services);
        },
    }));

    private sealed class EmbeddedClusterFixture(ClusterHost host) : ClusterFixture
    {
        private bool _ended;

        public override IGrainFactory Grains => host.Grains;

        public override IServiceProvider Services => host.Services;

        public override IReadOnlyList<IServiceProvider> Silos => [host.Services];

        public override async Task KillAsync()
        {
            _ended = true;
            await host.KillAsync();
        }

        public override ValueTask DisposeAsync() => _ended ? ValueTask.CompletedTask : host.DisposeAsync();
    }
}
