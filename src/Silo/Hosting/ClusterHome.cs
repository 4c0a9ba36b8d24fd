using OrleansCluster.Silo.Joining;
using OrleansCluster.Silo.Storage;

namespace OrleansCluster.Silo;

/// <summary>
/// The cluster of a home folder: hosted by this process when no other one owns the home, else joined. One process owns a home, and whoever comes later
/// asks it to do the work.
/// </summary>
public sealed class ClusterHome : IAsyncDisposable
{
    /// <summary>
    /// How long an owner that neither answers nor ends is waited for. Both starts take a second; a minute on a machine with forty times the work it can do.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan SilentWait = TimeSpan.FromSeconds(2);

    /// <summary>How long the end of an owner that does not mean to stay is waited for by a process that does.</summary>
    private static readonly TimeSpan PatienceToOwn = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly HomeGuest? _guest;
    private readonly IGrainFactory? _lent;

    private ClusterHome(ClusterHost? host, HomeGuest? guest, IGrainFactory? lent = null) => (Host, _guest, _lent) = (host, guest, lent);

    /// <summary>The cluster when this hosts it; null when another process does, or somebody else in this one.</summary>
    public ClusterHost? Host { get; }

    /// <summary>The process that hosts the cluster, for messages; null when it is this one.</summary>
    public string? Owner => _guest?.Owner.Describe();

    /// <summary>Whether the process that hosted the cluster has ended, so that nothing can be asked any more.</summary>
    public bool OwnerEnded => _guest is { OwnerEnded: true };

    /// <summary>Where grains are reached: make a client of it.</summary>
    public IGrainFactory Grains => Host?.Grains ?? _lent ?? _guest!.Grains;

    /// <summary>The cluster of a home that this process hosts already, and goes on hosting afterwards.</summary>
    /// <param name="host">The host, whose end is somebody else's business.</param>
    public static ClusterHome Of(ClusterHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        return new ClusterHome(null, null, host.Grains);
    }

    /// <summary>Takes the home and hosts its cluster, or joins the process that does.</summary>
    /// <param name="options">How to host it. What is joined is hosted as its owner chose.</param>
    /// <param name="waiting">Told once whom this waits for, when it takes longer than usual.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    /// <exception cref="ClusteringException">The home cannot be used; or its owner does not answer, or is another version of the program: the message names
    /// it.</exception>
    public static Task<ClusterHome> OpenAsync(ClusterHostOptions options, Action<string>? waiting = null, CancellationToken cancellation = default) =>
        OpenAsync(options, Patience, waiting, cancellation);

    internal static async Task<ClusterHome> OpenAsync(ClusterHostOptions options, TimeSpan patience, Action<string>? waiting = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var home = new HomeLayout(options.Home);
        long begin = Environment.TickCount64;
        string why = "it is starting or ending";
        Task? slow = null;
        while (true)
        {
            // Owners come and go at any moment, so both are tried in turn.
            if (await ClusterHost.TryStartAsync(options, cancellation).ConfigureAwait(false) is { } host)
                return new ClusterHome(host, null);
            long waited = Environment.TickCount64 - begin;
            if (HomeLock.Owner(home) is { } owner && (owner.Stays || !options.Stays || waited > PatienceToOwn.TotalMilliseconds))
            {
                TimeSpan rest = patience - TimeSpan.FromMilliseconds(waited);
                Task<(HomeGuest? Guest, string Why)> joining = HomeGuest.TryJoinAsync(home, owner, rest > Pause ? rest : Pause, cancellation);
                slow ??= Task.Delay(SilentWait, cancellation);
                if (waiting is not null && await Task.WhenAny(slow, joining).ConfigureAwait(false) == slow)
                {
                    waiting(owner.Describe());
                    waiting = null;
                }

                (HomeGuest? guest, why) = await joining.ConfigureAwait(false);
                if (guest is not null)
                    return new ClusterHome(null, guest);
            }

            if (Environment.TickCount64 - begin > patience.TotalMilliseconds)
                throw InUse(home, $", which cannot be joined: {why}. Wait until it ends, end it, or use another home");
            await Task.Delay(Pause, cancellation).ConfigureAwait(false);
        }
    }

    public ValueTask DisposeAsync() => Host?.DisposeAsync() ?? _guest?.DisposeAsync() ?? ValueTask.CompletedTask;

    internal static ClusteringException InUse(HomeLayout home, string rest) =>
        new($"The home folder {home.Root} is in use by {HomeLock.Owner(home)?.Describe() ?? "another process"}{rest}.");
}
