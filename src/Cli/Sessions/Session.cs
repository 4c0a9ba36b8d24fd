using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansCluster.Cli.Commands;
using OrleansCluster.Cli.Output;
using OrleansCluster.Client;
using OrleansCluster.Client.Storage;
using OrleansCluster.Silo;
using OrleansCluster.Silo.Alerts;
using OrleansCluster.Silo.Clustering;
using OrleansCluster.Training;

namespace OrleansCluster.Cli.Sessions;

/// <summary>
/// A way to the grains for as long as a command needs it: a silo in this process on a home folder, the process that already has the home open, a
/// cluster of silos, or a service over HTTP.
/// </summary>
internal sealed class Session : IAsyncDisposable
{
    private static readonly TimeSpan SilentWait = TimeSpan.FromSeconds(1);

    /// <summary>What hosts or joins a home.</summary>
    internal static Func<ClusterHostOptions, Action<string>, CancellationToken, Task<ClusterHome>> OpenHome { get; set; } = ClusterHome.OpenAsync;

    private readonly IAsyncDisposable _way;
    private readonly CommandContext? _context;
    private readonly IAdministration? _administration;
    private readonly StorageCare? _storage;
    private readonly Backups? _backups;
    private readonly Func<string, IClusteringClient>? _clientOf, _servedOf;

    /// <summary>A session of a cluster of silos.</summary>
    /// <param name="way">What reaches the grains, ended with the session.</param>
    /// <param name="grains">Where they are reached.</param>
    /// <param name="tenant">Whose datasets, jobs and models are meant.</param>
    public Session(IAsyncDisposable way, IGrainFactory grains, string tenant)
    {
        (_way, Client, _administration) = (way, new ClusteringClient(grains, tenant), new Administration(grains));
        (_storage, _backups) = (new StorageCare(grains), new Backups(grains));
        var clients = new ConcurrentDictionary<string, IClusteringClient>(StringComparer.Ordinal) { [tenant] = Client };
        _clientOf = other => clients.GetOrAdd(other, name => new ClusteringClient(grains, name));
        var served = new ConcurrentDictionary<string, IClusteringClient>(StringComparer.Ordinal);
        _servedOf = other => served.GetOrAdd(other, name => new ClusteringClient(grains, name, refusals: RefusalOptions.Tell));
    }

    /// <summary>A session of a service over HTTP.</summary>
    public Session(ClusteringClient service) => (_way, Client) = (new Connection(service), service);

    private Session(CommandContext context, ClusterHome home)
        : this(home, home.Grains, context.Tenant) => _context = context;

    public IClusteringClient Client { get; }

    /// <summary>The tenants and their keys.</summary>
    public IAdministration Administration => _administration ?? throw OverHttp();

    /// <summary>What takes room, whoever's it is.</summary>
    public StorageCare Storage => _storage ?? throw OverHttp();

    /// <summary>Everything as a file, and back.</summary>
    public Backups Backups => _backups ?? throw OverHttp();

    /// <summary>A client of another tenant.</summary>
    public Func<string, IClusteringClient> ClientOf => _clientOf ?? throw OverHttp();

    /// <summary>A client of a tenant for a service, which tells its own askers at once who shall ask later: waiting would hold their requests.</summary>
    public Func<string, IClusteringClient> ServedOf => _servedOf ?? throw OverHttp();

    /// <summary>The process that does the work, for messages; null when it is this one or a cluster.</summary>
    public string? Owner => Home?.Owner;

    /// <summary>Whether the process that did the work has ended.</summary>
    public bool OwnerEnded => Home is { OwnerEnded: true };

    private ClusterHome? Home => _way as ClusterHome;

    /// <summary>Takes the home folder and hosts a silo on it, or joins the process that has done so.</summary>
    /// <param name="context">Where the home is, and how many threads compute.</param>
    /// <param name="stays">Whether the command may take long.</param>
    /// <param name="resumes">Whether jobs that an earlier process did not finish are gone on with.</param>
    /// <param name="observes">Length of the windows in which is observed what models are asked; null: nothing is.</param>
    /// <param name="alerts">Where alerts are told besides the log; null: nowhere.</param>
    /// <param name="log">What the log is told to besides; null: nothing.</param>
    /// <param name="modelBytes">Bytes of parameters that are kept ready to answer; null: as usual.</param>
    /// <exception cref="CommandException">The home cannot be used, or the process that owns it cannot be joined.</exception>
    public static async Task<Session> OpenAsync(
        CommandContext context, bool stays, bool resumes = false, TimeSpan? observes = null, AlertSettings? alerts = null, ILoggerProvider? log = null,
        long? modelBytes = null)
    {
        try
        {
            var options = new ClusterHostOptions
            {
                Home = context.Home,
                Threads = context.Threads,
                Stays = stays,
                AutoResume = resumes,
                Observes = observes,
                ModelBytes = modelBytes,
                Alerts = alerts,
                Verbose = context.Verbose,
                Families = context.Families,
                Services = log is null ? null : services => services.AddLogging(logging =>
                {
                    logging.AddSiloLevels();
                    logging.AddProvider(log);
                }),
            };
            ClusterHome home = await OpenHome(options, Waiting, context.Cancellation).ConfigureAwait(false);
            if (home.Owner is { } owner && context.Threads > 0)
                Terminal.Say($"{owner} has this home open and computes with as many threads as it was given");
            return new Session(context, home);
        }
        catch (Exception e) when (e is ClusteringException or IOException or UnauthorizedAccessException)
        {
            throw CommandException.Failure(e.Message, e);
        }
    }

    /// <summary>Compiles what a training needs while its rows are read; other processes did so when they started.</summary>
    public void Rehearse(ITrainingOptions options) => Home?.Host?.Rehearse(options);

    public async ValueTask DisposeAsync()
    {
        bool endsProcess = _context is { EndsProcess: true };
        if (Home is not { Host: { } host })
        {
            // The end of the process ends a connection as well, and sooner.
            if (!endsProcess)
                await _way.DisposeAsync().ConfigureAwait(false);
            return;
        }

        await WaitForOthersAsync(host, _context!.Cancellation).ConfigureAwait(false);
        if (endsProcess)
            await host.LeaveAsync().ConfigureAwait(false);
        else
            await host.DisposeAsync().ConfigureAwait(false);
    }

    private static CommandException OverHttp() =>
        CommandException.Usage("Tenants, keys, storage and backups are looked after where the cluster is run, and not over HTTP: name a home or a cluster.");

    private static void Waiting(string owner) => Terminal.Say($"waiting for {owner}, which has this home open…");

    /// <summary>Stays while other commands are at work here, unless the user wants to stop.</summary>
    private static async Task WaitForOthersAsync(ClusterHost host, CancellationToken cancellation)
    {
        Task left = host.WaitForGuestsAsync(cancellation);
        if (await Task.WhenAny(left, Task.Delay(SilentWait, cancellation)).ConfigureAwait(false) != left && !cancellation.IsCancellationRequested)
            Terminal.Say("Done, but other commands have joined this process: it ends after them. Ctrl-C ends it now; their jobs can be gone on with.");
        try
        {
            await left.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Those who have joined are told by the end of the connection.
        }
    }

    /// <summary>Connections to a service.</summary>
    private sealed class Connection(ClusteringClient service) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            service.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
