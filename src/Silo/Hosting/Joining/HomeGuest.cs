using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using OrleansCluster.Silo.Storage;

namespace OrleansCluster.Silo.Joining;

/// <summary>A connection to the process that owns a home. It is made once; when it is lost every call fails with one message that says so.</summary>
internal sealed class HomeGuest : IConnectionFactory, IOutgoingGrainCallFilter, IAsyncDisposable
{
    private readonly HomeLayout _home;
    private readonly TaskCompletionSource _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Socket? _socket;
    private SocketConnection? _connection;
    private RunningServices? _running;
    private bool _leaving;

    private HomeGuest(HomeLayout home, OwnerNote owner, Socket socket) => (_home, Owner, _socket) = (home, owner, socket);

    public OwnerNote Owner { get; }

    public IGrainFactory Grains => _running!.Provider.GetRequiredService<IClusterClient>();

    /// <summary>Whether the owner has ended since.</summary>
    public bool OwnerEnded => _lost.Task.IsCompleted && !_leaving;

    /// <summary>Joins the owner; or says why it cannot be joined, now at least: it may just be starting or ending.</summary>
    /// <param name="home">The home.</param>
    /// <param name="owner">Its owner.</param>
    /// <param name="patience">How long an owner that was reached may take to answer.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    /// <exception cref="ClusteringException">The owner is another version of the program.</exception>
    public static async Task<(HomeGuest? Guest, string Why)> TryJoinAsync(HomeLayout home, OwnerNote owner, TimeSpan patience, CancellationToken cancellation)
    {
        if (owner.Gateway.Length == 0 || await GatewaySocket.ConnectAsync(owner.Gateway, cancellation).ConfigureAwait(false) is not { } socket)
            return (null, "it does not listen");
        // A note that an earlier owner left may have led to this one.
        if (HomeLock.Owner(home) != owner)
        {
            socket.Dispose();
            return (null, "it has just changed");
        }

        if (owner.Program != OwnerNote.ThisProgram)
        {
            socket.Dispose();
            throw new ClusteringException(
                $"The home folder {home.Root} is in use by {owner.Describe()}, which is another version of this program ({owner.Program}; this is "
                    + $"{OwnerNote.ThisProgram}): "
                + "wait until it ends, use the same version, or use another home.");
        }

        var guest = new HomeGuest(home, owner, socket);
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timer.CancelAfter(patience);
        try
        {
            guest._running = await RunningServices.StartAsync(guest.CreateServices(), timer.Token).ConfigureAwait(false);
            return (guest, "");
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested && e is OrleansException or OperationCanceledException or ConnectionAbortedException)
        {
            await guest.DisposeAsync().ConfigureAwait(false);
            return (null, timer.IsCancellationRequested ? "it does not answer" : e.GetBaseException().Message.TrimEnd('.'));
        }
    }

    public ValueTask<ConnectionContext> ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        Socket socket = Interlocked.Exchange(ref _socket, null) ?? throw new ConnectionAbortedException("The owner of the home has ended.");
        _connection = new SocketConnection(socket, _ => _lost.TrySetResult());
        return ValueTask.FromResult<ConnectionContext>(_connection);
    }

    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        Task call = context.Invoke();
        if (await Task.WhenAny(call, _lost.Task).ConfigureAwait(false) != call && !_leaving)
            throw Ended();
        try
        {
            await call.ConfigureAwait(false);
        }
        catch (Exception) when (OwnerEnded)
        {
            throw Ended();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _leaving = true;
        _socket?.Dispose();
        if (_running is null)
            return;
        await _running.StopAsync(CancellationToken.None).ConfigureAwait(false);
        await _running.DisposeAsync().ConfigureAwait(false);
        // On a busy machine Orleans may leave it open, and the owner waits for whoever is connected.
        _connection?.Abort(new ConnectionAbortedException());
    }

    private ClusteringException Ended() => new($"{Owner.Describe()}, which had the home folder {_home.Root} open and did the work, has ended: ask again.");

    private ServiceCollection CreateServices()
    {
        var services = new ServiceCollection();
        services.AddOrleansClient(client =>
        {
            client.Services.AddInterfaceParts();
            client.UseOwner(Owner.Cluster, this);
            client.AddOutgoingGrainCallFilter(this);
            client.Configure<ConnectionOptions>(options => options.ConnectionRetryDelay = TimeSpan.Zero);
            // Whether it is worth another attempt is known only where the home can be taken instead.
            client.UseConnectionRetryFilter((_, _) => Task.FromResult(false));
        });
        return services;
    }
}
