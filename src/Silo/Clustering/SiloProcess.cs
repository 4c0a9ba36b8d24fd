using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Runtime.MembershipService;
using Orleans.Runtime.Placement;
using OrleansCluster.Datasets;
using OrleansCluster.Silo.Placement;
using OrleansCluster.Silo.Storage;
using OrleansCluster.Training;

namespace OrleansCluster.Silo.Clustering;

/// <summary>One silo of a cluster, as a process of its own.</summary>
public static class SiloProcess
{
    /// <summary>The longest that a call waits. No call of ours is meant to take ten seconds, so an answer that has not come by then is lost.</summary>
    internal static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(15);

    private const int MostStarts = 5;

    /// <summary>Runs a silo until it is told to end.</summary>
    /// <param name="overrides">Settings that win over files and environment, as <c>KEY=VALUE</c> pairs without the section's name.</param>
    /// <param name="cancellation">Ends the silo in good order.</param>
    /// <exception cref="SettingsException">A setting is wrong; the message names the key.</exception>
    /// <exception cref="ClusteringException">A server does not answer; the message names the key.</exception>
    public static async Task RunAsync(IReadOnlyCollection<KeyValuePair<string, string?>> overrides, CancellationToken cancellation = default)
    {
        for (int start = 1; ; start++)
        {
            // A silo that could not join lets go of its ports late, and shares them with the one that follows it in this process.
            using IHost host = await CreateAsync(overrides, portsAreFree: start > 1, cancellation).ConfigureAwait(false);
            try
            {
                await host.RunAsync(cancellation).ConfigureAwait(false);
                return;
            }
            catch (Exception e) when (start < MostStarts && e.GetBaseException() is OrleansClusterConnectivityCheckFailedException)
            {
                // All silos went down together a moment ago, and the membership still takes them to be there. A newcomer votes out only silos that
                // were silent for a while when it came, so it comes again.
            }
        }
    }

    /// <summary>A silo that is started and stopped by whoever asks for it.</summary>
    /// <param name="overrides">Settings that win over files and environment, as <c>KEY=VALUE</c> pairs without the section's name.</param>
    /// <param name="cancellation">Ends the start.</param>
    /// <exception cref="SettingsException">A setting is wrong; the message names the key.</exception>
    /// <exception cref="ClusteringException">A server does not answer; the message names the key.</exception>
    public static Task<IHost> CreateAsync(IEnumerable<KeyValuePair<string, string?>> overrides, CancellationToken cancellation = default) =>
        CreateAsync(overrides, portsAreFree: false, cancellation);

    private static async Task<IHost> CreateAsync(IEnumerable<KeyValuePair<string, string?>> overrides, bool portsAreFree, CancellationToken cancellation)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddOverrides(overrides);
        ClusterSettings settings = ClusterSettings.Read(builder.Configuration);
        settings = settings with { Primary = settings.Primary ?? new IPEndPoint(settings.Address, settings.SiloPort) };
        if (!portsAreFree)
            ServerChecks.Ports(settings);
        await ServerChecks.Run(settings, cancellation).ConfigureAwait(false);
        IBlobStore blobs = await OpenBlobs(settings, cancellation).ConfigureAwait(false);
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(console => (console.SingleLine, console.UseUtcTimestamp, console.TimestampFormat) = (true, true, "yyyy-MM-dd HH:mm:ss.fff "));
        builder.Logging.AddFilter("Orleans", LogLevel.Warning);
        builder.UseOrleans(silo => Configure(silo, settings));
        builder.Services.AddSingleton(blobs);
        AddGrains(builder.Services, settings);
        return builder.Build();
    }

    private static void Configure(ISiloBuilder silo, ClusterSettings settings)
    {
        silo.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (settings.Name, settings.Name));
        silo.ConfigureEndpoints(settings.Address, settings.SiloPort, settings.GatewayPort, settings.ListenOnAny);
        silo.Configure<ClusterMembershipOptions>(Membership);
        silo.Configure<SiloMessagingOptions>(options => options.ResponseTimeout = ResponseTimeout);
        silo.UseProviders(settings);
        if (settings.Tls is { } tls)
            silo.UseTls(options => Tls.Configure(options, tls));
        silo.Services.AddPlacementDirector<HintedPlacement, HintedPlacementDirector>();
        silo.Services.AddSingleton<IPlacementStrategyResolver, HintedGrains>();
        silo.Services.AddSingleton<ISiloList, ActiveSilos>();
    }

    private static void Membership(ClusterMembershipOptions options)
    {
        // A killed process is found by its refused connection at once; a frozen machine by three probes of two seconds, which is longer than any pause
        // of a busy silo that we measured.
        options.ProbeTimeout = TimeSpan.FromSeconds(2);
        options.NumMissedProbesLimit = 3;
        // Silos that learn of a death by gossip may miss it; a small table is cheap to read.
        options.TableRefreshTimeout = TimeSpan.FromSeconds(10);
        // After a power cut the table names silos that are gone; newcomers vote those out that have been silent for three of these,
        // and try that again (see RunAsync) instead of asking them for five minutes.
        options.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(3);
        options.NumMissedTableIAmAliveLimit = 3;
        options.MaxJoinAttemptTime = TimeSpan.FromSeconds(10);
    }

    private static void AddGrains(IServiceCollection services, ClusterSettings settings)
    {
        if (settings.Clustering == ClusteringKind.Localhost)
        {
            var home = new HomeLayout(settings.Folder);
            home.Create();
            services.AddCluster(home, settings.Threads, new FileGrainStorage(home.Grains, shared: true));
        }
        else
        {
            services.AddClusterGrains(settings.Threads);
        }

        services.Configure<TrainingOptions>(training =>
        {
            training.AutoResume = true;
            training.Watched = true;
            // A lost silo is found within seconds; what lasts longer is better taken up anew from the last checkpoint.
            training.StepRetries = 60;
        });
        services.AddHostedService<JobWatchService>();
        services.AddHostedService<RehearsalService>();
    }

    private static async Task<IBlobStore> OpenBlobs(ClusterSettings settings, CancellationToken cancellation)
    {
        switch (settings.Blobs)
        {
            case BlobKind.Folder:
                var home = new HomeLayout(settings.Folder);
                home.Create();
                return new FileBlobStore(home.Blobs, shared: true);
            case BlobKind.Postgres:
                return await PostgresBlobStore.OpenAsync(settings.BlobConnection, new LocalBlobCache(settings.Cache, settings.CacheBytes), cancellation).ConfigureAwait(false);
            default:
                return AzureParts.OpenBlobs(settings);
        }
    }
}
