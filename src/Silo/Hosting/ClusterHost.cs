using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansCluster.Families;
using OrleansCluster.Silo.Storage;
using OrleansCluster.Training;

namespace OrleansCluster.Silo;

/// <summary>A cluster in this process, on a home folder.</summary>
public sealed class ClusterHost : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly HomeLock _lock;

    private ClusterHost(IHost host, HomeLock homeLock) => (_host, _lock) = (host, homeLock);

    /// <summary>Where grains are reached: make a client of it.</summary>
    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    public IServiceProvider Services => _host.Services;

    /// <summary>Takes the home and starts.</summary>
    /// <exception cref="ClusteringException">The home cannot be used, or another process owns it.</exception>
    public static async Task<ClusterHost> StartAsync(ClusterHostOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var home = new HomeLayout(options.Home);
        home.Create();
        HomeLock homeLock = HomeLock.Take(home);
        try
        {
            home.RemoveLeftovers();
            HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
            builder.UseOrleans(silo => UseHome(silo, home));
            builder.Services.AddCluster(home, options.Threads);
            builder.Services.Configure<TrainingOptions>(training => training.AutoResume = options.AutoResume);
            if (options.Training is not null)
                builder.Services.Configure(options.Training);
            options.Services?.Invoke(builder.Services);
            IHost host = builder.Build();
            try
            {
                await host.StartAsync(cancellation).ConfigureAwait(false);
                return new ClusterHost(host, homeLock);
            }
            catch
            {
                await DisposeHost(host).ConfigureAwait(false);
                throw;
            }
        }
        catch
        {
            homeLock.Dispose();
            throw;
        }
    }

    /// <summary>Compiles in the background what a training will need, while it is prepared.</summary>
    /// <param name="request">The options of the training.</param>
    public void Rehearse(TrainingRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        RehearsalService.Begin(Services.GetRequiredService<FamilyRegistry>(), request);
    }

    /// <summary>Stops: what is running ends, and running jobs can be resumed later.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _host.StopAsync(CancellationToken.None).ConfigureAwait(false);
            await DisposeHost(_host).ConfigureAwait(false);
        }
        finally
        {
            _lock.Dispose();
        }
    }

    /// <summary>Ends like a killed process, as far as that can be done inside one: nobody is waited for.</summary>
    internal async Task KillAsync()
    {
        await _host.StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        await DisposeHost(_host).ConfigureAwait(false);
        _lock.Dispose();
    }

    private static void UseHome(ISiloBuilder silo, HomeLayout home)
    {
        silo.UseLocalhostClustering(FreePort(), FreePort());
        silo.AddReminders();
        silo.Services.AddSingleton<IReminderTable>(new FileReminderTable(home.Reminders));
    }

    /// <summary>A port that nobody listens on, so that several homes can be hosted on one machine.</summary>
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async ValueTask DisposeHost(IHost host)
    {
        if (host is IAsyncDisposable disposable)
            await disposable.DisposeAsync().ConfigureAwait(false);
        else
            host.Dispose();
    }
}
