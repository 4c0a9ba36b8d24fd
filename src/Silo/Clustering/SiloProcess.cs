using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Runtime.MembershipService;
using Orleans.Runtime.Placement;
using OrleansCluster.Datasets;
using OrleansCluster.Families;
using OrleansCluster.Monitoring;
using OrleansCluster.Serving;
using OrleansCluster.Silo.Placement;
using OrleansCluster.Silo.Storage;
using OrleansCluster.Training;

namespace OrleansCluster.Silo.Clustering;

/// <summary>One silo of a cluster, as a process of its own.</summary>
public static class SiloProcess
{
    /// <summary>The longest that a call waits. No call of ours is meant to take ten seconds, so an answer that has not come by then is lost.</summary>
    internal static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(15);

    /// <summary>The longest that a silo takes to end when it is told to; who tells it waits a little longer.</summary>
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(35);

    /// <summary>Runs a silo until it is told to end.</summary>
    /// <param name="overrides">Settings that win over files and environment, as <c>KEY=VALUE</c> pairs without the section's name.</param>
    /// <param name="families">What can be trained; null: what is built in.</param>
    /// <param name="beside">Begins what runs beside the silo once it takes part, and is disposed before the silo ends; null: nothing does.</param>
    /// <param name="log">Gives what the log is told to besides standard output, of what it may not tell; null: nothing.</param>
    /// <param name="cancellation">Ends the silo in good order.</param>
    /// <exception cref="SettingsException">A setting is wrong; the message names the key.</exception>
    /// <exception cref="ClusteringException">A server or silos of the cluster do not answer, or it did not end in good order; the message names the
    /// key.</exception>
    public static async Task RunAsync(
        IReadOnlyCollection<KeyValuePair<string, string?>> overrides,
        FamilyRegistry? families = null,
        Func<IGrainFactory, CancellationToken, Task<IAsyncDisposable>>? beside = null,
        Func<IReadOnlyList<string>, ILoggerProvider>? log = null,
        CancellationToken cancellation = default)
    {
        IHost host = await CreateAsync(overrides, families, beside, log, cancellation).ConfigureAwait(false);
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(stopping.SetResult);
        Task running = host.RunAsync(cancellation);
        try
        {
            await Task.WhenAny(running, stopping.Task).ConfigureAwait(false);
            await running.WaitAsync(LongestStop, CancellationToken.None).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!running.IsCompleted)
        {
            // The membership does not take the news. The others find out, and the process need not wait for it.
            throw new ClusteringException($"The silo did not end in good order within {LongestStop.TotalSeconds} seconds and leaves without: its server "
                + "may be away.");
        }
        catch (Exception e) when (e.GetBaseException() is OrleansClusterConnectivityCheckFailedException unanswered)
        {
            throw new ClusteringException(
                $"The silo cannot join the cluster: {unanswered.Message}. Every silo must reach every other one at its Cluster:Address and Cluster:SiloPort.",
                    e);
        }
    }

    /// <summary>A silo that is started and stopped by whoever asks for it.</summary>
    /// <param name="overrides">Settings that win over files and environment, as <c>KEY=VALUE</c> pairs without the section's name.</param>
    /// <param name="families">What can be trained; null: what is built in.</param>
    /// <param name="beside">Begins what runs beside the silo once it takes part; null: nothing does.</param>
    /// <param name="log">Gives what the log is told to besides standard output, of what it may not tell; null: nothing.</param>
    /// <param name="cancellation">Ends the start.</param>
    /// <exception cref="SettingsException">A setting is wrong; the message names the key.</exception>
    /// <exception cref="ClusteringException">A server does not answer; the message names the key.</exception>
    public static async Task<IHost> CreateAsync(
        IEnumerable<KeyValuePair<string, string?>> overrides,
        FamilyRegistry? families = null,
        Func<IGrainFactory, CancellationToken, Task<IAsyncDisposable>>? beside = null,
        Func<IReadOnlyList<string>, ILoggerProvider>? log = null,
        CancellationToken cancellation = default)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddOverrides(overrides);
        ClusterSettings settings = ClusterSettings.Read(builder.Configuration);
        settings = settings with { Primary = settings.Primary ?? new IPEndPoint(settings.Address, settings.SiloPort) };
        ServerChecks.Ports(settings);
        await ServerChecks.Run(settings, cancellation).ConfigureAwait(false);
        IBlobStore blobs = await OpenBlobs(settings, cancellation).ConfigureAwait(false);
        builder.Logging.AddSiloLog(settings.AllSecrets());
        if (log is not null)
            builder.Logging.AddProvider(log(settings.AllSecrets()));
        builder.UseOrleans(silo => Configure(silo, settings));
        builder.Services.AddSingleton(blobs);
        families ??= FamilyRegistry.Standard;
        builder.Services.AddSingleton(families);
        // What runs beside a silo answers over HTTP.
        AddGrains(builder.Services, settings, answers: beside is not null);
        // Last, so that it begins when the silo takes part, and ends before it.
        if (beside is not null)
            builder.Services.AddHostedService(services => new BesideService(services.GetRequiredService<IGrainFactory>(), beside));
        return builder.Build();
    }

    private static void Configure(ISiloBuilder silo, ClusterSettings settings)
    {
        silo.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (settings.Name, settings.Name));
        silo.ConfigureEndpoints(settings.Address, settings.SiloPort, settings.GatewayPort, settings.ListenOnAny);
        silo.Configure<ClusterMembershipOptions>(Membership);
        silo.Configure<SiloMessagingOptions>(options => options.ResponseTimeout = ResponseTimeout);
        silo.UseProviders(settings);
        if (TelemetryNames.AreTracesWanted)
            silo.AddActivityPropagation();
        silo.Services.AddProviderParts();
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
        // After a power cut the table names silos that are gone; newcomers vote those out that have been silent for three of these (see LostSilos).
        options.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(3);
        options.NumMissedTableIAmAliveLimit = 3;
        // A machine that starts many silos at once makes each of them wait for all others; none is dead because it is slow. One that died while it joined
        // is found by probes, like every other.
        options.MaxJoinAttemptTime = TimeSpan.FromMinutes(3);
        options.EvictWhenMaxJoinAttemptTimeExceeded = false;
    }

    private static void AddGrains(IServiceCollection services, ClusterSettings settings, bool answers)
    {
        if (settings.Clustering == ClusteringKind.Localhost)
        {
            var home = new HomeLayout(settings.Folder);
            home.Create();
            services.AddCluster(home, settings.Threads, new StateFiles(home.Grains, shared: true), answers);
        }
        else
        {
            services.AddClusterGrains(settings.Threads, answers);
        }

        services.Configure<TrainingOptions>(training =>
        {
            training.AutoResume = true;
            training.Watched = true;
            // A lost silo is found within seconds; what lasts longer is better taken up anew from the last checkpoint.
            training.StepRetries = 60;
        });
        services.Configure<ServingOptions>(serving => serving.ModelBytes = settings.ModelBytes);
        services.AddHostedService<JobWatchService>();
        services.AddHostedService<SiloEvents>();
        if (settings.Observes is { } window)
            ObservingService.Add(services, window);
        settings.Alerts.AddTo(services);
        if (settings.Rehearse)
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
                return await PostgresBlobStore.OpenAsync(settings.BlobConnection, new LocalBlobCache(settings.Cache, settings.CacheBytes), cancellation)
                    .ConfigureAwait(false);
            case BlobKind.Azure:
                return await AzureParts.OpenBlobs(settings, cancellation).ConfigureAwait(false);
            default:
                throw new ArgumentOutOfRangeException(nameof(settings), settings.Blobs, "There is no store for this kind of blobs.");
        }
    }
}
